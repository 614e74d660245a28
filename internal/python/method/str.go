package method

import (
	"strings"
	"unicode"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/format"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// strMethods are the methods of str and Markup. Those of a Markup give a Markup.
var strMethods = python.Table(
	strMethod("capitalize", "self, /", func(s string, _ []any) (any, error) { return pytext.Capitalize(s), nil }),
	strMethod("casefold", "self, /", func(s string, _ []any) (any, error) { return pytext.Casefold(s), nil }),
	strMethod("center", "self, width, fillchar=' ', /", func(s string, a []any) (any, error) { return Justify(s, a[1], a[2], '^') }),
	strMethod("count", "self, sub, start=None, end=None, /", strCount),
	strMethod("encode", "self, encoding='utf-8', errors='strict'", strEncode),
	strWork("endswith", "self, suffix, start=None, end=None, /", func(th *python.Thread, s string, a []any) (any, error) {
		return affix(th, s, a, strings.HasSuffix)
	}),
	strMethod("expandtabs", "self, tabsize=8", expandTabs),
	strMethod("find", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.Index, false) }),
	python.Def("format", "self, /, *args, **kwargs", func(th *python.Thread, a []any) (any, error) {
		return format.Braces(th, a[0], a[1].(value.Tuple), a[2].(*value.Dict))
	}),
	python.Def("format_map", "self, mapping, /", func(th *python.Thread, a []any) (any, error) {
		d, ok := python.AsDict(a[1])
		if !ok {
			return nil, exception.TypeErrorf("format_map() argument must be a mapping, not %s", value.TypeName(a[1]))
		}
		return format.Braces(th, a[0], nil, d)
	}),
	strMethod("index", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.Index, true) }),
	strMethod("isalnum", "self, /", is(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })),
	strMethod("isalpha", "self, /", is(unicode.IsLetter)),
	strMethod("isascii", "self, /", func(s string, _ []any) (any, error) { return pytext.IsASCII(s), nil }),
	strMethod("isdecimal", "self, /", is(func(r rune) bool { return unicode.Is(unicode.Nd, r) })),
	strMethod("isdigit", "self, /", is(pytext.IsDigit)),
	strMethod("isidentifier", "self, /", func(s string, _ []any) (any, error) { return pytext.IsIdentifier(s), nil }),
	strMethod("islower", "self, /", func(s string, _ []any) (any, error) { return pytext.HasCase(s, pytext.IsLower), nil }),
	strMethod("isnumeric", "self, /", is(unicode.IsNumber)),
	strMethod("isprintable", "self, /", func(s string, _ []any) (any, error) { return s == "" || pytext.All(s, pytext.IsPrintable), nil }),
	strMethod("isspace", "self, /", is(pytext.IsSpace)),
	strMethod("istitle", "self, /", func(s string, _ []any) (any, error) { return pytext.IsTitle(s), nil }),
	strMethod("isupper", "self, /", func(s string, _ []any) (any, error) { return pytext.HasCase(s, pytext.IsUpper), nil }),
	python.Def("join", "self, iterable, /", strJoin),
	strMethod("ljust", "self, width, fillchar=' ', /", func(s string, a []any) (any, error) { return Justify(s, a[1], a[2], '<') }),
	strMethod("lower", "self, /", func(s string, _ []any) (any, error) { return pytext.Lower(s), nil }),
	strMethod("lstrip", "self, chars=None, /", func(s string, a []any) (any, error) { return Strip(s, a[1], true, false) }),
	python.Def("maketrans", "self, x, y=None, z=None, /", makeTrans),
	strMethod("partition", "self, sep, /", func(s string, a []any) (any, error) { return partition(s, a[1], false) }),
	strMethod("removeprefix", "self, prefix, /", func(s string, a []any) (any, error) {
		p, err := pytext.Arg(a[1])
		return strings.TrimPrefix(s, p), err
	}),
	strMethod("removesuffix", "self, suffix, /", func(s string, a []any) (any, error) {
		p, err := pytext.Arg(a[1])
		return strings.TrimSuffix(s, p), err
	}),
	strMethod("replace", "self, old, new, count=-1, /", strReplace),
	strMethod("rfind", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.LastIndex, false) }),
	strMethod("rindex", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.LastIndex, true) }),
	strMethod("rjust", "self, width, fillchar=' ', /", func(s string, a []any) (any, error) { return Justify(s, a[1], a[2], '>') }),
	strMethod("rpartition", "self, sep, /", func(s string, a []any) (any, error) { return partition(s, a[1], true) }),
	strWork("rsplit", "self, sep=None, maxsplit=-1", func(th *python.Thread, s string, a []any) (any, error) { return split(th, s, a, true) }),
	strMethod("rstrip", "self, chars=None, /", func(s string, a []any) (any, error) { return Strip(s, a[1], false, true) }),
	strWork("split", "self, sep=None, maxsplit=-1", func(th *python.Thread, s string, a []any) (any, error) { return split(th, s, a, false) }),
	strWork("splitlines", "self, keepends=False", splitLines),
	strWork("startswith", "self, prefix, start=None, end=None, /", func(th *python.Thread, s string, a []any) (any, error) {
		return affix(th, s, a, strings.HasPrefix)
	}),
	strMethod("strip", "self, chars=None, /", func(s string, a []any) (any, error) { return Strip(s, a[1], true, true) }),
	strMethod("swapcase", "self, /", func(s string, _ []any) (any, error) { return pytext.SwapCase(s), nil }),
	strMethod("title", "self, /", func(s string, _ []any) (any, error) { return pytext.Title(s), nil }),
	strMethod("translate", "self, table, /", translate),
	strMethod("upper", "self, /", func(s string, _ []any) (any, error) { return pytext.Upper(s), nil }),
	strMethod("zfill", "self, width, /", zfill),
)

// strMethod makes a method of str. fn gets the text of a[0].
func strMethod(name, signature string, fn func(s string, a []any) (any, error)) *python.Builtin {
	return strWork(name, signature, func(_ *python.Thread, s string, a []any) (any, error) { return fn(s, a) })
}

// strWork makes a method of str that counts work of its own.
func strWork(name, signature string, fn func(th *python.Thread, s string, a []any) (any, error)) *python.Builtin {
	return python.Def(name, signature, func(th *python.Thread, a []any) (any, error) {
		if s, ok := a[0].(string); ok {
			return fn(th, s, a)
		}
		s, ok := pytext.Of(a[0])
		if !ok {
			return nil, exception.TypeErrorf("descriptor '%s' requires a 'str' object", name)
		}
		if name == "replace" {
			if new, ok := a[2].(string); ok {
				a[2] = pytext.EscapeHTML(new)
			}
		}
		v, err := fn(th, s, a)
		return allSafe(v), err
	})
}

// allSafe turns the strings in a result into Markup.
func allSafe(v any) any {
	switch v := v.(type) {
	case string:
		return pytext.Markup(v)
	case value.Tuple:
		for i := range v {
			v[i] = allSafe(v[i])
		}
	case *value.List:
		for i := range v.Len() {
			v.Set(i, allSafe(v.At(i)))
		}
	}
	return v
}

// splitLines is str.splitlines. It counts the lines before it makes a list of them.
func splitLines(th *python.Thread, s string, a []any) (any, error) {
	if err := th.Step(pytext.CountLines(s)); err != nil {
		return nil, err
	}
	return textList(pytext.SplitLines(s, value.Truth(a[1]))), nil
}

func is(f func(rune) bool) func(string, []any) (any, error) {
	return func(s string, _ []any) (any, error) { return pytext.All(s, f), nil }
}

// window gives the part of s between start and end, and the index of its first character. ok is
// false if there is no such part.
func window(s string, start, end any) (part string, at int, ok bool, err error) {
	if start == nil && end == nil {
		return s, 0, true, nil
	}
	n := pytext.Len(s)
	from, _, _, err := (&python.Slice{Start: start, Stop: end}).Bounds(n)
	if err != nil {
		return "", 0, false, err
	}
	_, to, _, _ := (&python.Slice{Start: start, Stop: end}).Bounds(n)
	if from > to || start != nil && exceeds(start, n) {
		return "", from, false, nil
	}
	part, err = pytext.Slice(s, from, to)
	return part, from, true, err
}

// exceeds reports whether start is larger than n.
func exceeds(start any, n int) bool {
	i, ok := number.Index(start)
	return ok && i > n
}

func find(s string, a []any, search func(string, string) int, must bool) (any, error) {
	sub, err := pytext.Arg(a[1])
	if err != nil {
		return nil, err
	}
	part, at, ok, err := window(s, a[2], a[3])
	if err != nil {
		return nil, err
	}
	i := -1
	if ok {
		i = search(part, sub)
	}
	if i < 0 {
		if must {
			return nil, exception.ValueErrorf("substring not found")
		}
		return int64(-1), nil
	}
	return int64(at + pytext.Len(part[:i])), nil
}

func strCount(s string, a []any) (any, error) {
	sub, err := pytext.Arg(a[1])
	if err != nil {
		return nil, err
	}
	part, _, ok, err := window(s, a[2], a[3])
	if err != nil || !ok {
		return int64(0), err
	}
	if sub == "" {
		return int64(pytext.Len(part) + 1), nil
	}
	return int64(strings.Count(part, sub)), nil
}

// affix is str.startswith or str.endswith; has tests one affix.
func affix(th *python.Thread, s string, a []any, has func(string, string) bool) (any, error) {
	part, _, ok, err := window(s, a[2], a[3])
	if err != nil {
		return nil, err
	}
	if t, isTuple := a[1].(value.Tuple); isTuple {
		for _, v := range t {
			x, err := pytext.Arg(v)
			if err != nil {
				return nil, err
			}
			if err := th.Step(1); err != nil {
				return nil, err
			}
			if err := th.SpendText(len(x)); err != nil {
				return nil, err
			}
			if ok && has(part, x) {
				return true, nil
			}
		}
		return false, nil
	}
	x, err := pytext.Arg(a[1])
	return ok && has(part, x), err
}

func strReplace(s string, a []any) (any, error) {
	old, err := pytext.Arg(a[1])
	if err != nil {
		return nil, err
	}
	new, err := pytext.Arg(a[2])
	if err != nil {
		return nil, err
	}
	n, err := number.IntArg(a[3])
	if err != nil {
		return nil, err
	}
	return Replace(s, old, new, n)
}

// Replace is Python's s.replace(old, new, n); a negative n replaces all occurrences.
func Replace(s, old, new string, n int) (any, error) {
	if n < 0 {
		n = -1
	}
	if grow := len(new) - len(old); grow > 0 {
		count := pytext.Len(s) + 1
		if old != "" {
			count = strings.Count(s, old)
		}
		if n >= 0 {
			count = min(count, n)
		}
		if count > (python.MaxLen-len(s))/grow {
			return nil, python.Room(-1)
		}
	}
	return strings.Replace(s, old, new, n), nil
}

func strJoin(th *python.Thread, a []any) (any, error) {
	sep, _ := pytext.Of(a[0])
	_, isSafe := a[0].(pytext.Markup)
	var b strings.Builder
	i := 0
	if _, err := python.Iter(a[1]); err != nil {
		return nil, exception.TypeErrorf("can only join an iterable")
	}
	err := python.Each(th, a[1], func(v any) error {
		s, ok := pytext.Of(v)
		if !ok {
			return exception.TypeErrorf("sequence item %d: expected str instance, %s found", i, value.TypeName(v))
		}
		if _, ok := v.(pytext.Markup); isSafe && !ok {
			s = pytext.EscapeHTML(s)
		}
		if i > 0 {
			b.WriteString(sep)
		}
		i++
		b.WriteString(s)
		return th.Grow(len(sep)+len(s), b.Len())
	})
	return pytext.MarkupIf(b.String(), isSafe), err
}

package jinja

import (
	"strings"
	"unicode"

	"anytap/internal/value"
)

// strMethods are the methods of text. Those that give text give safe text for
// safe text.
var strMethods = table(
	strMethod("capitalize", "self, /", func(s string, _ []any) (any, error) { return capitalize(s), nil }),
	strMethod("casefold", "self, /", func(s string, _ []any) (any, error) { return casefold(s), nil }),
	strMethod("center", "self, width, fillchar=' ', /", func(s string, a []any) (any, error) { return justify(s, a, '^') }),
	strMethod("count", "self, sub, start=None, end=None, /", strCount),
	strMethod("encode", "self, encoding='utf-8', errors='strict'", strEncode),
	strMethod("endswith", "self, suffix, start=None, end=None, /", func(s string, a []any) (any, error) { return affix(s, a, strings.HasSuffix) }),
	strMethod("expandtabs", "self, tabsize=8", expandTabs),
	strMethod("find", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.Index, false) }),
	def("format", "self, /, *args, **kwargs", func(st *thread, a []any) (any, error) {
		return formatBraces(st, a[0], a[1].(value.Tuple), a[2].(*value.Dict))
	}),
	def("format_map", "self, mapping, /", func(st *thread, a []any) (any, error) {
		d, ok := asDict(a[1])
		if !ok {
			return nil, raiseType("format_map() argument must be a mapping, not %s", value.TypeName(a[1]))
		}
		return formatBraces(st, a[0], nil, d)
	}),
	strMethod("index", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.Index, true) }),
	strMethod("isalnum", "self, /", is(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })),
	strMethod("isalpha", "self, /", is(unicode.IsLetter)),
	strMethod("isascii", "self, /", func(s string, _ []any) (any, error) { return isASCII(s), nil }),
	strMethod("isdecimal", "self, /", is(func(r rune) bool { return unicode.Is(unicode.Nd, r) })),
	strMethod("isdigit", "self, /", is(isDigitRune)),
	strMethod("isidentifier", "self, /", func(s string, _ []any) (any, error) { return isIdentifier(s), nil }),
	strMethod("islower", "self, /", func(s string, _ []any) (any, error) { return caseIs(s, isLowerRune), nil }),
	strMethod("isnumeric", "self, /", is(unicode.IsNumber)),
	strMethod("isprintable", "self, /", func(s string, _ []any) (any, error) { return s == "" || allRunes(s, isPrintable), nil }),
	strMethod("isspace", "self, /", is(isSpace)),
	strMethod("istitle", "self, /", func(s string, _ []any) (any, error) { return isTitle(s), nil }),
	strMethod("isupper", "self, /", func(s string, _ []any) (any, error) { return caseIs(s, isUpperRune), nil }),
	def("join", "self, iterable, /", strJoin),
	strMethod("ljust", "self, width, fillchar=' ', /", func(s string, a []any) (any, error) { return justify(s, a, '<') }),
	strMethod("lower", "self, /", func(s string, _ []any) (any, error) { return lower(s), nil }),
	strMethod("lstrip", "self, chars=None, /", func(s string, a []any) (any, error) { return strip(s, a[1], true, false) }),
	def("maketrans", "self, x, y=None, z=None, /", makeTrans),
	strMethod("partition", "self, sep, /", func(s string, a []any) (any, error) { return partition(s, a[1], false) }),
	strMethod("removeprefix", "self, prefix, /", func(s string, a []any) (any, error) {
		p, err := textArg(a[1])
		return strings.TrimPrefix(s, p), err
	}),
	strMethod("removesuffix", "self, suffix, /", func(s string, a []any) (any, error) {
		p, err := textArg(a[1])
		return strings.TrimSuffix(s, p), err
	}),
	strMethod("replace", "self, old, new, count=-1, /", strReplace),
	strMethod("rfind", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.LastIndex, false) }),
	strMethod("rindex", "self, sub, start=None, end=None, /", func(s string, a []any) (any, error) { return find(s, a, strings.LastIndex, true) }),
	strMethod("rjust", "self, width, fillchar=' ', /", func(s string, a []any) (any, error) { return justify(s, a, '>') }),
	strMethod("rpartition", "self, sep, /", func(s string, a []any) (any, error) { return partition(s, a[1], true) }),
	strMethod("rsplit", "self, sep=None, maxsplit=-1", func(s string, a []any) (any, error) { return split(s, a, true) }),
	strMethod("rstrip", "self, chars=None, /", func(s string, a []any) (any, error) { return strip(s, a[1], false, true) }),
	strMethod("split", "self, sep=None, maxsplit=-1", func(s string, a []any) (any, error) { return split(s, a, false) }),
	strMethod("splitlines", "self, keepends=False", func(s string, a []any) (any, error) { return textList(splitLines(s, truth(a[1]))), nil }),
	strMethod("startswith", "self, prefix, start=None, end=None, /", func(s string, a []any) (any, error) { return affix(s, a, strings.HasPrefix) }),
	strMethod("strip", "self, chars=None, /", func(s string, a []any) (any, error) { return strip(s, a[1], true, true) }),
	strMethod("swapcase", "self, /", func(s string, _ []any) (any, error) { return swapCase(s), nil }),
	strMethod("title", "self, /", func(s string, _ []any) (any, error) { return title(s), nil }),
	strMethod("translate", "self, table, /", translate),
	strMethod("upper", "self, /", func(s string, _ []any) (any, error) { return upper(s), nil }),
	strMethod("zfill", "self, width, /", zfill),
)

// strMethod makes a method of text; a[0] stays the text itself.
func strMethod(name, signature string, fn func(s string, a []any) (any, error)) *builtin {
	return def(name, signature, func(_ *thread, a []any) (any, error) {
		if s, ok := a[0].(string); ok {
			return fn(s, a)
		}
		s, ok := text(a[0])
		if !ok {
			return nil, raiseType("descriptor '%s' requires a 'str' object", name)
		}
		if name == "replace" {
			if new, ok := a[2].(string); ok {
				a[2] = escapeHTML(new)
			}
		}
		v, err := fn(s, a)
		return allSafe(v), err
	})
}

// allSafe makes text in a result safe.
func allSafe(v any) any {
	switch v := v.(type) {
	case string:
		return markup(v)
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

func is(f func(rune) bool) func(string, []any) (any, error) {
	return func(s string, _ []any) (any, error) { return allRunes(s, f), nil }
}

// window takes the part of s between start and end, and says where it starts.
func window(s string, start, end any) (part string, at int, ok bool, err error) {
	if start == nil && end == nil {
		return s, 0, true, nil
	}
	n := length(s)
	from, _, _, err := (&sliceVal{start: start, stop: end}).bounds(n)
	if err != nil {
		return "", 0, false, err
	}
	_, to, _, _ := (&sliceVal{start: start, stop: end}).bounds(n)
	if from > to || start != nil && exceeds(start, n) {
		return "", from, false, nil
	}
	part, err = textRange(s, from, to)
	return part, from, true, err
}

// exceeds reports whether a start lies behind the end of n characters.
func exceeds(start any, n int) bool {
	i, ok := index(start)
	return ok && i > n
}

func find(s string, a []any, search func(string, string) int, must bool) (any, error) {
	sub, err := textArg(a[1])
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
			return nil, raiseValue("substring not found")
		}
		return int64(-1), nil
	}
	return int64(at + length(part[:i])), nil
}

func strCount(s string, a []any) (any, error) {
	sub, err := textArg(a[1])
	if err != nil {
		return nil, err
	}
	part, _, ok, err := window(s, a[2], a[3])
	if err != nil || !ok {
		return int64(0), err
	}
	if sub == "" {
		return int64(length(part) + 1), nil
	}
	return int64(strings.Count(part, sub)), nil
}

// affix is startswith and endswith, which take a tuple too.
func affix(s string, a []any, has func(string, string) bool) (any, error) {
	part, _, ok, err := window(s, a[2], a[3])
	if err != nil {
		return nil, err
	}
	if t, isTuple := a[1].(value.Tuple); isTuple {
		for _, v := range t {
			x, err := textArg(v)
			if err != nil {
				return nil, err
			}
			if ok && has(part, x) {
				return true, nil
			}
		}
		return false, nil
	}
	x, err := textArg(a[1])
	return ok && has(part, x), err
}

func strReplace(s string, a []any) (any, error) {
	old, err := textArg(a[1])
	if err != nil {
		return nil, err
	}
	new, err := textArg(a[2])
	if err != nil {
		return nil, err
	}
	n, err := intArg(a[3])
	if err != nil {
		return nil, err
	}
	return replaceText(s, old, new, n)
}

// replaceText replaces up to n occurrences, all for negative n.
func replaceText(s, old, new string, n int) (any, error) {
	if n < 0 {
		n = -1
	}
	if grow := len(new) - len(old); grow > 0 {
		count := length(s) + 1
		if old != "" {
			count = strings.Count(s, old)
		}
		if n >= 0 {
			count = min(count, n)
		}
		if count > (maxLen-len(s))/grow {
			return nil, room(-1)
		}
	}
	return strings.Replace(s, old, new, n), nil
}

func strJoin(st *thread, a []any) (any, error) {
	sep, _ := text(a[0])
	_, isSafe := a[0].(markup)
	var b strings.Builder
	i := 0
	if _, err := iterate(a[1]); err != nil {
		return nil, raiseType("can only join an iterable")
	}
	err := each(st, a[1], func(v any) error {
		s, ok := text(v)
		if !ok {
			return raiseType("sequence item %d: expected str instance, %s found", i, value.TypeName(v))
		}
		if _, ok := v.(markup); isSafe && !ok {
			s = escapeHTML(s)
		}
		if i > 0 {
			b.WriteString(sep)
		}
		i++
		b.WriteString(s)
		return room(b.Len())
	})
	return likeInput(b.String(), isSafe), err
}

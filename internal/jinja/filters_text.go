package jinja

import (
	"math"
	"strings"
	"unicode"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/format"
	"anytap/internal/python/method"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// textFilter makes a filter of a function of text. The filter converts its operand to text first.
func textFilter(fn func(string) string) func(*python.Thread, []any) (any, error) {
	return func(th *python.Thread, a []any) (any, error) {
		s, isSafe, err := softText(th, a[0])
		return pytext.MarkupIf(fn(s), isSafe), err
	}
}

func filterEscape(th *python.Thread, a []any) (any, error) {
	m, err := escaped(th, a[0])
	return m, err
}

func forceEscape(th *python.Thread, a []any) (any, error) {
	s, err := python.Str(th, a[0])
	return pytext.Markup(pytext.EscapeHTML(s)), err
}

func filterSafe(th *python.Thread, a []any) (any, error) {
	s, err := python.Str(th, a[0])
	return pytext.Markup(s), err
}

func filterStripTags(th *python.Thread, a []any) (any, error) {
	s, err := python.Str(th, a[0])
	return pytext.StripTags(s), err
}

func filterCenter(th *python.Thread, a []any) (any, error) {
	s, isSafe, err := softText(th, a[0])
	if err != nil {
		return nil, err
	}
	v, err := method.Justify(s, a[1], " ", '^')
	if out, ok := v.(string); ok {
		v = pytext.MarkupIf(out, isSafe)
	}
	return v, err
}

func filterTrim(th *python.Thread, a []any) (any, error) {
	s, isSafe, err := softText(th, a[0])
	if err != nil {
		return nil, err
	}
	v, err := method.Strip(s, a[1], true, true)
	if out, ok := v.(string); ok {
		v = pytext.MarkupIf(out, isSafe)
	}
	return v, err
}

func filterFormat(th *python.Thread, a []any) (any, error) {
	args, kw := a[1].(value.Tuple), a[2].(*value.Dict)
	if len(args) > 0 && kw.Len() > 0 {
		return nil, exception.New(filterArgument, "can't handle positional and keyword arguments at the same time")
	}
	s, isSafe, err := softText(th, a[0])
	if err != nil {
		return nil, err
	}
	var arg any = args
	if kw.Len() > 0 {
		arg = kw
	}
	return format.Percent(th, pytext.MarkupIf(s, isSafe), s, arg)
}

func filterReplace(th *python.Thread, a []any) (any, error) {
	n := -1
	if a[3] != nil {
		var err error
		if n, err = number.IntArg(a[3]); err != nil {
			return nil, err
		}
	}
	var s [3]string
	for i := range s {
		var err error
		if s[i], err = python.Str(th, a[i]); err != nil {
			return nil, err
		}
	}
	if !stateOf(th).escape {
		return method.Replace(s[0], s[1], s[2], n)
	}
	_, safeInput := a[0].(pytext.Markup)
	_, safeOld := a[1].(pytext.Markup)
	_, safeNew := a[2].(pytext.Markup)
	if !safeInput && (safeOld || safeNew) {
		s[0], safeInput = pytext.EscapeHTML(s[0]), true
	}
	if safeInput && !safeNew {
		s[2] = pytext.EscapeHTML(s[2])
	}
	v, err := method.Replace(s[0], s[1], s[2], n)
	if out, ok := v.(string); ok {
		v = pytext.MarkupIf(out, safeInput)
	}
	return v, err
}

// titleWords is Jinja's filter title: upper case after blanks, hyphens and opening brackets, lower
// case elsewhere.
func titleWords(s string) string {
	var b strings.Builder
	from := 0 // where the word begins
	word := func(end int) {
		if from < end {
			n := pytext.RuneLen(s[from:])
			b.WriteString(pytext.Upper(s[from:from+n]) + pytext.Lower(s[from+n:end]))
		}
	}
	for i := 0; i < len(s); {
		r, n := value.DecodeRune(s[i:])
		if pytext.IsSpace(r) || strings.ContainsRune("-({[<", r) {
			word(i)
			b.WriteString(s[i : i+n])
			from = i + n
		}
		i += n
	}
	word(len(s))
	return b.String()
}

func filterWordCount(th *python.Thread, a []any) (any, error) {
	s, err := python.Str(th, a[0])
	n, in := int64(0), false
	for _, r := range s {
		word := r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
		if word && !in {
			n++
		}
		in = word
	}
	return n, err
}

func filterIndent(th *python.Thread, a []any) (any, error) {
	indention, ok := pytext.Of(a[1])
	if !ok {
		n, err := number.IntArg(a[1])
		if err != nil {
			return nil, err
		}
		if n > python.MaxLen {
			return nil, python.Room(-1)
		}
		indention = strings.Repeat(" ", max(n, 0))
	}
	s, ok := pytext.Of(a[0])
	if !ok {
		if err := exception.Raised(a[0]); err != nil {
			return nil, err
		}
		if _, isList := a[0].(*value.List); isList {
			return nil, attributeMissing(a[0], "splitlines")
		}
		return nil, exception.TypeErrorf("unsupported operand type(s) for +=: '%s' and 'str'", value.TypeName(a[0]))
	}
	if err := th.Step(pytext.CountLines(s)); err != nil {
		return nil, err
	}
	lines := pytext.SplitLines(s+"\n", false)
	if len(indention) > 0 && len(lines) > python.MaxLen/len(indention) {
		return nil, python.Room(-1)
	}
	for i := range lines {
		if i > 0 && (lines[i] != "" || value.Truth(a[3])) || i == 0 && value.Truth(a[2]) {
			lines[i] = indention + lines[i]
		}
	}
	_, isSafe := a[0].(pytext.Markup)
	return pytext.MarkupIf(strings.Join(lines, "\n"), isSafe), nil
}

func filterTruncate(_ *python.Thread, a []any) (any, error) {
	limit, ok := number.Of(a[1])
	if !ok {
		return nil, exception.TypeErrorf("'>=' not supported between instances of '%s' and 'int'", value.TypeName(a[1]))
	}
	n, err := truncateArgs(limit, a)
	if err != nil {
		return nil, err
	}
	size, err := python.Len(a[0])
	if err != nil {
		return nil, err
	}
	if float64(size) <= n.length+n.leeway {
		return a[0], nil
	}
	s, isText := pytext.Of(a[0])
	switch a[0].(type) {
	case *value.List, value.Tuple:
		if !value.Truth(a[2]) {
			return nil, attributeMissing(a[0], "rsplit")
		}
	}
	if !isText || n.length != math.Trunc(n.length) {
		return nil, exception.TypeErrorf("slice indices must be integers or None or have an __index__ method")
	}
	end, _ := pytext.Of(a[3])
	s = pytext.Prefix(s, int(n.length)-pytext.Len(end))
	if !value.Truth(a[2]) {
		if i := strings.LastIndex(s, " "); i >= 0 {
			s = s[:i]
		}
	}
	_, isSafe := a[0].(pytext.Markup)
	return pytext.MarkupIf(s+end, isSafe), nil
}

// truncation is the checked arguments length and leeway of the filter truncate.
type truncation struct{ length, leeway float64 }

func truncateArgs(limit any, a []any) (truncation, error) {
	t := truncation{leeway: 5}
	var err error
	if t.length, err = number.ToFloat(limit); err != nil {
		return t, err
	}
	end, err := pytext.Arg(a[3])
	if err != nil {
		return t, err
	}
	if a[4] != nil {
		n, ok := number.Of(a[4])
		if !ok {
			return t, exception.TypeErrorf("'>=' not supported between instances of '%s' and 'int'", value.TypeName(a[4]))
		}
		if t.leeway, err = number.ToFloat(n); err != nil {
			return t, err
		}
	}
	if t.length < float64(pytext.Len(end)) || t.leeway < 0 {
		return t, exception.New(exception.AssertionError, "length or leeway is too small")
	}
	return t, nil
}

func filterXMLAttr(th *python.Thread, a []any) (any, error) {
	d, ok := python.AsDict(a[0])
	if !ok {
		return nil, attributeMissing(a[0], "items")
	}
	var parts []string
	for k, v := range d.AllKeys() {
		if v == nil || isUndefined(v) {
			continue
		}
		name, ok := pytext.Of(k)
		if !ok {
			return nil, exception.TypeErrorf("expected string or bytes-like object, got '%s'", value.TypeName(k))
		}
		if strings.ContainsAny(name, " \t\n\r\f\v/>=") {
			return nil, exception.ValueErrorf("Invalid character in attribute name: %s", value.Repr(name))
		}
		s, err := escaped(th, v)
		if err != nil {
			return nil, err
		}
		parts = append(parts, pytext.EscapeHTML(name)+`="`+string(s)+`"`)
	}
	out := strings.Join(parts, " ")
	if out != "" && value.Truth(a[1]) {
		out = " " + out
	}
	return pytext.MarkupIf(out, stateOf(th).escape), nil
}

// filterToJSON is Jinja's filter tojson, which sorts keys and escapes the special characters of
// HTML.
func filterToJSON(th *python.Thread, a []any) (any, error) {
	style := python.JSONStyle{Sorted: true}
	if a[1] != nil {
		style.Pretty = true
		if s, ok := pytext.Of(a[1]); ok {
			style.Indent = s
		} else {
			n, err := number.IntArg(a[1])
			if err != nil {
				return nil, err
			}
			if n > python.MaxLen {
				return nil, python.Room(-1)
			}
			style.Indent = strings.Repeat(" ", max(n, 0))
		}
	}
	s, err := python.DumpJSON(th, a[0], style)
	if err != nil {
		return nil, err
	}
	return pytext.Markup(strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`).Replace(s)), nil
}

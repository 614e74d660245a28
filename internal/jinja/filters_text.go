package jinja

import (
	"html"
	"math"
	"strings"
	"unicode"

	"anytap/internal/value"
)

// textFilter makes a filter of a text function; other values become text.
func textFilter(fn func(string) string) func(*thread, []any) (any, error) {
	return func(_ *thread, a []any) (any, error) {
		s, isSafe, err := softText(a[0])
		return likeInput(fn(s), isSafe), err
	}
}

func filterEscape(_ *thread, a []any) (any, error) {
	m, err := escaped(a[0])
	return m, err
}

func forceEscape(_ *thread, a []any) (any, error) {
	s, err := str(a[0])
	return markup(escapeHTML(s)), err
}

func filterSafe(_ *thread, a []any) (any, error) {
	s, err := str(a[0])
	return markup(s), err
}

func filterStripTags(_ *thread, a []any) (any, error) {
	s, err := str(a[0])
	return stripTags(s), err
}

func unescapeHTML(s string) string { return html.UnescapeString(s) }

func filterCenter(_ *thread, a []any) (any, error) {
	s, isSafe, err := softText(a[0])
	if err != nil {
		return nil, err
	}
	v, err := justify(s, []any{nil, a[1], " "}, '^')
	if out, ok := v.(string); ok {
		v = likeInput(out, isSafe)
	}
	return v, err
}

func filterTrim(_ *thread, a []any) (any, error) {
	s, isSafe, err := softText(a[0])
	if err != nil {
		return nil, err
	}
	v, err := strip(s, a[1], true, true)
	if out, ok := v.(string); ok {
		v = likeInput(out, isSafe)
	}
	return v, err
}

func filterFormat(st *thread, a []any) (any, error) {
	args, kw := a[1].(value.Tuple), a[2].(*value.Dict)
	if len(args) > 0 && kw.Len() > 0 {
		return nil, raise(filterArgument, "can't handle positional and keyword arguments at the same time")
	}
	s, isSafe, err := softText(a[0])
	if err != nil {
		return nil, err
	}
	var arg any = args
	if kw.Len() > 0 {
		arg = kw
	}
	return percent(st, likeInput(s, isSafe), s, arg)
}

func filterReplace(st *thread, a []any) (any, error) {
	n := -1
	if a[3] != nil {
		var err error
		if n, err = intArg(a[3]); err != nil {
			return nil, err
		}
	}
	var s [3]string
	for i := range s {
		var err error
		if s[i], err = str(a[i]); err != nil {
			return nil, err
		}
	}
	if !stateOf(st).escape {
		return replaceText(s[0], s[1], s[2], n)
	}
	_, safeInput := a[0].(markup)
	_, safeOld := a[1].(markup)
	_, safeNew := a[2].(markup)
	if !safeInput && (safeOld || safeNew) {
		s[0], safeInput = escapeHTML(s[0]), true
	}
	if safeInput && !safeNew {
		s[2] = escapeHTML(s[2])
	}
	v, err := replaceText(s[0], s[1], s[2], n)
	if out, ok := v.(string); ok {
		v = likeInput(out, safeInput)
	}
	return v, err
}

// titleWords is Jinja's title: a capital after blanks, hyphens and brackets,
// small letters elsewhere.
func titleWords(s string) string {
	var b strings.Builder
	item := ""
	flush := func() {
		if item != "" {
			n := runeLen(item)
			b.WriteString(upper(item[:n]) + lower(item[n:]))
			item = ""
		}
	}
	for _, c := range characters(s) {
		r, _ := decodeRune(c)
		if isSpace(r) || strings.ContainsRune("-({[<", r) {
			flush()
			b.WriteString(c)
			continue
		}
		item += c
	}
	flush()
	return b.String()
}

func filterWordCount(_ *thread, a []any) (any, error) {
	s, err := str(a[0])
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

func filterIndent(_ *thread, a []any) (any, error) {
	indention, ok := text(a[1])
	if !ok {
		n, err := intArg(a[1])
		if err != nil {
			return nil, err
		}
		if n > maxLen {
			return nil, room(-1)
		}
		indention = strings.Repeat(" ", max(n, 0))
	}
	s, ok := text(a[0])
	if !ok {
		if err := raised(a[0]); err != nil {
			return nil, err
		}
		if _, isList := a[0].(*value.List); isList {
			return nil, attributeMissing(a[0], "splitlines")
		}
		return nil, raiseType("unsupported operand type(s) for +=: '%s' and 'str'", value.TypeName(a[0]))
	}
	lines := splitLines(s+"\n", false)
	if len(indention) > 0 && len(lines) > maxLen/len(indention) {
		return nil, room(-1)
	}
	for i := range lines {
		if i > 0 && (lines[i] != "" || truth(a[3])) || i == 0 && truth(a[2]) {
			lines[i] = indention + lines[i]
		}
	}
	_, isSafe := a[0].(markup)
	return likeInput(strings.Join(lines, "\n"), isSafe), nil
}

func filterTruncate(_ *thread, a []any) (any, error) {
	limit, ok := number(a[1])
	if !ok {
		return nil, raiseType("'>=' not supported between instances of '%s' and 'int'", value.TypeName(a[1]))
	}
	n, err := truncateArgs(limit, a)
	if err != nil {
		return nil, err
	}
	size, err := pyLen(a[0])
	if err != nil {
		return nil, err
	}
	if float64(size) <= n.length+n.leeway {
		return a[0], nil
	}
	s, isText := text(a[0])
	switch a[0].(type) {
	case *value.List, value.Tuple:
		if !truth(a[2]) {
			return nil, attributeMissing(a[0], "rsplit")
		}
	}
	if !isText || n.length != math.Trunc(n.length) {
		return nil, raiseType("slice indices must be integers or None or have an __index__ method")
	}
	end, _ := text(a[3])
	s = cut(s, int(n.length)-length(end))
	if !truth(a[2]) {
		if i := strings.LastIndex(s, " "); i >= 0 {
			s = s[:i]
		}
	}
	_, isSafe := a[0].(markup)
	return likeInput(s+end, isSafe), nil
}

type truncation struct{ length, leeway float64 }

func truncateArgs(limit any, a []any) (truncation, error) {
	t := truncation{leeway: 5}
	var err error
	if t.length, err = toFloat(limit); err != nil {
		return t, err
	}
	end, err := textArg(a[3])
	if err != nil {
		return t, err
	}
	if a[4] != nil {
		n, ok := number(a[4])
		if !ok {
			return t, raiseType("'>=' not supported between instances of '%s' and 'int'", value.TypeName(a[4]))
		}
		if t.leeway, err = toFloat(n); err != nil {
			return t, err
		}
	}
	if t.length < float64(length(end)) || t.leeway < 0 {
		return t, raise(pythonAssertion, "length or leeway is too small")
	}
	return t, nil
}

func filterXMLAttr(st *thread, a []any) (any, error) {
	d, ok := asDict(a[0])
	if !ok {
		return nil, attributeMissing(a[0], "items")
	}
	var parts []string
	for k, v := range d.AllKeys() {
		if v == nil || isUndefined(v) {
			continue
		}
		name, ok := text(k)
		if !ok {
			return nil, raiseType("expected string or bytes-like object, got '%s'", value.TypeName(k))
		}
		if strings.ContainsAny(name, " \t\n\r\f\v/>=") {
			return nil, raiseValue("Invalid character in attribute name: %s", value.Repr(name))
		}
		s, err := escaped(v)
		if err != nil {
			return nil, err
		}
		parts = append(parts, escapeHTML(name)+`="`+string(s)+`"`)
	}
	out := strings.Join(parts, " ")
	if out != "" && truth(a[1]) {
		out = " " + out
	}
	return likeInput(out, stateOf(st).escape), nil
}

package method

import (
	"slices"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

func textList(parts []string) *value.List {
	l := value.NewList()
	for _, p := range parts {
		l.Append(p)
	}
	return l
}

// split is str.split or, from the right, str.rsplit.
func split(th *python.Thread, s string, a []any, right bool) (any, error) {
	n, err := number.IntArg(a[2])
	if err != nil {
		return nil, err
	}
	if a[1] == nil {
		if err := th.Step(countFields(s)); err != nil {
			return nil, err
		}
		return textList(splitSpace(s, n, right)), nil
	}
	sep, ok := pytext.Of(a[1])
	if !ok {
		return nil, exception.TypeErrorf("must be str or None, not %s", value.TypeName(a[1]))
	}
	if sep == "" {
		return nil, exception.ValueErrorf("empty separator")
	}
	count := strings.Count(s, sep)
	if n >= 0 {
		count = min(count, n)
	}
	if err := th.Step(count); err != nil {
		return nil, err
	}
	switch {
	case n < 0:
		return textList(strings.Split(s, sep)), nil
	case !right:
		return textList(strings.SplitN(s, sep, n+1)), nil
	}
	var parts []string
	for ; n > 0; n-- {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		parts = append(parts, s[i+len(sep):])
		s = s[:i]
	}
	parts = append(parts, s)
	slices.Reverse(parts)
	return textList(parts), nil
}

// countFields counts the words between white space.
func countFields(s string) int {
	n, in := 0, false
	for _, r := range s {
		space := pytext.IsSpace(r)
		if in && space {
			n++
		}
		in = !space
	}
	return n + 1
}

// splitSpace splits at white space, n times at most.
func splitSpace(s string, n int, right bool) []string {
	if n < 0 {
		return strings.FieldsFunc(s, pytext.IsSpace)
	}
	var parts []string
	if right {
		for s = strings.TrimRightFunc(s, pytext.IsSpace); s != ""; s = strings.TrimRightFunc(s, pytext.IsSpace) {
			i := strings.LastIndexFunc(s, pytext.IsSpace)
			if n == 0 || i < 0 {
				parts = append(parts, s)
				break
			}
			n--
			_, w := value.DecodeRune(s[i:])
			parts = append(parts, s[i+w:])
			s = s[:i]
		}
		slices.Reverse(parts)
		return parts
	}
	for s = strings.TrimLeftFunc(s, pytext.IsSpace); s != ""; s = strings.TrimLeftFunc(s, pytext.IsSpace) {
		i := strings.IndexFunc(s, pytext.IsSpace)
		if n == 0 || i < 0 {
			parts = append(parts, s)
			break
		}
		n--
		parts = append(parts, s[:i])
		s = s[i:]
	}
	return parts
}

// Strip removes white space, or the characters in chars if it is not nil, from the left and right
// end of s.
func Strip(s string, chars any, left, right bool) (any, error) {
	drop := pytext.IsSpace
	if chars != nil {
		set, ok := pytext.Of(chars)
		if !ok {
			return nil, exception.TypeErrorf("strip arg must be None or str")
		}
		drop = containing(set)
	}
	if left {
		s = strings.TrimLeftFunc(s, drop)
	}
	if right {
		s = strings.TrimRightFunc(s, drop)
	}
	return s, nil
}

// containing tells the characters of a set.
func containing(set string) func(rune) bool {
	const short = 16
	if len(set) <= short {
		return func(r rune) bool { return strings.ContainsRune(set, r) }
	}
	in := map[rune]bool{}
	for _, r := range set {
		in[r] = true
	}
	return func(r rune) bool { return in[r] }
}

func partition(s string, arg any, right bool) (any, error) {
	sep, err := pytext.Arg(arg)
	if err != nil {
		return nil, err
	}
	if sep == "" {
		return nil, exception.ValueErrorf("empty separator")
	}
	i := strings.Index(s, sep)
	if right {
		i = strings.LastIndex(s, sep)
	}
	switch {
	case i >= 0:
		return value.Tuple{s[:i], sep, s[i+len(sep):]}, nil
	case right:
		return value.Tuple{"", "", s}, nil
	}
	return value.Tuple{s, "", ""}, nil
}

// Justify is str.center, ljust or rjust, as how says: '^', '<' or '>'.
func Justify(s string, width, fillchar any, how byte) (any, error) {
	columns, err := number.IntArg(width)
	if err != nil {
		return nil, err
	}
	fill, ok := pytext.Of(fillchar)
	if !ok {
		return nil, exception.TypeErrorf("The fill character must be a unicode character, not %s", value.TypeName(fillchar))
	}
	if pytext.Len(fill) != 1 {
		return nil, exception.TypeErrorf("The fill character must be exactly one character long")
	}
	if columns > python.MaxLen/len(fill) {
		return nil, python.Room(-1)
	}
	n := columns - pytext.Len(s)
	if n <= 0 {
		return s, nil
	}
	left := 0
	switch how {
	case '>':
		left = n
	case '^':
		left = n/2 + n&columns&1
	}
	return strings.Repeat(fill, left) + s + strings.Repeat(fill, n-left), nil
}

func zfill(s string, a []any) (any, error) {
	width, err := number.IntArg(a[1])
	if err != nil {
		return nil, err
	}
	if width > python.MaxLen {
		return nil, python.Room(-1)
	}
	n := width - pytext.Len(s)
	if n <= 0 {
		return s, nil
	}
	sign := ""
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign, s = s[:1], s[1:]
	}
	return sign + strings.Repeat("0", n) + s, nil
}

func expandTabs(s string, a []any) (any, error) {
	size, err := number.IntArg(a[1])
	if err != nil {
		return nil, err
	}
	if size > 0 && strings.Count(s, "\t") > python.MaxLen/size {
		return nil, python.Room(-1)
	}
	var b strings.Builder
	col := 0
	for rest := s; rest != ""; {
		c := rest[:pytext.RuneLen(rest)]
		rest = rest[len(c):]
		switch c {
		case "\t":
			if size > 0 {
				n := size - col%size
				b.WriteString(strings.Repeat(" ", n))
				col += n
			}
		case "\n", "\r":
			b.WriteString(c)
			col = 0
		default:
			b.WriteString(c)
			col++
		}
	}
	return b.String(), nil
}

// makeTrans is Python's str.maketrans.
func makeTrans(th *python.Thread, a []any) (any, error) {
	d := value.NewDict(8)
	if a[2] == nil {
		m, ok := a[1].(*value.Dict)
		if !ok {
			return nil, exception.TypeErrorf("if you give only one argument to maketrans it must be a dict")
		}
		for k, v := range m.AllKeys() {
			if s, ok := pytext.Of(k); ok {
				if pytext.Len(s) != 1 {
					return nil, exception.ValueErrorf("string keys in translate table must be of length 1")
				}
				r, _ := value.DecodeRune(s)
				k = int64(r)
			}
			d.SetKey(k, v)
		}
		return d, nil
	}
	from, err := pytext.Arg(a[1])
	if err != nil {
		return nil, err
	}
	to, err := pytext.Arg(a[2])
	if err != nil {
		return nil, err
	}
	if err := th.Step(len(from) + len(to)); err != nil {
		return nil, err
	}
	x, y := []rune(from), []rune(to)
	if len(x) != len(y) {
		return nil, exception.ValueErrorf("the first two maketrans arguments must have equal length")
	}
	for i, r := range x {
		d.SetKey(int64(r), int64(y[i]))
	}
	if drop, ok := pytext.Of(a[3]); ok {
		for _, r := range drop {
			d.SetKey(int64(r), nil)
		}
	}
	return d, nil
}

func translate(s string, a []any) (any, error) {
	d, ok := python.AsDict(a[1])
	if !ok {
		return nil, exception.TypeErrorf("'%s' object is not subscriptable", value.TypeName(a[1]))
	}
	var b []byte
	for rest := s; rest != ""; {
		r, n := value.DecodeRune(rest)
		c := rest[:n]
		rest = rest[n:]
		v, ok := d.GetKey(int64(r))
		switch x := v.(type) {
		case nil:
			if !ok {
				b = append(b, c...)
			}
		case int64:
			b = pytext.AppendRune(b, rune(x))
		default:
			t, err := pytext.Arg(v)
			if err != nil {
				return nil, err
			}
			b = append(b, t...)
		}
		if err := python.Room(len(b)); err != nil {
			return nil, err
		}
	}
	return string(b), nil
}

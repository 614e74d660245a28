package format

import (
	"strconv"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// braces is one call of str.format.
type braces struct {
	th    *python.Thread
	args  []any
	named *value.Dict
	auto  int  // the index of the next "{}"; -1 after an explicit index
	used  bool // there was a "{}"
	safe  bool
}

// Braces is Python's format.format(*args, **named).
func Braces(th *python.Thread, format any, args []any, named *value.Dict) (any, error) {
	s, _ := pytext.Of(format)
	_, isSafe := format.(pytext.Markup)
	f := &braces{th: th, args: args, named: named, safe: isSafe}
	out, err := f.expand(s, 2)
	if err != nil {
		return nil, err
	}
	return pytext.MarkupIf(out, isSafe), nil
}

// expand replaces the fields of a format. depth limits fields inside fields.
func (f *braces) expand(s string, depth int) (string, error) {
	if depth < 0 {
		return "", exception.ValueErrorf("Max string recursion exceeded")
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		if c != '{' && c != '}' {
			b.WriteByte(c)
			i++
			continue
		}
		if i+1 < len(s) && s[i+1] == c {
			b.WriteByte(c)
			i += 2
			continue
		}
		if c == '}' {
			return "", exception.ValueErrorf("Single '}' encountered in format string")
		}
		end, err := fieldEnd(s, i+1)
		if err != nil {
			return "", err
		}
		text, err := f.field(s[i+1:end], depth)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		if err := python.Room(b.Len()); err != nil {
			return "", err
		}
		i = end + 1
	}
	return b.String(), nil
}

// fieldEnd finds the brace that closes a field.
func fieldEnd(s string, i int) (int, error) {
	depth, named := 1, true // named: in the field's name
	last := strings.LastIndexByte(s, ']')
	for ; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i, nil
			}
		case ':', '!':
			named = false
		case '[':
			if named && i < last {
				n := strings.IndexByte(s[i:], ']')
				named = !strings.ContainsAny(s[i:i+n], ":!")
				i += n
			}
		}
	}
	if i > 0 && s[len(s)-1] == '{' && depth == 1 {
		return 0, exception.ValueErrorf("Single '{' encountered in format string")
	}
	return 0, exception.ValueErrorf("expected '}' before end of string")
}

// splitField splits a field into name, conversion and format.
func splitField(s string) (name string, conv byte, spec string, err error) {
	i, last := 0, strings.LastIndexByte(s, ']')
scan:
	for ; i < len(s); i++ {
		switch s[i] {
		case '[':
			if i < last {
				i += strings.IndexByte(s[i:], ']')
			}
		case '{':
			return "", 0, "", exception.ValueErrorf("unexpected '{' in field name")
		case ':', '!':
			break scan
		}
	}
	name = s[:i]
	if i < len(s) && s[i] == '!' {
		if i+1 >= len(s) {
			return "", 0, "", exception.ValueErrorf("end of string while looking for conversion specifier")
		}
		conv = s[i+1]
		i += 2
		if i < len(s) && s[i] != ':' {
			return "", 0, "", exception.ValueErrorf("expected ':' after conversion specifier")
		}
	}
	if i < len(s) {
		spec = s[i+1:]
	}
	return name, conv, spec, nil
}

func (f *braces) field(s string, depth int) (string, error) {
	if err := f.th.Step(1); err != nil {
		return "", err
	}
	name, conv, spec, err := splitField(s)
	if err != nil {
		return "", err
	}
	v, err := f.value(name)
	if err != nil {
		return "", err
	}
	switch conv {
	case 0:
	case 's':
		if v, err = python.Str(f.th, v); err != nil {
			return "", err
		}
	case 'r':
		v, err = python.Repr(f.th, v)
	case 'a':
		v, err = ASCII(f.th, v)
	default:
		return "", exception.ValueErrorf("Unknown conversion specifier %c", conv)
	}
	if err != nil {
		return "", err
	}
	if spec, err = f.expand(spec, depth-1); err != nil {
		return "", err
	}
	out, err := formatValue(f.th, v, spec)
	if _, isSafe := v.(pytext.Markup); f.safe && !isSafe {
		out = pytext.EscapeHTML(out)
	}
	return out, err
}

// value looks up a field's name: an index or a name, then attributes and items.
func (f *braces) value(name string) (any, error) {
	n := strings.IndexAny(name, ".[")
	if n < 0 {
		n = len(name)
	}
	v, err := f.first(name[:n])
	for rest := name[n:]; err == nil && rest != ""; {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, exception.ValueErrorf("Missing ']' in format string")
			}
			if end == 1 {
				return nil, exception.ValueErrorf("Empty attribute in format string")
			}
			v, err = f.th.Hooks.Item(f.th, v, itemKey(rest[1:end]))
			rest = rest[end+1:]
			if rest != "" && rest[0] != '.' && rest[0] != '[' {
				return nil, exception.ValueErrorf("Only '.' or '[' may follow ']' in format field specifier")
			}
			continue
		}
		end := strings.IndexAny(rest[1:], ".[")
		if end < 0 {
			end = len(rest) - 1
		}
		if end == 0 {
			return nil, exception.ValueErrorf("Empty attribute in format string")
		}
		v, err = f.th.Hooks.Attr(f.th, v, rest[1:1+end])
		rest = rest[1+end:]
	}
	return v, err
}

func itemKey(s string) any {
	if pytext.CountDigits(s) == len(s) {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	}
	return s
}

// first gives the argument that the first part of a field's name stands for.
func (f *braces) first(name string) (any, error) {
	key := itemKey(name)
	if name == "" {
		if f.auto < 0 {
			return nil, exception.ValueErrorf("cannot switch from manual field specification to automatic field numbering")
		}
		key = int64(f.auto)
		f.auto++
		f.used = true
	} else if _, ok := key.(int64); ok {
		if f.used {
			return nil, exception.ValueErrorf("cannot switch from manual field specification to automatic field numbering")
		}
		f.auto = -1
	}
	if i, ok := key.(int64); ok {
		if i >= int64(len(f.args)) {
			return nil, exception.New(exception.IndexError, "Replacement index %d out of range for positional args tuple", i)
		}
		return f.args[i], nil
	}
	v, ok := f.named.Get(name)
	if !ok {
		return nil, exception.New(exception.KeyError, "%s", value.Repr(name))
	}
	return v, nil
}

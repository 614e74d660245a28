package value

import (
	"encoding/base64"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"anytap/internal/rawjson"
)

// style is a way to write JSON.
type style struct {
	comma, colon string
	raw          bool // text that came as JSON goes out as it came
	ascii        bool // everything else is escaped
	sorted       bool // members by name
}

var (
	outStyle     = style{comma: ",", colon: ":", raw: true}
	pythonStyle  = style{comma: ", ", colon: ": ", ascii: true}
	sortedStyle  = style{comma: ", ", colon: ": ", ascii: true, sorted: true}
	compactStyle = style{comma: ",", colon: ":", ascii: true, sorted: true}
)

// Append appends v as JSON for a message: without white space, and without escaping UTF-8. Original
// JSON text is passed through, with the corrections of rawjson.AppendCompact. NaN and infinities
// become null, dates their ISO form, a Timedelta its str(), tuples and sets arrays, bytes base64,
// and lone surrogates U+FFFD.
func Append(dst []byte, v any) []byte { return outStyle.append(dst, v, 0) }

// AppendPython appends v as Python's json.dumps(v) does: with ", " and ": ", with everything
// outside ASCII escaped, and with NaN and Infinity under these names. Numbers and strings are
// written anew.
func AppendPython(dst []byte, v any) []byte { return pythonStyle.append(dst, v, 0) }

// AppendSorted is AppendPython with sort_keys=True.
func AppendSorted(dst []byte, v any) []byte { return sortedStyle.append(dst, v, 0) }

// AppendCompactSorted is AppendPython with sort_keys=True and separators=(",", ":").
func AppendCompactSorted(dst []byte, v any) []byte { return compactStyle.append(dst, v, 0) }

func (s *style) append(dst []byte, v any, depth int) []byte {
	if depth > maxDepth {
		return append(dst, "null"...)
	}
	switch v := plainGo(v).(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case *big.Int:
		return v.Append(dst, 10)
	case float64:
		return s.float(dst, v)
	case string:
		return s.text(dst, v)
	case *Dict:
		return s.dict(dst, v, depth)
	case *List:
		return s.list(dst, v, depth)
	case Tuple:
		return s.items(dst, v, depth)
	case *Set:
		return s.items(dst, v.items, depth)
	case Bytes:
		return s.text(dst, base64.StdEncoding.EncodeToString(v))
	case Datetime:
		return s.text(dst, v.Isoformat())
	default:
		return s.text(dst, Str(v))
	}
}

func (s *style) float(dst []byte, f float64) []byte {
	if !s.raw {
		return appendPythonFloat(dst, f)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	return appendFloat(dst, f)
}

func appendPythonFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	}
	return appendFloat(dst, f)
}

func (s *style) text(dst []byte, t string) []byte {
	if s.ascii {
		return appendASCII(dst, t)
	}
	return rawjson.AppendQuoted(dst, t)
}

func (s *style) dict(dst []byte, d *Dict, depth int) []byte {
	if s.raw {
		if raw, ok := d.Untouched(); ok {
			return appendRaw(dst, raw, d.clean)
		}
	}
	if s.raw && d.m != nil && d.m.beside {
		return s.beside(dst, d, depth)
	}
	m := d.open()
	dst = append(dst, '{')
	if s.sorted {
		m = m.inOrder()
	}
	return append(s.members(dst, m, d.clean, depth), '}')
}

func (s *style) members(dst []byte, m *members, clean bool, depth int) []byte {
	for i := range m.list {
		if i > 0 {
			dst = append(dst, s.comma...)
		}
		e := &m.list[i]
		dst = append(s.text(dst, e.key), s.colon...)
		dst = s.slot(dst, &e.slot, clean, depth)
	}
	return dst
}

// beside writes the text of a dict and the members that have been set beside it.
func (s *style) beside(dst []byte, d *Dict, depth int) []byte {
	dst = appendRaw(dst, d.raw, d.clean)
	end := len(dst) - len("}")
	for dst[end-1] <= ' ' {
		end--
	}
	dst = dst[:end]
	if dst[end-1] != '{' {
		dst = append(dst, s.comma...)
	}
	return append(s.members(dst, d.m, d.clean, depth), '}')
}

// inOrder gives a copy that is sorted by name.
func (m *members) inOrder() *members {
	list := slices.Clone(m.list)
	slices.SortStableFunc(list, func(a, b member) int { return strings.Compare(a.key, b.key) })
	return &members{list: list}
}

func (s *style) list(dst []byte, l *List, depth int) []byte {
	if s.raw {
		if raw, ok := l.Untouched(); ok {
			return appendRaw(dst, raw, l.clean)
		}
	}
	items := l.open()
	dst = append(dst, '[')
	for i := range items {
		if i > 0 {
			dst = append(dst, s.comma...)
		}
		dst = s.slot(dst, &items[i], l.clean, depth)
	}
	return append(dst, ']')
}

func (s *style) slot(dst []byte, e *slot, clean bool, depth int) []byte {
	if s.raw {
		if raw, ok := e.text(); ok {
			return appendRaw(dst, raw, clean)
		}
	}
	return s.append(dst, e.value(clean), depth+1)
}

func (s *style) items(dst []byte, items []any, depth int) []byte {
	dst = append(dst, '[')
	for i, e := range items {
		if i > 0 {
			dst = append(dst, s.comma...)
		}
		dst = s.append(dst, e, depth+1)
	}
	return append(dst, ']')
}

func appendRaw(dst, raw []byte, clean bool) []byte {
	if clean {
		return append(dst, raw...)
	}
	return rawjson.AppendCompact(dst, raw)
}

// appendASCII appends t as a JSON string in which everything outside printable ASCII is escaped.
func appendASCII(dst []byte, t string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(t); {
		c := t[i]
		if c < utf8.RuneSelf {
			dst = appendASCIIByte(dst, c)
			i++
			continue
		}
		r, n := DecodeRune(t[i:])
		if r >= 0x10000 {
			r -= 0x10000
			dst = appendUnit(dst, 0xD800+r>>10)
			r = 0xDC00 + r&0x3FF
		}
		dst = appendUnit(dst, r)
		i += n
	}
	return append(dst, '"')
}

func appendASCIIByte(dst []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c >= ' ' && c < 0x7F:
		return append(dst, c)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c == '\t':
		return append(dst, `\t`...)
	case c == '\b':
		return append(dst, `\b`...)
	case c == '\f':
		return append(dst, `\f`...)
	}
	return appendUnit(dst, rune(c))
}

// appendUnit appends one UTF-16 code unit as an escape.
func appendUnit(dst []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}

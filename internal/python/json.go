package python

import (
	"math"
	"math/big"
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// JSONStyle holds options of Python's json.dumps. Sorted is its sort_keys. If Pretty is set, each
// member has its own line, indented by a repeated Indent.
type JSONStyle struct {
	Sorted bool
	Indent string
	Pretty bool
}

// DumpJSON is Python's json.dumps. It fails for values that JSON does not have.
func DumpJSON(th *Thread, v any, style JSONStyle) (string, error) {
	w := &jsonWriter{th: th, style: style}
	if err := w.value(v, 0); err != nil {
		return "", err
	}
	return string(w.b), w.full
}

type jsonWriter struct {
	th    *Thread
	style JSONStyle
	b     []byte
	full  error // an indention was too much
}

// maxJSON limits how deeply values may be nested.
const maxJSON = 990

func (w *jsonWriter) value(v any, depth int) error {
	if depth > maxJSON {
		return exception.New(exception.RecursionError, "maximum recursion depth exceeded while encoding a JSON object")
	}
	if err := w.th.Step(1 + bulk(v)); err != nil {
		return err
	}
	if w.full == nil {
		w.full = Room(len(w.b))
	}
	if w.full != nil {
		return w.full
	}
	switch v := v.(type) {
	case pytext.Markup:
		w.b = value.AppendPython(w.b, string(v))
	case nil, bool, string, int64:
		w.b = value.AppendPython(w.b, v)
	case *big.Int:
		s, err := Str(w.th, v)
		w.b = append(w.b, s...)
		return err
	case float64:
		w.float(v)
	case *value.Dict:
		return w.dict(v, depth)
	case *value.List:
		return w.list(v.Values(), depth)
	case value.Tuple:
		return w.list(v, depth)
	default:
		return exception.TypeErrorf("Object of type %s is not JSON serializable", value.TypeName(v))
	}
	return nil
}

func (w *jsonWriter) float(f float64) {
	switch {
	case math.IsNaN(f):
		w.b = append(w.b, "NaN"...)
	case math.IsInf(f, 1):
		w.b = append(w.b, "Infinity"...)
	case math.IsInf(f, -1):
		w.b = append(w.b, "-Infinity"...)
	default:
		w.b = append(w.b, value.Repr(f)...)
	}
}

// breakLine starts a new, indented line if the style is pretty.
func (w *jsonWriter) breakLine(depth int) {
	if w.style.Pretty {
		if w.full == nil {
			w.full = Room(len(w.b) + len(w.style.Indent)*depth)
		}
		if w.full != nil {
			return
		}
		w.b = append(w.b, '\n')
		w.b = append(w.b, strings.Repeat(w.style.Indent, depth)...)
	}
}

func (w *jsonWriter) comma(depth int) {
	w.b = append(w.b, ',')
	if w.style.Pretty {
		w.breakLine(depth)
		return
	}
	w.b = append(w.b, ' ')
}

func (w *jsonWriter) list(items []any, depth int) error {
	if len(items) == 0 {
		w.b = append(w.b, "[]"...)
		return nil
	}
	w.b = append(w.b, '[')
	for i, v := range items {
		if i == 0 {
			w.breakLine(depth + 1)
		} else {
			w.comma(depth + 1)
		}
		if err := w.value(v, depth+1); err != nil {
			return err
		}
	}
	w.breakLine(depth)
	w.b = append(w.b, ']')
	return nil
}

func (w *jsonWriter) dict(d *value.Dict, depth int) error {
	keys := DictKeys(d)
	if len(keys) == 0 {
		w.b = append(w.b, "{}"...)
		return nil
	}
	if w.style.Sorted {
		if err := SortKeys(w.th, keys); err != nil {
			return err
		}
	}
	w.b = append(w.b, '{')
	for i, k := range keys {
		if i == 0 {
			w.breakLine(depth + 1)
		} else {
			w.comma(depth + 1)
		}
		if err := w.key(k); err != nil {
			return err
		}
		v, _ := d.GetKey(k)
		if err := w.value(v, depth+1); err != nil {
			return err
		}
	}
	w.breakLine(depth)
	w.b = append(w.b, '}')
	return nil
}

// key writes a member's name. None, bools and numbers are quoted.
func (w *jsonWriter) key(k any) error {
	start := len(w.b)
	switch k := k.(type) {
	case string, pytext.Markup:
		s, _ := pytext.Of(k)
		w.b = value.AppendPython(w.b, s)
	case nil, bool, int64, *big.Int, float64:
		if err := w.value(k, 0); err != nil {
			return err
		}
		w.b = append(w.b, 0)
		copy(w.b[start+1:], w.b[start:])
		w.b[start] = '"'
		w.b = append(w.b, '"')
	default:
		return exception.TypeErrorf("keys must be str, int, float, bool or None, not %s", value.TypeName(k))
	}
	w.b = append(w.b, ": "...)
	return nil
}

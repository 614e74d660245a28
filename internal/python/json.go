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
	Sorted  bool
	Indent  string
	Pretty  bool
	Comma   string // between members and elements; empty: ", ", or "," if Pretty is set
	Colon   string // behind a name; empty: ": "
	Unicode bool   // characters outside ASCII stay as they are: ensure_ascii=False
	NoNaN   bool   // NaN and infinities become null
	Digits  bool   // numbers that came as text keep their digits
	// Default makes another value of one that JSON does not have; nil: it is an error.
	Default func(v any) (any, error)
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
		w.text(string(v))
	case string:
		w.text(v)
	case nil, bool, int64:
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
		return w.list(v.Values(), v.Raw, depth)
	case value.Tuple:
		return w.list(v, nil, depth)
	default:
		if w.style.Default == nil {
			return exception.TypeErrorf("Object of type %s is not JSON serializable", value.TypeName(v))
		}
		other, err := w.style.Default(v)
		if err != nil {
			return err
		}
		return w.value(other, depth+1)
	}
	return nil
}

func (w *jsonWriter) text(s string) {
	if w.style.Unicode {
		w.b = value.Append(w.b, s)
		return
	}
	w.b = value.AppendPython(w.b, s)
}

func (w *jsonWriter) float(f float64) {
	switch {
	case w.style.NoNaN && (math.IsNaN(f) || math.IsInf(f, 0)):
		w.b = append(w.b, "null"...)
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
	switch {
	case w.style.Comma != "":
		w.b = append(w.b, w.style.Comma...)
	case w.style.Pretty:
		w.b = append(w.b, ',')
	default:
		w.b = append(w.b, ", "...)
	}
	w.breakLine(depth)
}

// digits writes a float as it came, if the style asks for it and the text is known.
func (w *jsonWriter) digits(v any, raw func() ([]byte, bool)) bool {
	if _, isFloat := v.(float64); !isFloat || !w.style.Digits {
		return false
	}
	text, ok := raw()
	w.b = append(w.b, text...)
	return ok
}

// list writes items; raw gives their texts, nil: there are none.
func (w *jsonWriter) list(items []any, raw func(i int) ([]byte, bool), depth int) error {
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
		if raw != nil && w.digits(v, func() ([]byte, bool) { return raw(i) }) {
			continue
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
		if name, ok := k.(string); ok && w.digits(v, func() ([]byte, bool) { return d.Raw(name) }) {
			continue
		}
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
		w.text(s)
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
	if w.style.Colon != "" {
		w.b = append(w.b, w.style.Colon...)
	} else {
		w.b = append(w.b, ": "...)
	}
	return nil
}

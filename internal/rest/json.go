package rest

import (
	"bytes"
	"iter"
	"unicode/utf8"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// IsList reports whether a JSON text is a list.
func IsList(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("["))
}

// JSONDecoder reads a body that is one JSON text in UTF-8: a top-level list gives its elements,
// anything else itself. A body that is no such text, or null, or an empty list, gives an empty
// object, as in the reference runtime. It is the decoder where a manifest names none.
type JSONDecoder struct{ rt *Runtime }

var _ Decoder = (*JSONDecoder)(nil)

// NewJSONDecoder makes a decoder that knows whether the run wants a broken text to be asked for
// again.
func NewJSONDecoder(rt *Runtime) *JSONDecoder { return &JSONDecoder{rt} }

// Broken is what is made of a body that is no JSON: nil where it counts as an empty object, else a
// *Fault, by which it is asked for again.
func (d *JSONDecoder) Broken(r *Response, body []byte) error {
	if d == nil || d.rt == nil || !d.rt.Settings.StrictJSON {
		return nil
	}
	if text := bytes.TrimSpace(body); len(text) == 0 || string(text) == "null" {
		return nil
	}
	return NotJSON(r.Status, r.Header, body)
}

// Abilities are those of JSON: pagination looks into answers.
func (d *JSONDecoder) Abilities() DecoderAbilities {
	return DecoderAbilities{Paginates: true, JSON: d}
}

// Decode yields the values; the only errors are those of reading the body.
func (d *JSONDecoder) Decode(r *Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		body, err := r.Bytes()
		if err != nil {
			yield(nil, err)
			return
		}
		n := 0
		if v, ok := ParseJSON(body); ok {
			for v := range JSONValues(v) {
				n++
				if !yield(v, nil) {
					return
				}
			}
		} else if err := d.Broken(r, body); err != nil {
			yield(nil, err)
			return
		}
		if n == 0 {
			yield(value.NewDict(0), nil)
		}
	}
}

// JSONValues are the values of one JSON text: the elements of a list, anything else itself.
func JSONValues(v any) iter.Seq[any] {
	return func(yield func(any) bool) {
		list, ok := v.(*value.List)
		if !ok {
			yield(v)
			return
		}
		for _, e := range list.All() {
			if !yield(e) {
				return
			}
		}
	}
}

// ParseJSON reads a text as the reference runtime reads answers: strict UTF-8 without a byte order
// mark, NaN and Infinity among the numbers. ok is false for what is no such text, and for null.
func ParseJSON(text []byte) (v any, ok bool) {
	raw, seen, err := rawjson.Trim(text, true)
	if err != nil || !validUTF8(text, seen) {
		return nil, false
	}
	switch raw[0] {
	case '{':
		d := new(value.Dict)
		if seen.Clean() {
			d.InitClean(raw)
		} else {
			d.InitLazy(raw)
		}
		return d, true
	case 'n':
		return nil, false
	}
	return value.DecodeRaw(raw), true
}

// validUTF8 looks at the text only where the scan saw that something is odd in it.
func validUTF8(text []byte, seen rawjson.Flags) bool {
	return seen&rawjson.BadText == 0 || utf8.Valid(text)
}

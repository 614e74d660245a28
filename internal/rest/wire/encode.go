package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// appendForm appends parameters or form fields as Python's requests encodes them: None is left out,
// a list repeats its name, a dict gives its keys, everything else its str().
func appendForm(dst []byte, fields *value.Dict) []byte {
	if fields == nil {
		return dst
	}
	for key, v := range fields.AllKeys() {
		name := value.Str(key)
		if items, ok := several(v); ok {
			for item := range items {
				dst = appendNested(dst, name, item)
			}
			continue
		}
		dst = appendField(dst, name, v)
	}
	return dst
}

func appendField(dst []byte, name string, v any) []byte {
	if v == nil {
		return dst
	}
	if len(dst) > 0 {
		dst = append(dst, '&')
	}
	dst = appendQuoted(dst, name)
	dst = append(dst, '=')
	switch v := v.(type) {
	case string:
		return appendQuoted(dst, v)
	case value.Bytes:
		return appendQuoted(dst, string(v))
	}
	return appendQuoted(dst, value.Str(v))
}

// appendNested appends an element of a list; a container among them repeats the name once more.
func appendNested(dst []byte, name string, v any) []byte {
	items, ok := several(v)
	if !ok {
		return appendField(dst, name, v)
	}
	for item := range items {
		if item == nil {
			item = "None"
		}
		if _, nested := several(item); nested {
			item = value.Str(item)
		}
		dst = appendField(dst, name, item)
	}
	return dst
}

// several yields a container's elements, a dict's keys; ok is false for what is one value.
func several(v any) (items iter.Seq[any], ok bool) {
	switch v := v.(type) {
	case *value.List:
		return seconds(v.All()), true
	case *value.Set:
		return seconds(v.All()), true
	case value.Tuple:
		return func(yield func(any) bool) {
			for _, item := range v {
				if !yield(item) {
					return
				}
			}
		}, true
	case *value.Dict:
		return func(yield func(any) bool) {
			for key := range v.AllKeys() {
				if !yield(key) {
					return
				}
			}
		}, true
	}
	return nil, false
}

func seconds(seq iter.Seq2[int, any]) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, v := range seq {
			if !yield(v) {
				return
			}
		}
	}
}

// CheckParams refuses a parameter whose value is an object.
func CheckParams(params *value.Dict) error {
	if params == nil {
		return nil
	}
	for name, v := range params.All() {
		if _, ok := v.(*value.Dict); ok {
			return tap.Errorf(tap.System, "the request parameter %q is an object; only text, numbers and lists can be parameters", name)
		}
	}
	return nil
}

// withoutSame drops the parameters that the address's own query already has with an equal value.
func withoutSame(params *value.Dict, query []pair) *value.Dict {
	if params == nil || len(query) == 0 {
		return params
	}
	out := params
	for _, have := range query {
		v, ok := params.Get(have.name)
		if !ok || value.Str(v) != have.value {
			continue
		}
		if out == params {
			out = params.Clone()
		}
		out.Delete(have.name)
	}
	return out
}

// Body is a request's body.
type Body struct {
	Data        []byte
	ContentType string
}

// EncodeBody makes the body that the parts give; the zero Body where they give none.
func EncodeBody(o *rest.Parts) (Body, error) {
	hasJSON, hasForm := holds(o.JSON), holds(o.Form)
	switch {
	case hasJSON && (hasForm || o.Text != ""):
		return Body{}, tap.Errorf(tap.System, "the request has a JSON body and another one: only one of body_json and body_data can be set")
	case hasJSON:
		data := value.AppendPython(nil, o.JSON)
		if !writable(data) {
			return Body{}, tap.Errorf(tap.System, "the JSON body holds a number that JSON can not write (NaN or Infinity)")
		}
		return Body{data, "application/json"}, nil
	case o.Text != "":
		return Body{Data: []byte(o.Text)}, nil
	case hasForm:
		return Body{appendForm(nil, o.Form), "application/x-www-form-urlencoded"}, nil
	case o.Object:
		return Body{[]byte("{}"), "application/json"}, nil
	}
	return Body{}, nil
}

func holds(d *value.Dict) bool { return d != nil && d.Len() > 0 }

// writable reports whether a JSON text holds neither NaN nor Infinity but as text.
func writable(data []byte) bool {
	return !bytes.Contains(data, []byte("NaN")) && !bytes.Contains(data, []byte("Infinity")) || json.Valid(data)
}

// HeaderText is a header's value as it is sent: Latin-1, as Python's http.client encodes it.
func HeaderText(name, v string) (string, error) {
	plain := true
	for i, r := range v {
		switch {
		case r == '\r' || r == '\n' || r == 0 || i == 0 && (r == ' ' || r == '\t'):
			return "", fmt.Errorf("the header %s has a value that starts with a blank or holds a line break", name)
		case r > 0xFF:
			return "", fmt.Errorf("the header %s holds a character that headers can not have (%q)", name, r)
		case r >= 0x80:
			plain = false
		}
	}
	if plain {
		return v, nil
	}
	out := make([]byte, 0, len(v))
	for _, r := range v {
		out = append(out, byte(r))
	}
	return string(out), nil
}

package rest

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"unicode/utf8"

	"anytap/internal/jinja"
	"anytap/internal/python/exception"
	"anytap/internal/rawjson"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Transformer changes a record in place. It is stateless and used by many goroutines at once. An error
// ends the stream.
type Transformer interface {
	// Bind makes the change with the variables of one page: env holds config, and stream_slice where
	// there is one, but no record. The function belongs to one goroutine.
	Bind(env *jinja.Env) func(record *value.Dict) error
}

// SchemaLoader finds a stream's JSON schema.
type SchemaLoader interface {
	// Schema gives the schema; it may ask the API. An empty dict stands for no schema. The result is
	// shared and must not be changed.
	Schema(context.Context) (*value.Dict, error)
}

// TemplateError gives what a template raised its kind: a variable that manifests may not use any more is
// for the user to mend, everything else is the manifest's mistake.
func TemplateError(err error) error {
	if e, ok := errors.AsType[*exception.Error](err); ok && e.Class == "AirbyteTracedException" {
		return &tap.Error{Kind: tap.Config, Err: err}
	}
	return err
}

// Filter says which records stay. It is stateless and used by many goroutines at once.
type Filter interface {
	// Bind makes the test with the variables of one page, which hold no record. The function belongs to one goroutine.
	Bind(env *jinja.Env) func(record *value.Dict) (bool, error)
}

// Extractor finds the records in an answer.
type Extractor interface {
	// Extract yields what may be records, objects or not. An error is yielded last.
	Extract(ctx context.Context, r *Response) iter.Seq2[any, error]
}

// Refiner is a Selector that filters, transforms and casts records which were extracted elsewhere.
type Refiner interface {
	Refine(ctx context.Context, records iter.Seq2[any, error], p *PageRequest) iter.Seq2[[]tap.Record, error]
}

// Uploader fetches the file that a record stands for. It is used by many goroutines at once.
type Uploader interface {
	// Upload stores the record's file and sets its File.
	Upload(ctx context.Context, record *tap.Record, p *PageRequest) error
}

// Pager is a Decoder that says whether paginators may look into its answers; one that does not say so is
// refused by every paginator, before any request.
type Pager interface {
	Paginates() bool
}

// CanPaginate reports whether paginators accept the decoder; nil is JSON's.
func CanPaginate(d Decoder) bool {
	if d == nil {
		return true
	}
	p, ok := d.(Pager)
	return ok && p.Paginates()
}

// TemplateValue is what templates of a paginator know as response: the first value that the decoder
// finds, an empty object where there is none or where the decoder streams.
func TemplateValue(d Decoder, r *Response) (any, error) {
	if d == nil {
		d = JSONDecoder{}
	}
	if d.Streams() {
		return value.NewDict(0), nil
	}
	for v, err := range d.Decode(r) {
		return v, err
	}
	return value.NewDict(0), nil
}

// IsList reports whether a JSON text is a list.
func IsList(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("["))
}

// JSONDecoder reads a body that is one JSON text in UTF-8: a top-level list gives its elements, anything
// else itself. A body that is no such text, or null, or an empty list, gives an empty object, as in the
// reference runtime. It is the decoder where a manifest names none.
type JSONDecoder struct{ rt *Runtime }

var _ Decoder = JSONDecoder{}

// NewJSONDecoder makes a decoder that knows whether the run wants a broken text to be asked for again.
func NewJSONDecoder(rt *Runtime) JSONDecoder { return JSONDecoder{rt} }

// Broken is what is made of a body that is no JSON: nil where it counts as an empty object, else a *Fault, by which it is asked
// for again.
func (d JSONDecoder) Broken(body []byte) error {
	if d.rt == nil || d.rt.Client == nil || !d.rt.Client.settings.StrictJSON {
		return nil
	}
	if text := bytes.TrimSpace(body); len(text) == 0 || string(text) == "null" {
		return nil
	}
	return &Fault{Undecodable, errNotJSON}
}

// Streams is false: pagination looks into the answer.
func (JSONDecoder) Streams() bool { return false }

// Paginates is true.
func (JSONDecoder) Paginates() bool { return true }

// Decode yields the values; the only errors are those of reading the body.
func (d JSONDecoder) Decode(r *Response) iter.Seq2[any, error] {
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
		} else if err := d.Broken(body); err != nil {
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

// ParseJSON reads a text as the reference runtime reads answers: strict UTF-8 without a byte order mark,
// NaN and Infinity among the numbers. ok is false for what is no such text, and for null.
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

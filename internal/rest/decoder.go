package rest

import (
	"io"
	"iter"

	"anytap/internal/value"
)

// Decoder turns a body into values. It is used by many goroutines at once.
type Decoder interface {
	// Decode yields the values of the body: one for JSON, one a line for JSONL, one a row for CSV.
	// An error is yielded last.
	Decode(r *Response) iter.Seq2[any, error]
	// Abilities say how the decoder reads bodies.
	Abilities() DecoderAbilities
}

// DecoderAbilities say how a Decoder reads bodies. The zero value is one that reads whole bodies,
// which no paginator may look into.
type DecoderAbilities struct {
	// Streams says that bodies need not be held in memory whole.
	Streams bool
	// Paginates says that paginators may look into answers; others are refused by every paginator,
	// before any request.
	Paginates bool
	// JSON is the decoder itself where a body is one JSON text, so that whoever wants a part of it
	// need not decode the rest; nil: it is something else.
	JSON *JSONDecoder
	// Converts makes JSON of bodies before anything else looks at them; nil: they stay as they are.
	Converts BodyConverter
}

// JSONOfXML is the Content-Type of a body that a BodyConverter made of XML, where a list of one
// element is that element, and one of none is nothing.
const JSONOfXML = "application/json; of=xml"

// BodyConverter makes JSON in UTF-8 of bodies in other formats. It is used by many goroutines at
// once. Its errors say what can not be read.
type BodyConverter interface {
	// Convert makes JSON of a whole body. It returns body itself if that is JSON already.
	Convert(contentType string, body []byte) ([]byte, error)
	// Stream makes JSON of a body while it arrives; to close it closes body.
	Stream(contentType string, body io.ReadCloser) io.ReadCloser
}

// CanPaginate reports whether paginators accept the decoder; nil is JSON's.
func CanPaginate(d Decoder) bool { return d == nil || d.Abilities().Paginates }

// TemplateValue is what templates of a paginator know as response: the first value that the decoder
// finds, an empty object where there is none or where the decoder streams. A nil decoder is JSON's.
func TemplateValue(d Decoder, r *Response) (any, error) {
	if d == nil {
		d = &JSONDecoder{}
	}
	if d.Abilities().Streams {
		return value.NewDict(0), nil
	}
	for v, err := range d.Decode(r) {
		return v, err
	}
	return value.NewDict(0), nil
}

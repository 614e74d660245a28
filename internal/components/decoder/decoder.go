// Package decoder holds the decoders: what turns the body of an answer into values.
//
// Those that stream read a body as it comes and hold one value of it at a time; the others hold it
// whole. No body, line, row, archive member or decompressed JSON text that has to be held may be longer
// than 1 GiB, and no body may decompress to more than 1 TiB; beyond that a stream ends with an error.
package decoder

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
)

// Table names the components of this package.
func Table() manifest.Table {
	return manifest.Table{
		"JsonDecoder":      {Build: manifest.As(buildJSON), Definition: func() any { return jsonDefinition{} }},
		"JsonItemsDecoder": {Build: manifest.As(buildJSONItems), Definition: func() any { return jsonItemsDefinition{} }},
		"JsonlDecoder":     {Build: manifest.As(buildJSONLines), Definition: func() any { return jsonLinesDefinition{} }},
		"CsvDecoder":       {Build: manifest.As(buildCSV), Definition: func() any { return csvDefinition{} }},
		"XmlDecoder":       {Build: manifest.As(buildXML), Definition: func() any { return xmlDefinition{} }},
		"IterableDecoder":  {Build: manifest.As(buildIterable), Definition: func() any { return iterableDefinition{} }},
		"GzipDecoder":      {Build: manifest.As(buildGzip), Definition: func() any { return gzipDefinition{} }},
		"ZipfileDecoder":   {Build: manifest.As(buildZip), Definition: func() any { return zipDefinition{} }},
	}
}

const (
	maxHeld     = 1 << 30 // bytes that are held at once
	maxExpanded = 1 << 40 // bytes that one body may decompress to
)

// parser reads bytes as values. It is stateless.
type parser interface {
	// parse calls emit for each value and stops without an error when that returns false.
	parse(in io.Reader, emit func(any) bool) error
}

// streamed is a decoder that reads the body as it comes.
type streamed struct {
	parser
	// paginates says that paginators accept it, though they see an empty object.
	paginates bool
	// asSent says that the reference runtime reads the bytes that were sent, with their
	// Content-Encoding still on.
	asSent bool
	// unpacks says that it looks itself whether a body is compressed.
	unpacks bool
}

var _ rest.Decoder = (*streamed)(nil)

// Streams is true.
func (d *streamed) Streams() bool { return true }

// Paginates is true for compressed JSON only.
func (d *streamed) Paginates() bool { return d.paginates }

// Decode yields the values while the body comes.
func (d *streamed) Decode(r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		if err := d.refused(r); err != nil {
			yield(nil, err)
			return
		}
		stopped := false
		err := d.parse(r.Body, func(v any) bool {
			stopped = !yield(v, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(nil, failure(err))
		}
	}
}

// refused is why the decoder does not read an answer at all; nil: it does.
func (d *streamed) refused(r *rest.Response) error {
	encoding := r.Header.Get("Content-Encoding")
	switch {
	case r.AsSent && !d.asSent && !d.unpacks:
		return tap.Errorf(tap.System, "the answer says that it is compressed (Content-Encoding: %s) and is not", encoding)
	case !r.AsSent && d.asSent && compressed(encoding):
		return &tap.Error{Kind: tap.System, Message: "the answer is compressed (Content-Encoding: " + encoding + ") and its decoder does not decompress",
			Hint: "wrap the decoder in a GzipDecoder"}
	}
	return nil
}

// compressed tells the encodings that the reference runtime's HTTP library would take off where it is asked to.
func compressed(encoding string) bool {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "gzip", "x-gzip", "deflate", "gzip, deflate", "x-gzip, deflate":
		return true
	}
	return false
}

// failure gives an error its kind. What keeps an answer from coming whole keeps its own.
func failure(err error) error {
	if _, ok := errors.AsType[*rest.Fault](err); ok {
		return err
	}
	if _, ok := errors.AsType[*tap.Error](err); ok {
		return err
	}
	return tap.Errorf(tap.System, "decode the answer: %w", err)
}

// parserOf builds the decoder that another one holds, as a parser.
func parserOf(c *manifest.Compiler, n *manifest.Node) (parser, error) {
	d, err := manifest.Build[rest.Decoder](c, n)
	if err != nil {
		return nil, err
	}
	switch d := d.(type) {
	case rest.JSONDecoder:
		return jsonParser{}, nil
	case *gzipDecoder:
		return d.parser, nil
	case *streamed:
		if _, ok := d.parser.(lineTexts); !ok {
			return d.parser, nil
		}
	}
	return nil, n.Problem("a %s can not stand inside another decoder", n.Type())
}

// readAll reads what has to be held.
func readAll(in io.Reader, what string) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(in, maxHeld+1))
	if err == nil && len(body) > maxHeld {
		err = fmt.Errorf("%s is longer than %d bytes", what, maxHeld)
	}
	return body, err
}

package decoder

import (
	"errors"
	"io"
	"iter"
	"strings"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/text"
)

const (
	maxHeld     = rest.MostHeld
	maxExpanded = 1 << 40 // bytes that one body may decompress to
)

// parser reads bytes as values. It holds no state of a body, so that all bodies share it.
type parser interface {
	// parse calls emit with each value. When emit returns false, parse returns nil at once.
	parse(in io.Reader, emit func(any) bool) error
}

// streamed is a decoder that reads a body while it arrives.
type streamed struct {
	parser
	// paginates says that paginators accept the decoder, though they see an empty object instead of
	// the body.
	paginates bool
	// asSent says that the reference runtime gives this decoder the bytes as they were sent, still
	// compressed by their Content-Encoding.
	asSent bool
	// unpacks says that the decoder itself finds out whether a body is compressed.
	unpacks bool
}

var _ rest.Decoder = (*streamed)(nil)

// Abilities are to read a body as it comes. Paginators accept compressed JSON only.
func (d *streamed) Abilities() rest.DecoderAbilities {
	return rest.DecoderAbilities{Streams: true, Paginates: d.paginates}
}

// Decode yields the values while the body arrives.
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

// refused says why the decoder does not read an answer; nil: it reads it.
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

// compressed reports whether an encoding is one that the reference runtime's HTTP library can
// decompress.
func compressed(encoding string) bool {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "gzip", "x-gzip", "deflate", "gzip, deflate", "x-gzip, deflate":
		return true
	}
	return false
}

// failure gives an error the kind System, unless it has a kind already or tells of a body that did
// not arrive whole.
func failure(err error) error {
	if _, ok := errors.AsType[*rest.Fault](err); ok {
		return err
	}
	if _, ok := errors.AsType[*tap.Error](err); ok {
		return err
	}
	if errors.Is(err, text.ErrTooLong) {
		return rest.TooMuch("a row")
	}
	return tap.Errorf(tap.System, "decode the answer: %w", err)
}

// parserOf builds the decoder inside another one, as a parser.
func parserOf(c *manifest.Compiler, n *manifest.Node) (parser, error) {
	d, err := manifest.Build[rest.Decoder](c, n)
	if err != nil {
		return nil, err
	}
	switch d := d.(type) {
	case *rest.JSONDecoder:
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

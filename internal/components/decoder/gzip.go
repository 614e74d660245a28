package decoder

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/klauspost/compress/gzip"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// gzipDefinition configures a decoder that decompresses an answer for the decoder inside it. A body
// that does not begin as gzip does is read as it is, so it does not matter whether the
// Content-Encoding was decoded before.
//
//	type: GzipDecoder
//	decoder: {type: CsvDecoder}
type gzipDefinition struct {
	Decoder *manifest.Node `manifest:"decoder,required,is=CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder" doc:"The decoder of the decompressed body."`
}

func buildGzip(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def gzipDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	inner, err := parserOf(c, def.Decoder)
	if err != nil {
		return nil, err
	}
	_, isJSON := inner.(jsonParser)
	return &gzipDecoder{streamed{parser: gunzip{inner, maxExpanded}, paginates: isJSON, unpacks: true}}, nil
}

// gzipDecoder is a type of its own because it may stand inside another decoder, which not every
// streamed decoder may.
type gzipDecoder struct{ streamed }

var _ rest.Decoder = (*gzipDecoder)(nil)

// Decode yields the values while the body arrives.
func (d *gzipDecoder) Decode(r *rest.Response) iter.Seq2[any, error] { return d.streamed.Decode(r) }

// gunzip decompresses for another parser.
type gunzip struct {
	parser
	limit int64
}

func (g gunzip) parse(in io.Reader, emit func(any) bool) error {
	buffered := bufio.NewReaderSize(in, lineBuffer)
	if head, _ := buffered.Peek(2); string(head) != "\x1f\x8b" {
		return g.parser.parse(buffered, emit)
	}
	z, err := newMembers(buffered, g.limit)
	if err != nil {
		return err
	}
	defer z.close()
	return g.parser.parse(z, emit)
}

// members reads the members of a gzip body one after the other. Zeros may follow the last, as in
// Python.
type members struct {
	in   *bufio.Reader
	z    *gzip.Reader
	left int64
}

// Errors of the compressed data itself. Those of the connection are Faults.
var (
	errCut     = errors.New("the compressed data ends early")
	errTooMuch = errors.New("the answer decompresses to too much")
)

func newMembers(in *bufio.Reader, limit int64) (*members, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, gzipError(err)
	}
	z.Multistream(false)
	return &members{in: in, z: z, left: limit}, nil
}

func gzipError(err error) error {
	if err == io.ErrUnexpectedEOF || err == io.EOF { // of the data itself: errors of the connection are wrapped
		return errCut
	}
	return fmt.Errorf("decompress: %w", err)
}

// Read decompresses.
func (m *members) Read(b []byte) (int, error) {
	for {
		n, err := m.z.Read(b)
		if m.left -= int64(n); m.left < 0 {
			return 0, errTooMuch
		}
		if err == nil || n > 0 {
			return n, nil
		}
		if err != io.EOF {
			return 0, gzipError(err)
		}
		if err := m.next(); err != nil {
			return 0, err
		}
	}
}

// next goes on to the next member; io.EOF: there is none.
func (m *members) next() error {
	for {
		c, err := m.in.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			_ = m.in.UnreadByte()
			break
		}
	}
	if err := m.z.Reset(m.in); err != nil {
		return gzipError(err)
	}
	m.z.Multistream(false)
	return nil
}

func (m *members) close() { _ = m.z.Close() }

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

// GzipDecoder decompresses an answer for the decoder inside it. What does not begin as gzip does goes
// through unchanged, so it does not matter whether the Content-Encoding was taken off before.
//
//	decoder:
//	  type: GzipDecoder
//	  decoder:
//	    type: CsvDecoder

type gzipDefinition struct {
	Decoder *manifest.Node `manifest:"decoder,required,is=CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder" doc:"reads what was decompressed"`
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

// gzipDecoder is told apart from the streamed decoders that can not stand inside another one.
type gzipDecoder struct{ streamed }

var _ rest.Decoder = (*gzipDecoder)(nil)

// Decode yields the values while the body comes.
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

// members reads gzip members one after the other, with zeros allowed behind the last, as Python does.
type members struct {
	in   *bufio.Reader
	z    *gzip.Reader
	left int64
}

// The mistakes of compressed data, told apart from those of the connection that it comes through.
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
	if err == io.ErrUnexpectedEOF || err == io.EOF { // of the data itself; the connection's are wrapped
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

// next goes to the next member; io.EOF when there is none.
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

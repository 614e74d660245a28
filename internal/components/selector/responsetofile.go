package selector

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/text"
)

// responseToFileDefinition configures ResponseToFileExtractor, which makes records of the rows of a
// downloaded CSV file.
//
//	type: ResponseToFileExtractor
//	preserve_na_values: true
//
// The file may be compressed by gzip or zlib. Rows are read as they arrive, without a file on the
// disk, by the rules of pandas: see csvTable.
type responseToFileDefinition struct {
	PreserveNA bool `manifest:"preserve_na_values,default=false" doc:"Keeps texts like NA and null; only empty cells are null."`
}

func buildResponseToFile(c *manifest.Compiler, n *manifest.Node) (rest.Extractor, error) {
	var def responseToFileDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return responseToFile{keepNA: def.PreserveNA}, nil
}

type responseToFile struct{ keepNA bool }

// Extract is rest.Extractor's.
func (x responseToFile) Extract(_ context.Context, r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		stopped := false
		err := x.rows(r.Body, func(v any) bool {
			stopped = !yield(v, nil)
			return !stopped
		})
		if err == nil || stopped {
			return
		}
		if errors.Is(err, text.ErrTooLong) {
			err = rest.TooMuch("a row")
		}
		if _, ok := errors.AsType[*rest.Fault](err); !ok {
			err = tap.Errorf(tap.System, "read the file: %w", err)
		}
		yield(nil, err)
	}
}

// rows emits the rows of a file as objects, until emit returns false.
func (x responseToFile) rows(in io.Reader, emit func(any) bool) error {
	plain, err := unpacked(in)
	if err != nil {
		return err
	}
	utf8Sig, err := text.Lookup("utf-8-sig")
	if err != nil {
		return err
	}
	rows, err := text.NewCSV(text.NewLines(plain, utf8Sig, rest.MostHeld), ",", rest.MostHeld)
	if err != nil {
		return err
	}
	t := &csvTable{rows: rows, keepNA: x.keepNA, emit: emit}
	return t.read()
}

// unpacked decompresses gzip and zlib. It removes zero bytes from what is neither, as the reference
// runtime does.
func unpacked(in io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(in, 64<<10)
	head, _ := buffered.Peek(2)
	switch {
	case string(head) == "\x1f\x8b":
		z, err := gzip.NewReader(buffered)
		return cutOff{z}, err
	case len(head) == 2 && head[0] == 0x78 && bytes.IndexByte([]byte("\x01\x5e\x9c\xda"), head[1]) >= 0:
		z, err := zlib.NewReader(buffered)
		return cutOff{z}, err
	}
	return noZeros{buffered}, nil
}

var errCut = errors.New("the compressed data ends early")

// cutOff gives compressed data that ends early an error of its own, apart from that of a connection
// that broke off.
type cutOff struct{ io.Reader }

func (c cutOff) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if err == io.ErrUnexpectedEOF {
		err = errCut
	}
	return n, err
}

// noZeros leaves out zero bytes.
type noZeros struct{ io.Reader }

func (z noZeros) Read(b []byte) (int, error) {
	n, err := z.Reader.Read(b)
	if bytes.IndexByte(b[:n], 0) < 0 {
		return n, err
	}
	kept := 0
	for _, c := range b[:n] {
		if c != 0 {
			b[kept] = c
			kept++
		}
	}
	return kept, err
}

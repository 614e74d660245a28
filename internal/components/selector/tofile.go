package selector

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/text"
	"anytap/internal/value"
)

// ResponseToFileExtractor reads the rows of a CSV file, compressed or not, that an answer is. It needs no file for that: rows are
// read as they come.
//
//	download_extractor:
//	  type: ResponseToFileExtractor
//	  preserve_na_values: true
//
// The rules are those of pandas, which the reference runtime reads files with: empty lines are left out, columns without a
// name are "Unnamed: 2" and repeated names "a.1", what stands before the columns of the header is an index and left out, a row with
// more fields than the first ends the stream, and texts like "NA" and "null" are null unless preserve_na_values is set.

type toFileDefinition struct {
	PreserveNA bool `manifest:"preserve_na_values,default=false" doc:"keep texts like NA and null; only empty cells are null"`
}

func buildToFile(c *manifest.Compiler, n *manifest.Node) (rest.Extractor, error) {
	def := toFileDefinition{}
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return toFile{keepNA: def.PreserveNA}, nil
}

type toFile struct{ keepNA bool }

// Extract is rest.Extractor's.
func (x toFile) Extract(_ context.Context, r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		stopped := false
		err := x.rows(r.Body, func(v any) bool {
			stopped = !yield(v, nil)
			return !stopped
		})
		if err == nil || stopped {
			return
		}
		if _, ok := errors.AsType[*rest.Fault](err); !ok {
			err = tap.Errorf(tap.System, "read the file: %w", err)
		}
		yield(nil, err)
	}
}

// maxRow is how many bytes a row may have.
const maxRow = 1 << 30

func (x toFile) rows(in io.Reader, emit func(any) bool) error {
	plain, err := unpacked(in)
	if err != nil {
		return err
	}
	utf8Sig, err := text.Lookup("utf-8-sig")
	if err != nil {
		return err
	}
	rows, err := text.NewCSV(text.NewLines(plain, utf8Sig, maxRow), ",", maxRow)
	if err != nil {
		return err
	}
	t := &table{rows: rows, keepNA: x.keepNA, emit: emit}
	return t.read()
}

// unpacked undoes gzip and zlib, and takes zero bytes out of what is neither.
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

// cutOff tells compressed data that ends early from a connection that does.
type cutOff struct{ io.Reader }

func (c cutOff) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if err == io.ErrUnexpectedEOF {
		err = errCut
	}
	return n, err
}

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

// chunkRows is how many rows the reference runtime reads at once: those before a broken one in the same chunk are lost there.
const chunkRows = 100

// table reads rows by pandas' rules.
type table struct {
	rows   *text.CSV
	keepNA bool
	emit   func(any) bool
	names  [][]byte // the members' names as JSON, with comma and colon
	lead   int      // fields before the first column
	chunk  []any
	line   int
}

func (t *table) read() error {
	header, err := t.next()
	if err != nil {
		return endsWell(err)
	}
	t.header(header)
	t.lead = -1
	for {
		row, err := t.next()
		if err != nil {
			if err == io.EOF {
				t.flush()
			}
			return endsWell(err)
		}
		if t.lead < 0 {
			t.lead = max(0, len(row)-len(t.names))
		}
		if most := t.lead + len(t.names); len(row) > most {
			return fmt.Errorf("row %d has %d fields, expected %d", t.line, len(row), most)
		}
		t.chunk = append(t.chunk, value.LazyDict(t.object(row)))
		if len(t.chunk) == chunkRows && !t.flush() {
			return nil
		}
	}
}

func endsWell(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

func (t *table) flush() bool {
	for _, v := range t.chunk {
		if !t.emit(v) {
			return false
		}
	}
	t.chunk = t.chunk[:0]
	return true
}

// next gives the next row that is not blank.
func (t *table) next() ([][]byte, error) {
	for {
		row, err := t.rows.Next()
		t.line++
		switch {
		case err != nil:
			return nil, err
		case t.rows.Cut():
			return nil, fmt.Errorf("row %d ends inside quotes", t.line)
		case !t.rows.Blank():
			return row, nil
		}
	}
}

// header names the columns.
func (t *table) header(row [][]byte) {
	names := make([]string, len(row))
	taken := map[string]bool{}
	for i, name := range row {
		if names[i] = string(name); names[i] == "" {
			names[i] = "Unnamed: " + strconv.Itoa(i)
		}
		taken[names[i]] = true
	}
	seen := map[string]int{}
	for i, name := range names {
		unique := name
		for n := seen[name]; n > 0; n++ {
			if unique = name + "." + strconv.Itoa(n); !taken[unique] {
				seen[name] = n
				break
			}
		}
		seen[name]++
		taken[unique] = true
		lead := []byte{','}
		if i == 0 {
			lead[0] = '{'
		}
		t.names = append(t.names, append(rawjson.AppendQuoted(lead, unique), ':'))
	}
}

// object makes a JSON object of a row.
func (t *table) object(row [][]byte) []byte {
	var out []byte
	for i, name := range t.names {
		out = append(out, name...)
		at := i + t.lead
		if at >= len(row) || t.null(row[at]) {
			out = append(out, "null"...)
			continue
		}
		out = rawjson.AppendQuoted(out, string(row[at]))
	}
	return append(out, '}')
}

func (t *table) null(cell []byte) bool {
	return len(cell) == 0 || !t.keepNA && missing[string(cell)]
}

// missing are the texts that pandas takes for no value.
var missing = map[string]bool{
	"#N/A": true, "#N/A N/A": true, "#NA": true, "-1.#IND": true, "-1.#QNAN": true, "-NaN": true, "-nan": true, "1.#IND": true,
	"1.#QNAN": true, "<NA>": true, "N/A": true, "NA": true, "NULL": true, "NaN": true, "None": true, "n/a": true, "nan": true, "null": true,
}

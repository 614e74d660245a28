package selector

import (
	"fmt"
	"io"
	"strconv"

	"anytap/internal/rawjson"
	"anytap/internal/text"
	"anytap/internal/value"
)

// chunkRows is how many rows the reference runtime reads at once. A broken row loses those before
// it in its chunk.
const chunkRows = 100

// csvTable makes objects of the rows of a CSV file by the rules of pandas, with which the reference
// runtime reads files:
//
//   - Blank lines are left out.
//   - A column without a name is called after its index, as "Unnamed: 2". The second column "a" is called "a.1".
//   - If the first row has more fields than the header, the first fields of all rows are an index, which is left out.
//   - A row with still more fields ends the stream.
//   - Texts like "NA" and "null" are null, unless keepNA is set.
type csvTable struct {
	rows   *text.CSV
	keepNA bool
	emit   func(any) bool
	names  [][]byte // of the columns, as JSON with the comma before and the colon after
	lead   int      // fields before the first column; -1: not known yet
	chunk  []any
	line   int
}

// read reads the header and all rows.
func (t *csvTable) read() error {
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

// flush emits the chunk. It returns false if no more is wanted.
func (t *csvTable) flush() bool {
	for _, v := range t.chunk {
		if !t.emit(v) {
			return false
		}
	}
	t.chunk = t.chunk[:0]
	return true
}

// next returns the next row that is not blank.
func (t *csvTable) next() ([][]byte, error) {
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

// header gives the columns their names.
func (t *csvTable) header(row [][]byte) {
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

// object returns a row as a JSON object.
func (t *csvTable) object(row [][]byte) []byte {
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

func (t *csvTable) null(cell []byte) bool {
	return len(cell) == 0 || !t.keepNA && missing[string(cell)]
}

// missing are the texts that pandas takes for a missing value.
var missing = map[string]bool{
	"#N/A": true, "#N/A N/A": true, "#NA": true, "-1.#IND": true, "-1.#QNAN": true, "-NaN": true, "-nan": true, "1.#IND": true,
	"1.#QNAN": true, "<NA>": true, "N/A": true, "NA": true, "NULL": true, "NaN": true, "None": true, "n/a": true, "nan": true, "null": true,
}

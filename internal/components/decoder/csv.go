package decoder

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/text"
)

// csvDefinition configures a decoder of CSV by Python's rules: the first row names the columns, all
// values are text, the columns that a row lacks are null, and the values that a row has too many
// are a list under "null".
//
//	type: CsvDecoder
//	encoding: utf-8
//	delimiter: ","
//	set_values_to_none: ["", "NULL"]
type csvDefinition struct {
	Encoding  string   `manifest:"encoding,default=utf-8" doc:"The encoding, by Python's name."`
	Delimiter string   `manifest:"delimiter,default=," doc:"One character, or an escape of Python such as \\t."`
	None      []string `manifest:"set_values_to_none" doc:"Values that become null."`
}

func buildCSV(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	def := csvDefinition{}
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &streamed{parser: newCSVRows(def), asSent: true}, nil
}

// csvRows reads rows as records.
type csvRows struct {
	encoding  text.Encoding
	delimiter string
	none      map[string]bool
	columns   []string // their names; nil: the first row has them
	skip      bool     // the first row has names too
	// broken is a mistake of the definition that the reference runtime finds only in its first
	// answer.
	broken error
}

func newCSVRows(def csvDefinition) *csvRows {
	p := &csvRows{delimiter: def.Delimiter, none: map[string]bool{}}
	if strings.HasPrefix(p.delimiter, `\`) {
		p.delimiter = unescape(p.delimiter)
	}
	if p.delimiter == "" {
		p.delimiter = ","
	}
	for _, v := range def.None {
		p.none[v] = true
	}
	p.encoding, p.broken = text.Lookup(def.Encoding)
	return p
}

// unescape reads an escape such as \t as Python's "unicode_escape" does. Text that is no escape
// stays as it is.
func unescape(s string) string {
	if out, err := strconv.Unquote(`"` + strings.ReplaceAll(s, `"`, `\"`) + `"`); err == nil {
		return out
	}
	return s
}

func (p *csvRows) parse(in io.Reader, emit func(any) bool) error {
	if p.broken != nil {
		return tap.Errorf(tap.System, "decode CSV: %w", p.broken)
	}
	rows, err := text.NewCSV(text.NewLines(in, p.encoding, maxHeld), p.delimiter, maxHeld)
	if err != nil {
		return err
	}
	w := rowWriter{none: p.none}
	if p.columns != nil {
		names := make([][]byte, len(p.columns))
		for i, name := range p.columns {
			names[i] = []byte(name)
		}
		w.header(names)
	}
	skip := p.skip
	for {
		row, err := rows.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case skip && len(row) > 0:
			skip = false
			continue
		case !w.begun:
			w.header(row)
			continue
		case len(row) == 0:
			continue
		}
		raw := w.write(row)
		if !emit(w.slab.dict(w.slab.keep(raw), true)) {
			return nil
		}
	}
}

// rowWriter writes the rows of one body as JSON objects.
type rowWriter struct {
	none    map[string]bool
	begun   bool
	width   int      // columns of the header
	names   [][]byte // of the members, as JSON, with the brace or comma before and the colon behind
	columns []int    // the column of each member's value: the last one of that name
	out     []byte
	slab    slab
}

func (w *rowWriter) header(row [][]byte) {
	w.begun, w.width = true, len(row)
	at := map[string]int{}
	for i, name := range row {
		if k, ok := at[string(name)]; ok {
			w.columns[k] = i
			continue
		}
		at[string(name)] = len(w.columns)
		lead := []byte{','}
		if len(w.columns) == 0 {
			lead[0] = '{'
		}
		w.names = append(w.names, append(rawjson.AppendQuoted(lead, string(name)), ':'))
		w.columns = append(w.columns, i)
	}
}

func (w *rowWriter) write(row [][]byte) []byte {
	w.out = w.out[:0]
	for k, name := range w.names {
		w.out = append(w.out, name...)
		w.value(row, w.columns[k])
	}
	if len(row) > w.width {
		lead := `,"null":[`
		if w.width == 0 {
			lead = `{"null":[`
		}
		w.out = append(w.out, lead...)
		for i, v := range row[w.width:] {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			w.out = rawjson.AppendQuoted(w.out, string(v))
		}
		w.out = append(w.out, ']')
	}
	return append(w.out, '}')
}

func (w *rowWriter) value(row [][]byte, column int) {
	if column >= len(row) || len(w.none) > 0 && w.none[string(row[column])] {
		w.out = append(w.out, "null"...)
		return
	}
	w.out = appendQuoted(w.out, row[column])
}

// appendQuoted appends s as a JSON string. Text that needs no escapes is copied without making a
// string of it.
func appendQuoted(dst, s []byte) []byte {
	for _, c := range s {
		if c < ' ' || c == '"' || c == '\\' {
			return rawjson.AppendQuoted(dst, string(s))
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

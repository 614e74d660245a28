package decoder

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"anytap/internal/text"
)

// csv makes a list of objects of rows.
func (f *formats) csv(kind string, in *bufio.Reader, out io.Writer) error {
	delimiter := f.delimiter
	if delimiter == "" {
		head, _ := in.Peek(headSize)
		delimiter = delimiterOf(kind, head)
	}
	rows := &csvRows{encoding: text.UTF8, delimiter: delimiter, columns: f.columns, skip: f.header && len(f.columns) > 0}
	err := list(in, out, rows)
	if errors.Is(err, text.ErrText) {
		return errNotUTF8
	}
	return err
}

// delimiters are those that are looked for, the most usual first.
var delimiters = []string{",", ";", "\t", "|"}

// delimiterOf is the delimiter that occurs most often in the first row.
func delimiterOf(kind string, head []byte) string {
	if strings.Contains(kind, "tab-separated") || strings.HasSuffix(kind, "/tsv") {
		return "\t"
	}
	row := outsideQuotes(firstRow(head))
	best, most := ",", 0
	for _, d := range delimiters {
		if n := strings.Count(row, d); n > most {
			best, most = d, n
		}
	}
	return best
}

// firstRow is the first row of a text, which has no line end in quotes.
func firstRow(head []byte) []byte {
	quoted := false
	for i, c := range head {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted, c == '\r' && !quoted:
			return head[:i]
		}
	}
	return head
}

func outsideQuotes(row []byte) string {
	var out strings.Builder
	quoted := false
	for _, c := range row {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			out.WriteByte(c)
		}
	}
	return out.String()
}

// looksLikeCSV reports whether the first two rows of a text have the same number of fields, and
// more than one.
func looksLikeCSV(head []byte) bool {
	first := firstRow(head)
	rest := bytes.TrimLeft(head[len(first):], "\r\n")
	if len(rest) == 0 {
		return false
	}
	d := delimiterOf("", head)
	n := strings.Count(outsideQuotes(first), d)
	return n > 0 && strings.Count(outsideQuotes(firstRow(rest)), d) == n
}

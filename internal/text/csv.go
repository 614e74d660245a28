package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// CSV reads rows as Python's csv.reader does in the dialect "excel". A field may be quoted by '"',
// and has a quote of its own doubled. A quote inside an unquoted field is text, and so is what
// follows a closing quote. The end of the text ends a quoted field.
type CSV struct {
	lines     *Lines
	delimiter []byte
	max       int
	fields    [][]byte
	blank     bool
	cut       bool
	text      []byte // the fields' text, where it is not that of the line
	ends      []int  // where in text they end
}

// NewCSV reads rows of lines. The delimiter is one character. A row longer than limit bytes is an
// error.
func NewCSV(lines *Lines, delimiter string, limit int) (*CSV, error) {
	if utf8.RuneCountInString(delimiter) != 1 {
		return nil, fmt.Errorf("a delimiter must be one character, got %q", delimiter)
	}
	return &CSV{lines: lines, delimiter: []byte(delimiter), max: limit}, nil
}

// maxFields is how many fields a row may have, each of which takes memory of its own.
const maxFields = 1 << 20

// Next returns the fields of the next row; none for an empty line. They are valid until the next
// call. The error is io.EOF after the last row.
func (c *CSV) Next() ([][]byte, error) {
	line, ended, err := c.lines.Next()
	if err != nil {
		return nil, err
	}
	c.fields, c.cut = c.fields[:0], false
	if c.blank = len(bytes.Trim(line, " \t")) == 0; len(line) == 0 {
		return c.fields, nil
	}
	if bytes.IndexByte(line, '"') < 0 {
		return c.split(line)
	}
	return c.quoted(line, ended)
}

// Blank reports that the last row was a line of nothing but spaces and tabs.
func (c *CSV) Blank() bool { return c.blank }

// Cut reports that the text ended inside the quotes of the last row.
func (c *CSV) Cut() bool { return c.cut }

func (c *CSV) split(line []byte) ([][]byte, error) {
	for {
		i := bytes.Index(line, c.delimiter)
		if i < 0 {
			c.fields = append(c.fields, line)
			return c.fields, nil
		}
		if len(c.fields) >= maxFields {
			return nil, ErrTooLong
		}
		c.fields = append(c.fields, line[:i])
		line = line[i+len(c.delimiter):]
	}
}

// The states inside a row.
type place uint8

const (
	fieldStart place = iota
	inField
	inQuotes
	afterQuote // a quote inside quotes: the end of the field, or the first half of a quote
)

// quoted reads a row with quotes in it, which may go on over several lines.
func (c *CSV) quoted(line []byte, ended bool) ([][]byte, error) {
	c.text, c.ends = c.text[:0], c.ends[:0]
	at := fieldStart
	for {
		at = c.scan(line, at)
		if at != inQuotes {
			break
		}
		if ended {
			c.text = append(c.text, '\n')
		}
		if len(c.ends) > maxFields {
			return nil, ErrTooLong
		}
		if len(c.text) > c.max {
			return nil, ErrTooLong
		}
		var err error
		if line, ended, err = c.lines.Next(); errors.Is(err, io.EOF) {
			c.cut = true
			break
		} else if err != nil {
			return nil, err
		}
	}
	if c.ends = append(c.ends, len(c.text)); len(c.ends) > maxFields {
		return nil, ErrTooLong
	}
	from := 0
	for _, end := range c.ends {
		c.fields = append(c.fields, c.text[from:end])
		from = end
	}
	return c.fields, nil
}

// scan adds one line to the row.
func (c *CSV) scan(line []byte, at place) place {
	for len(line) > 0 {
		switch {
		case at == inQuotes:
			i := bytes.IndexByte(line, '"')
			if i < 0 {
				c.text = append(c.text, line...)
				return inQuotes
			}
			c.text = append(c.text, line[:i]...)
			line, at = line[i+1:], afterQuote
		case at == afterQuote && line[0] == '"':
			c.text = append(c.text, '"')
			line, at = line[1:], inQuotes
		case at == fieldStart && line[0] == '"':
			line, at = line[1:], inQuotes
		case bytes.HasPrefix(line, c.delimiter):
			c.ends = append(c.ends, len(c.text))
			line, at = line[len(c.delimiter):], fieldStart
		default:
			i := bytes.Index(line, c.delimiter)
			if i < 0 {
				i = len(line)
			}
			c.text = append(c.text, line[:i]...)
			line, at = line[i:], inField
		}
	}
	return at
}

package manifest

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// position gives the line and column in the file of a byte of a text. It is exact for texts on one line without
// escapes and for literal blocks ("|"), and else the nearest place before that it can tell.
func (d *document) position(r *raw, offset int) (line, col int) {
	line, col = int(r.line), int(r.col)
	text, ok := r.text()
	if !ok || d.data == nil || line == 0 || offset < 0 || offset > len(text) {
		return line, col
	}
	switch r.style {
	case literal:
		return d.inBlock(line, text, offset)
	case folded:
		return line + 1, 1 + indent(d.line(line+1))
	case singleQuoted, doubleQuoted:
		col++
	}
	before := text[:offset]
	if src := from(d.line(line), col); !strings.HasPrefix(string(src), before) {
		return int(r.line), int(r.col)
	}
	return line, col + utf8.RuneCountInString(before)
}

// inBlock finds the place in a literal block that starts below its header's line.
func (d *document) inBlock(header int, text string, offset int) (line, col int) {
	before := text[:offset]
	row := strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	first := d.line(header + 1)
	in := indent(first)
	for i := 0; len(bytes.TrimSpace(first)) == 0 && i < row; i++ {
		first = d.line(header + 2 + i)
		in = indent(first)
	}
	return header + 1 + row, in + 1 + utf8.RuneCountInString(before[start:])
}

func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

// from drops the characters before a column.
func from(line []byte, col int) []byte {
	for ; col > 1 && len(line) > 0; col-- {
		_, n := utf8.DecodeRune(line)
		line = line[n:]
	}
	return line
}

// line gives a line of the file, counted from 1.
func (d *document) line(n int) []byte {
	rest := d.data
	for ; n > 1; n-- {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return nil
		}
		rest = rest[i+1:]
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return line
}

package yaml11

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Position gives the line and column in data of a byte of a scalar's text, both from 1. It is exact
// for texts on one line without escapes and for literal blocks ("|"), and else the nearest place
// before that it can tell.
func (n *Node) Position(data []byte, offset int) (line, col int) {
	line, col = int(n.Line), int(n.Col)
	text, ok := n.Text()
	if !ok || data == nil || line == 0 || offset < 0 || offset > len(text) {
		return line, col
	}
	switch n.style {
	case literal:
		return inLiteral(data, line, text, offset)
	case folded:
		return line + 1, 1 + indent(lineOf(data, line+1))
	case singleQuoted, doubleQuoted:
		col++
	}
	before := text[:offset]
	if src := from(lineOf(data, line), col); !strings.HasPrefix(string(src), before) {
		return int(n.Line), int(n.Col)
	}
	return line, col + utf8.RuneCountInString(before)
}

// inLiteral finds the place in a literal block that starts below its header's line.
func inLiteral(data []byte, header int, text string, offset int) (line, col int) {
	before := text[:offset]
	row := strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	first := lineOf(data, header+1)
	in := indent(first)
	for i := 0; len(bytes.TrimSpace(first)) == 0 && i < row; i++ {
		first = lineOf(data, header+2+i)
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

// lineOf gives a line of a text, counted from 1.
func lineOf(text []byte, n int) []byte {
	for ; n > 1; n-- {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return nil
		}
		text = text[i+1:]
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

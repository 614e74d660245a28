package yaml11

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// scalar reads a quoted, plain or flow value at the current content and goes to the line after it.
func (b *blockReader) scalar(parent int) *Node {
	switch c := b.src[b.pos]; c {
	case '"', '\'':
		return b.quoted(parent)
	case '[', '{':
		r, pos := b.flow(b.pos)
		if b.failed || !b.onlyComment(pos) {
			return b.fail()
		}
		b.advance()
		return r
	}
	if !plainStart(b.src[b.pos:b.stop]) {
		return b.fail()
	}
	return b.plain(parent)
}

// onlyComment tells whether nothing but a comment follows on the line.
func (b *blockReader) onlyComment(pos int) bool {
	rest := strings.TrimLeft(b.src[pos:b.stop], " ")
	return rest == "" || rest[0] == '#' && b.src[pos] == ' '
}

// plain reads an unquoted scalar. It continues on lines that are indented more than parent.
func (b *blockReader) plain(parent int) *Node {
	r := b.node(b.pos)
	text, comment, ok := b.plainLine()
	if !ok {
		return b.fail()
	}
	var folded []byte
	blank := 0
	for b.line() {
		switch {
		case b.pos == b.stop:
			blank++
			continue
		case b.src[b.pos] == '#':
			comment = true
			continue
		case b.indent <= parent:
			return b.plainValue(r, text, folded)
		case comment:
			return b.fail()
		}
		more, ended, ok := b.plainLine()
		if !ok {
			return b.fail()
		}
		comment = ended
		if folded == nil {
			folded = append(folded, text...)
		}
		folded = append(fold(folded, blank), more...)
		blank = 0
	}
	return b.plainValue(r, text, folded)
}

func (b *blockReader) plainValue(r *Node, text string, folded []byte) *Node {
	if folded != nil {
		text = string(folded)
	}
	v, err := resolvePlain(text)
	if err != nil {
		return b.fail()
	}
	r.Value = v
	return r
}

// fold joins two lines: by a line break for each empty line between them, or by a space.
func fold(dst []byte, blank int) []byte {
	if blank == 0 {
		return append(dst, ' ')
	}
	for range blank {
		dst = append(dst, '\n')
	}
	return dst
}

// plainLine gives the current line's part of a plain scalar, and whether a comment ends it. It is
// not ok when a colon makes a key of it.
func (b *blockReader) plainLine() (text string, comment, ok bool) {
	stop := b.stop
	for i := b.pos; i < b.stop; i++ {
		switch b.src[i] {
		case ':':
			if i+1 == b.stop || b.src[i+1] == ' ' {
				return "", false, false
			}
		case '#':
			if i > b.pos && b.src[i-1] == ' ' {
				stop, comment = i, true
			}
		}
		if comment {
			break
		}
	}
	return strings.TrimRight(b.src[b.pos:stop], " "), comment, true
}

// quotedLine reads a quoted scalar that ends on its line.
func (b *blockReader) quotedLine(pos int) (text string, after int, ok bool) {
	mark := b.src[pos]
	line := b.src[:b.stop]
	for i := pos + 1; i < b.stop; i++ {
		switch c := line[i]; {
		case c == '\\' && mark == '"':
			return b.escaped(pos)
		case c != mark:
		case mark == '\'' && i+1 < b.stop && line[i+1] == '\'':
			return b.escaped(pos)
		default:
			return line[pos+1 : i], i + 1, true
		}
	}
	return "", 0, false
}

// escaped is quotedLine for a text with escapes.
func (b *blockReader) escaped(pos int) (text string, after int, ok bool) {
	var out []byte
	mark := b.src[pos]
	for i := pos + 1; i < b.stop; {
		switch c := b.src[i]; {
		case c == '\\' && mark == '"':
			r, n, ok := b.escape(i)
			if !ok {
				return "", 0, false
			}
			out = utf8.AppendRune(out, r)
			i += n
		case c != mark:
			out = append(out, c)
			i++
		case mark == '\'' && i+1 < b.stop && b.src[i+1] == '\'':
			out = append(out, c)
			i += 2
		default:
			return string(out), i + 1, true
		}
	}
	return "", 0, false
}

// simpleEscapes are those of one letter.
var simpleEscapes = map[byte]rune{'n': '\n', 't': '\t', 'r': '\r', '"': '"', '\\': '\\', '/': '/', ' ': ' ', '0': 0, 'b': '\b', 'f': '\f', 'e': 0x1b, 'a': 7, 'v': 11}

// escape reads an escape such as \n or \u00e9, which must end on the line. n is its length.
func (b *blockReader) escape(i int) (r rune, n int, ok bool) {
	if i+1 >= b.stop {
		return 0, 0, false
	}
	c := b.src[i+1]
	if r, ok := simpleEscapes[c]; ok {
		return r, 2, true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if digits == 0 || i+2+digits > b.stop {
		return 0, 0, false
	}
	hex := b.src[i+2 : i+2+digits]
	code, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || code > utf8.MaxRune || code >= 0xd800 && code < 0xe000 {
		return 0, 0, false
	}
	return rune(code), 2 + digits, true
}

// quoted reads a quoted scalar of one or several lines, and goes to the line after it.
func (b *blockReader) quoted(parent int) *Node {
	r := b.node(b.pos)
	r.style = doubleQuoted
	if b.src[b.pos] == '\'' {
		r.style = singleQuoted
	}
	text, after, ok := b.quotedLine(b.pos)
	if !ok {
		text, after, ok = b.quotedLines(parent)
	}
	if !ok || !b.onlyComment(after) {
		return b.fail()
	}
	r.Value = text
	b.advance()
	return r
}

// quotedLines reads a quoted scalar of several lines. Line breaks fold as in plain scalars, and a
// backslash at the end of a line joins it to the next without a space (in double quotes).
func (b *blockReader) quotedLines(parent int) (text string, after int, ok bool) {
	mark := b.src[b.pos]
	var out []byte
	pos := b.pos + 1
	for {
		part, after, closed, joined, ok := b.quotedPart(out, pos, mark)
		switch {
		case !ok:
			return "", 0, false
		case closed:
			return string(part), after, true
		}
		out = part
		blank := 0
		for {
			if !b.line() {
				return "", 0, false
			}
			if b.pos < b.stop {
				break
			}
			blank++
		}
		if b.indent <= parent {
			return "", 0, false
		}
		if !joined || blank > 0 {
			out = fold(out, blank)
		}
		pos = b.pos
	}
}

// quotedPart appends the text from pos to the closing mark or the line's end. joined: the line
// ended in a backslash.
func (b *blockReader) quotedPart(out []byte, pos int, mark byte) (text []byte, after int, closed, joined, ok bool) {
	white := len(out) // where white space at the end begins, unless it is escaped
	for i := pos; i < b.stop; {
		c := b.src[i]
		switch {
		case c == '\\' && mark == '"' && i+1 == b.stop:
			return out, 0, false, true, true
		case c == '\\' && mark == '"':
			r, n, ok := b.escape(i)
			if !ok {
				return out, 0, false, false, false
			}
			out = utf8.AppendRune(out, r)
			i += n
			white = len(out)
			continue
		case c != mark:
			out = append(out, c)
			i++
		case mark == '\'' && i+1 < b.stop && b.src[i+1] == '\'':
			out = append(out, c)
			i += 2
		default:
			return out, i + 1, true, false, true
		}
		if c != ' ' {
			white = len(out)
		}
	}
	return out[:white], 0, false, false, true
}

// blockScalar reads a "|" or ">" text, and goes to the line after it.
func (b *blockReader) blockScalar(parent int) *Node {
	r := b.node(b.pos)
	header := b.src[b.pos:b.stop]
	r.style = literal
	if header[0] == '>' {
		r.style = folded
	}
	strip := header[1:] == "-"
	if header[1:] != "" && !strip {
		return b.fail()
	}
	lines, ok := b.blockLines(parent)
	if !ok {
		return b.fail()
	}
	var out []byte
	for i, l := range lines {
		out = append(out, l.text...)
		if i == len(lines)-1 {
			if !strip {
				out = append(out, '\n')
			}
			break
		}
		next := lines[i+1].text
		if r.style == literal || l.text[0] == ' ' || next[0] == ' ' {
			out = append(out, '\n')
		} else if l.blank == 0 {
			out = append(out, ' ')
		}
		for range l.blank {
			out = append(out, '\n')
		}
	}
	r.Value = string(out)
	return r
}

// blockLine is a line of a block text with the number of empty lines after it.
type blockLine struct {
	text  string
	blank int
}

// blockLines gives the lines of a block text without their indentation, which is that of the first
// one.
func (b *blockReader) blockLines(parent int) (lines []blockLine, ok bool) {
	width := -1
	for b.line() {
		switch {
		case width < 0 && b.pos == b.stop:
			return nil, false // empty lines first
		case width < 0 && b.indent <= parent:
			return nil, false // no text
		case width < 0:
			width = b.indent
		}
		switch {
		case b.pos == b.stop && b.indent <= width:
			lines[len(lines)-1].blank++
			continue
		case b.pos < b.stop && b.indent < width:
			if b.src[b.pos] == '#' {
				return lines, b.advance() && b.indent <= parent || b.end
			}
			return lines, b.indent <= parent
		}
		lines = append(lines, blockLine{text: b.src[b.start+width : b.stop]})
	}
	return lines, len(lines) > 0
}

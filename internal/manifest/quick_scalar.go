package manifest

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// scalar reads a quoted, plain or flow value at the current content and goes to the line after it.
func (q *quick) scalar(parent int) *raw {
	switch c := q.src[q.pos]; c {
	case '"', '\'':
		return q.quoted(parent)
	case '[', '{':
		r, pos := q.flow(q.pos)
		if q.failed || !q.onlyComment(pos) {
			return q.fail()
		}
		q.advance()
		return r
	}
	if !plainStart(q.src[q.pos:q.stop]) {
		return q.fail()
	}
	return q.plain(parent)
}

// onlyComment tells whether nothing but a comment follows on the line.
func (q *quick) onlyComment(pos int) bool {
	rest := strings.TrimLeft(q.src[pos:q.stop], " ")
	return rest == "" || rest[0] == '#' && q.src[pos] == ' '
}

// plain reads an unquoted scalar; lines that are indented more than parent belong to it.
func (q *quick) plain(parent int) *raw {
	r := q.node(q.pos)
	text, comment, ok := q.plainLine()
	if !ok {
		return q.fail()
	}
	var folded []byte
	blank := 0
	for q.line() {
		switch {
		case q.pos == q.stop:
			blank++
			continue
		case q.src[q.pos] == '#':
			comment = true
			continue
		case q.indent <= parent:
			return q.plainValue(r, text, folded)
		case comment:
			return q.fail()
		}
		more, ended, ok := q.plainLine()
		if !ok {
			return q.fail()
		}
		comment = ended
		if folded == nil {
			folded = append(folded, text...)
		}
		folded = append(fold(folded, blank), more...)
		blank = 0
	}
	return q.plainValue(r, text, folded)
}

func (q *quick) plainValue(r *raw, text string, folded []byte) *raw {
	if folded != nil {
		text = string(folded)
	}
	v, err := resolvePlain(text)
	if err != nil {
		return q.fail()
	}
	r.value = v
	return r
}

// fold joins lines: a line break is a space, each empty line a line break.
func fold(dst []byte, blank int) []byte {
	if blank == 0 {
		return append(dst, ' ')
	}
	for range blank {
		dst = append(dst, '\n')
	}
	return dst
}

// plainLine gives the current line's part of a plain scalar, and whether a comment ends it. A colon that would make a
// key of it is not ok.
func (q *quick) plainLine() (text string, comment, ok bool) {
	stop := q.stop
	for i := q.pos; i < q.stop; i++ {
		switch q.src[i] {
		case ':':
			if i+1 == q.stop || q.src[i+1] == ' ' {
				return "", false, false
			}
		case '#':
			if i > q.pos && q.src[i-1] == ' ' {
				stop, comment = i, true
			}
		}
		if comment {
			break
		}
	}
	return strings.TrimRight(q.src[q.pos:stop], " "), comment, true
}

// quotedLine reads a quoted scalar that ends on its line.
func (q *quick) quotedLine(pos int) (text string, after int, ok bool) {
	mark := q.src[pos]
	line := q.src[:q.stop]
	for i := pos + 1; i < q.stop; i++ {
		switch c := line[i]; {
		case c == '\\' && mark == '"':
			return q.escaped(pos)
		case c != mark:
		case mark == '\'' && i+1 < q.stop && line[i+1] == '\'':
			return q.escaped(pos)
		default:
			return line[pos+1 : i], i + 1, true
		}
	}
	return "", 0, false
}

// escaped is quotedLine for texts with escapes.
func (q *quick) escaped(pos int) (text string, after int, ok bool) {
	var out []byte
	mark := q.src[pos]
	for i := pos + 1; i < q.stop; {
		switch c := q.src[i]; {
		case c == '\\' && mark == '"':
			r, n, ok := q.escape(i)
			if !ok {
				return "", 0, false
			}
			out = utf8.AppendRune(out, r)
			i += n
		case c != mark:
			out = append(out, c)
			i++
		case mark == '\'' && i+1 < q.stop && q.src[i+1] == '\'':
			out = append(out, c)
			i += 2
		default:
			return string(out), i + 1, true
		}
	}
	return "", 0, false
}

var simpleEscapes = map[byte]rune{'n': '\n', 't': '\t', 'r': '\r', '"': '"', '\\': '\\', '/': '/', ' ': ' ', '0': 0, 'b': '\b', 'f': '\f', 'e': 0x1b, 'a': 7, 'v': 11}

// escape reads an escape such as \n or \u00e9; n is its length. It must end on the line.
func (q *quick) escape(i int) (r rune, n int, ok bool) {
	if i+1 >= q.stop {
		return 0, 0, false
	}
	c := q.src[i+1]
	if r, ok := simpleEscapes[c]; ok {
		return r, 2, true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if digits == 0 || i+2+digits > q.stop {
		return 0, 0, false
	}
	hex := q.src[i+2 : i+2+digits]
	code, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || code > utf8.MaxRune || code >= 0xd800 && code < 0xe000 {
		return 0, 0, false
	}
	return rune(code), 2 + digits, true
}

// quoted reads a quoted scalar, which may go on over lines, and goes to the line after it.
func (q *quick) quoted(parent int) *raw {
	r := q.node(q.pos)
	r.style = doubleQuoted
	if q.src[q.pos] == '\'' {
		r.style = singleQuoted
	}
	text, after, ok := q.quotedLine(q.pos)
	if !ok {
		text, after, ok = q.quotedLines(parent)
	}
	if !ok || !q.onlyComment(after) {
		return q.fail()
	}
	r.value = text
	q.advance()
	return r
}

// quotedLines reads a quoted scalar over several lines: line breaks fold as in plain ones, and a backslash at the end
// of a line of double quotes joins without a space.
func (q *quick) quotedLines(parent int) (text string, after int, ok bool) {
	mark := q.src[q.pos]
	var out []byte
	pos := q.pos + 1
	for {
		part, after, closed, joined, ok := q.quotedPart(out, pos, mark)
		switch {
		case !ok:
			return "", 0, false
		case closed:
			return string(part), after, true
		}
		out = part
		blank := 0
		for {
			if !q.line() {
				return "", 0, false
			}
			if q.pos < q.stop {
				break
			}
			blank++
		}
		if q.indent <= parent {
			return "", 0, false
		}
		if !joined || blank > 0 {
			out = fold(out, blank)
		}
		pos = q.pos
	}
}

// quotedPart adds the text from pos to the closing mark or the line's end. joined: the line ended in a backslash.
func (q *quick) quotedPart(out []byte, pos int, mark byte) (text []byte, after int, closed, joined, ok bool) {
	white := len(out) // where trailing white space that is not escaped begins
	for i := pos; i < q.stop; {
		c := q.src[i]
		switch {
		case c == '\\' && mark == '"' && i+1 == q.stop:
			return out, 0, false, true, true
		case c == '\\' && mark == '"':
			r, n, ok := q.escape(i)
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
		case mark == '\'' && i+1 < q.stop && q.src[i+1] == '\'':
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

// blockScalar reads "|" and ">" texts and goes to the line after them.
func (q *quick) blockScalar(parent int) *raw {
	r := q.node(q.pos)
	header := q.src[q.pos:q.stop]
	r.style = literal
	if header[0] == '>' {
		r.style = folded
	}
	strip := header[1:] == "-"
	if header[1:] != "" && !strip {
		return q.fail()
	}
	lines, ok := q.blockLines(parent)
	if !ok {
		return q.fail()
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
	r.value = string(out)
	return r
}

// blockLine is a line of a block text with the number of empty lines after it.
type blockLine struct {
	text  string
	blank int
}

// blockLines collects the lines of a block text without their indentation, which the first one sets.
func (q *quick) blockLines(parent int) (lines []blockLine, ok bool) {
	width := -1
	for q.line() {
		switch {
		case width < 0 && q.pos == q.stop:
			return nil, false // empty lines first
		case width < 0 && q.indent <= parent:
			return nil, false // no text
		case width < 0:
			width = q.indent
		}
		switch {
		case q.pos == q.stop && q.indent <= width:
			lines[len(lines)-1].blank++
			continue
		case q.pos < q.stop && q.indent < width:
			if q.src[q.pos] == '#' {
				return lines, q.advance() && q.indent <= parent || q.end
			}
			return lines, q.indent <= parent
		}
		lines = append(lines, blockLine{text: q.src[q.start+width : q.stop]})
	}
	return lines, len(lines) > 0
}

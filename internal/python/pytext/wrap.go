package pytext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Wrap is Python's textwrap.wrap for one line: it breaks the line at blanks, and with hyphens set
// after the hyphens of words, into parts of at most width characters. A longer word is cut if
// breakLong is set, else it stands alone.
func Wrap(line string, width int, breakLong, hyphens bool) []string {
	w := &wrapper{width: width, breakLong: breakLong, hyphens: hyphens}
	wrapChunks(line, hyphens, w.chunk)
	w.flush()
	return w.lines
}

// wrapper fills lines with chunks, which are words and runs of blanks.
type wrapper struct {
	width              int
	breakLong, hyphens bool
	lines, cur         []string
	size               int // characters in cur
}

// flush ends the current line, without a blank at its end.
func (w *wrapper) flush() {
	if n := len(w.cur); n > 0 && isBlank(w.cur[n-1]) {
		w.cur = w.cur[:n-1]
	}
	if len(w.cur) > 0 {
		w.lines = append(w.lines, strings.Join(w.cur, ""))
	}
	w.cur, w.size = w.cur[:0], 0
}

func (w *wrapper) chunk(c string) {
	n := Len(c)
	for {
		switch {
		case w.size == 0 && len(w.lines) > 0 && isBlank(c):
			return
		case w.size+n <= w.width:
			w.cur, w.size = append(w.cur, c), w.size+n
			return
		case n > w.width && w.breakLong:
			head := w.head(c, n)
			w.cur = append(w.cur, head)
			n -= Len(head)
			c = c[len(head):]
		case w.size == 0:
			w.cur = append(w.cur, c)
			w.flush()
			return
		}
		w.flush()
	}
}

// head is the part of a long word, of n characters, that still fits in the line.
func (w *wrapper) head(c string, n int) string {
	head := Prefix(c, max(w.width-w.size, 1))
	if w.hyphens && n > w.width-w.size {
		if k := strings.LastIndexByte(head, '-'); k > 0 && strings.Trim(head[:k], "-") != "" {
			return head[:k+1]
		}
	}
	return head
}

// isBlank reports whether a chunk is white space. Its first character tells.
func isBlank(c string) bool {
	r, _ := utf8.DecodeRuneInString(c)
	return c == "" || IsSpace(r) && strings.TrimFunc(c, IsSpace) == ""
}

// wrapChunks takes the words and runs of blanks of a line. If hyphens is set, it also splits words
// after hyphens.
func wrapChunks(line string, hyphens bool, take func(string)) {
	from, blank := 0, false
	var before [2]rune // the characters before r
	for i, r := range line {
		b := strings.ContainsRune("\t\n\x0b\x0c\r ", r)
		if from < i && b != blank {
			take(line[from:i])
			from = i
		}
		blank = b
		if hyphens && r == '-' && isWordRune(before[1]) && unicode.IsLetter(before[1]) && isWordRune(before[0]) {
			next, n := utf8.DecodeRuneInString(line[i+1:])
			if unicode.IsLetter(next) && i+1+n < len(line) {
				take(line[from : i+1])
				from = i + 1
			}
		}
		before = [2]rune{before[1], r}
	}
	if from < len(line) {
		take(line[from:])
	}
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' }

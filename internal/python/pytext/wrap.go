package pytext

import (
	"strings"
	"unicode"
)

// Wrap is Python's textwrap.wrap for one line: it breaks the line at blanks, and with hyphens set
// after the hyphens of words, into parts of at most width characters. A longer word is cut if
// breakLong is set, else it stands alone.
func Wrap(line string, width int, breakLong, hyphens bool) []string {
	chunks := wrapChunks(line, hyphens)
	var lines []string
	var cur []string
	size := 0
	flush := func() {
		if n := len(cur); n > 0 && strings.TrimFunc(cur[n-1], IsSpace) == "" {
			cur = cur[:n-1]
		}
		if len(cur) > 0 {
			lines = append(lines, strings.Join(cur, ""))
		}
		cur, size = nil, 0
	}
	for i := 0; i < len(chunks); i++ {
		c := chunks[i]
		n := Len(c)
		if size == 0 && len(lines) > 0 && strings.TrimFunc(c, IsSpace) == "" {
			continue
		}
		if size+n <= width {
			cur, size = append(cur, c), size+n
			continue
		}
		if n > width && breakLong {
			head := Prefix(c, max(width-size, 1))
			if hyphens && Len(c) > width-size {
				if k := strings.LastIndexByte(head, '-'); k > 0 && strings.Trim(head[:k], "-") != "" {
					head = head[:k+1]
				}
			}
			cur = append(cur, head)
			chunks[i] = c[len(head):]
			i--
			flush()
			continue
		}
		if size == 0 {
			cur = append(cur, c)
			flush()
			continue
		}
		flush()
		i--
	}
	flush()
	return lines
}

// wrapChunks splits a line into words and runs of blanks. If hyphens is set, it also splits words
// after hyphens.
func wrapChunks(line string, hyphens bool) []string {
	var out []string
	cur, blank := "", false
	rs := []rune(line)
	for i, r := range rs {
		b := strings.ContainsRune("\t\n\x0b\x0c\r ", r)
		if cur != "" && b != blank {
			out = append(out, cur)
			cur = ""
		}
		blank = b
		cur += string(r)
		if hyphens && r == '-' && i >= 2 && i+2 < len(rs) && isWordRune(rs[i-1]) && unicode.IsLetter(rs[i-1]) &&
			unicode.IsLetter(rs[i+1]) && isWordRune(rs[i-2]) {
			out = append(out, cur)
			cur = ""
		}
	}
	if cur != "" {
		out = append(out, cur)
	}
	return out
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' }

package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// index finds needles by their first four bytes, without regard to the case of ASCII letters.
type index struct {
	filter  [1 << 13]uint16 // how many needles have a start of this hash
	byStart map[uint32][]*needle
}

// startLen is how many bytes of a needle are its start.
const startLen = 4

// lower is the small letter of an ASCII letter, and every other byte as it is.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func startOf(text string) uint32 {
	return uint32(lower(text[0]))<<24 | uint32(lower(text[1]))<<16 | uint32(lower(text[2]))<<8 | uint32(lower(text[3]))
}

// hash spreads starts over the filter.
func hash(start uint32) uint32 { return start * 2654435761 >> (32 - 13) }

func (x *index) add(n *needle) {
	start := startOf(n.text)
	x.filter[hash(start)]++
	x.byStart[start] = append(x.byStart[start], n)
}

func (x *index) remove(n *needle) {
	start := startOf(n.text)
	x.filter[hash(start)]--
	if x.byStart[start] = slices.DeleteFunc(x.byStart[start], func(other *needle) bool { return other == n }); len(x.byStart[start]) == 0 {
		delete(x.byStart, start)
	}
}

// match is a needle in a text.
type match struct {
	*needle
	at int
}

// scan hands out the needles in a text, those that touch or overlap together, until found returns
// false. It then returns false too. Words are left out where they are a part of a longer one.
func (x *index) scan(text string, found func(group []match) bool) bool {
	if len(x.byStart) == 0 || len(text) < startLen {
		return true
	}
	var group []match
	end := 0
	start := startOf(text) >> 8
	for i := startLen - 1; i < len(text); i++ {
		start = start<<8 | uint32(lower(text[i]))
		if x.filter[hash(start)] == 0 {
			continue
		}
		at := i + 1 - startLen
		for _, n := range x.byStart[start] {
			if !n.at(text, at) {
				continue
			}
			if at > end {
				if stands(group, text, end) && !found(group) {
					return false
				}
				group = group[:0]
			}
			group, end = append(group, match{n, at}), max(end, at+len(n.text))
		}
	}
	return !stands(group, text, end) || found(group)
}

// shortestCut is how much of a secret must be left for its beginning to be hidden.
const shortestCut = 6

// scanCuts hands out the beginnings of needles at which a message was cut off ("…" or "..."), as
// scan does.
func (x *index) scanCuts(text string, found func(group []match) bool) bool {
	for _, sign := range []string{"…", "..."} {
		for at := 0; ; at += len(sign) {
			i := strings.Index(text[at:], sign)
			if i < 0 {
				break
			}
			at += i
			if m, ok := x.cutAt(text[:at]); ok && !found([]match{m}) {
				return false
			}
		}
	}
	return true
}

// cutAt finds the longest beginning of a needle that a text ends with.
func (x *index) cutAt(text string) (longest match, ok bool) {
	for _, needles := range x.byStart {
		for _, n := range needles {
			for size := min(len(n.text)-1, len(text)); !n.word && size >= shortestCut; size-- {
				if ok && size <= len(longest.text) {
					break
				}
				beginning := needle{text: n.text[:size], secret: n.secret, spelling: within, exact: n.exact}
				if beginning.at(text, len(text)-size) {
					longest, ok = match{&beginning, len(text) - size}, true
					break
				}
			}
		}
	}
	return longest, ok
}

// stands reports whether there are matches, and not only words that are a part of a longer one.
func stands(group []match, text string, end int) bool {
	if len(group) == 0 {
		return false
	}
	if slices.ContainsFunc(group, func(m match) bool { return !m.word }) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:group[0].at])
	behind, _ := utf8.DecodeRuneInString(text[end:])
	return !inWord(before) && !inWord(behind)
}

// at reports whether a text holds the needle at a place.
func (n *needle) at(text string, at int) bool {
	end := at + len(n.text)
	if end > len(text) {
		return false
	}
	if n.exact {
		return text[at:end] == n.text
	}
	return sameLetters(text[at:end], n.text)
}

// sameLetters compares texts of the same length without regard to the case of ASCII letters.
func sameLetters(a, b string) bool {
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

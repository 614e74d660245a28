package pytime

import (
	"strings"
	"unicode"

	"anytap/internal/python/pytext"
)

// freeTokens splits a text into words, numbers and single other characters. It decides at the end
// of a token whether its dots and commas belong to a number or separate tokens.
func freeTokens(s string) []string {
	var out []string
	rs := []rune(strings.ReplaceAll(s, "\x00", ""))
	for i := 0; i < len(rs); {
		r := rs[i]
		if !unicode.IsLetter(r) && !pytext.IsDigit(r) {
			if pytext.IsSpace(r) {
				out = append(out, " ")
			} else {
				out = append(out, string(r))
			}
			i++
			continue
		}
		word, end := freeWord(rs, i)
		out = append(out, word...)
		i = end
	}
	return out
}

// States of the tokenizer: within letters or digits, without a dot or comma so far or after one.
const (
	inLetters = iota
	inDigits
	inDottedLetters
	inDottedDigits
)

func freeWord(rs []rune, start int) ([]string, int) {
	state, letters := inDigits, false
	if unicode.IsLetter(rs[start]) {
		state = inLetters
	}
	i := start + 1
	for ; i < len(rs); i++ {
		r := rs[i]
		isWord, isNum, last := unicode.IsLetter(r), pytext.IsDigit(r), rs[i-1]
		next := -1
		switch state {
		case inLetters:
			letters = true
			switch {
			case isWord:
				next = inLetters
			case r == '.':
				next = inDottedLetters
			}
		case inDigits:
			switch {
			case isNum:
				next = inDigits
			case r == '.' || r == ',' && i-start >= 2:
				next = inDottedDigits
			}
		case inDottedLetters:
			letters = true
			switch {
			case r == '.' || isWord:
				next = inDottedLetters
			case isNum && last == '.':
				next = inDottedDigits
			}
		case inDottedDigits:
			switch {
			case r == '.' || isNum:
				next = inDottedDigits
			case isWord && last == '.':
				next = inDottedLetters
			}
		}
		if next < 0 {
			break
		}
		state = next
	}
	return splitWord(string(rs[start:i]), state, letters), i
}

// splitWord splits a token at its dots and commas, unless it is a decimal number.
func splitWord(token string, state int, letters bool) []string {
	dotted := state == inDottedLetters || state == inDottedDigits
	last := token[len(token)-1]
	var rest []string
	if dotted && (letters || strings.Count(token, ".") > 1 || last == '.' || last == ',') {
		parts := splitKeeping(token)
		token, rest = parts[0], parts[1:]
	}
	if state == inDottedDigits && !strings.Contains(token, ".") {
		token = strings.ReplaceAll(token, ",", ".")
	}
	return append([]string{token}, rest...)
}

// splitKeeping splits a text at dots and commas, which become tokens of their own.
func splitKeeping(s string) []string {
	var out []string
	cur := ""
	for _, r := range s {
		if r != '.' && r != ',' {
			cur += string(r)
			continue
		}
		if cur != "" {
			out = append(out, cur)
		}
		out = append(out, string(r))
		cur = ""
	}
	if cur != "" {
		out = append(out, cur)
	}
	return out
}

// Words that a free text may contain: those without a meaning, units (0 is the hour, 2 the second)
// and halves of the day.
var (
	freeJumps = map[string]bool{
		" ": true, ".": true, ",": true, ";": true, "-": true, "/": true, "'": true, "at": true, "on": true, "and": true,
		"ad": true, "m": true, "t": true, "of": true, "st": true, "nd": true, "rd": true, "th": true,
	}
	freeUnits = map[string]int{
		"h": 0, "hour": 0, "hours": 0, "m": 1, "minute": 1, "minutes": 1, "s": 2, "second": 2, "seconds": 2,
	}
	freeHalves = map[string]int{"am": 0, "a": 0, "pm": 1, "p": 1}
)

func isJump(s string) bool { return freeJumps[strings.ToLower(s)] }

func unitOf(s string) (int, bool) {
	u, ok := freeUnits[strings.ToLower(s)]
	return u, ok
}

func halfOf(s string) (int, bool) {
	h, ok := freeHalves[strings.ToLower(s)]
	return h, ok
}

func isUTCName(s string) bool {
	switch strings.ToLower(s) {
	case "utc", "gmt", "z":
		return true
	}
	return false
}

// weekdayOf is the number of a weekday's name, short or full; Monday is 0.
func weekdayOf(s string) (int, bool) {
	s = strings.ToLower(s)
	for i, short := range names['a'] {
		if s == short {
			return i, true
		}
	}
	for _, full := range names['A'] {
		if s == full {
			return weekdayOf(s[:3])
		}
	}
	return 0, false
}

// monthOf is the number of a month's name, short or full.
func monthOf(s string) (int, bool) {
	s = strings.ToLower(s)
	for i, short := range names['b'] {
		if s == short || i == 8 && s == "sept" {
			return i + 1, true
		}
	}
	for _, full := range names['B'] {
		if s == full {
			return monthNumber(s), true
		}
	}
	return 0, false
}

// couldBeZone reports whether a word may name a time zone.
func (r *freeResult) couldBeZone(s string, ignoreOffset bool) bool {
	if r.hour < 0 || r.tzname != "" || r.tzoffset != nil && !ignoreOffset || len(s) > 5 || s == "" {
		return false
	}
	if s == "z" {
		return true
	}
	for _, c := range s {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

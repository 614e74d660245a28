package pytext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"anytap/internal/value"
)

// upperSpecial are the letters whose capital form has several characters.
var upperSpecial = map[rune]string{
	'ß': "SS", 'ŉ': "ʼN", 'ǰ': "J̌", 'ΐ': "Ϊ́", 'ΰ': "Ϋ́", 'և': "ԵՒ",
	'ﬀ': "FF", 'ﬁ': "FI", 'ﬂ': "FL", 'ﬃ': "FFI", 'ﬄ': "FFL", 'ﬅ': "ST", 'ﬆ': "ST",
}

// Upper is Python's str.upper.
func Upper(s string) string {
	if IsASCII(s) {
		return strings.ToUpper(s)
	}
	return mapText(s, func(r rune, _ int) string {
		if t, ok := upperSpecial[r]; ok {
			return t
		}
		return string(unicode.ToUpper(r))
	})
}

// Lower is Python's str.lower.
func Lower(s string) string {
	if !strings.ContainsAny(s, "İΣ") && utf8.ValidString(s) {
		return strings.ToLower(s)
	}
	return mapText(s, func(r rune, i int) string {
		switch r {
		case 'İ':
			return "i̇"
		case 'Σ':
			if finalSigma(s, i) {
				return "ς"
			}
		}
		return string(unicode.ToLower(r))
	})
}

// finalSigma reports whether the capital sigma at i ends a word. Its lower case is then "ς" instead
// of "σ".
func finalSigma(s string, i int) bool {
	before := s[:i]
	for {
		r, n := utf8.DecodeLastRuneInString(before)
		if n == 0 {
			return false
		}
		if before = before[:len(before)-n]; caseIgnorable(r) {
			continue
		}
		if !isCased(r) {
			return false
		}
		break
	}
	for _, r := range s[i+len("Σ"):] {
		if !caseIgnorable(r) {
			return !isCased(r)
		}
	}
	return true
}

// midLetters are the punctuation marks that may stand inside a word: Unicode's MidLetter, MidNumLet
// and Single_Quote.
const midLetters = "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a"

// caseIgnorable reports whether r has Unicode's property Case_Ignorable: such a character may stand
// inside a word without ending it.
func caseIgnorable(r rune) bool {
	return strings.ContainsRune(midLetters, r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}

func isCased(r rune) bool {
	return IsUpper(r) || IsLower(r) || unicode.IsTitle(r)
}

// mapText replaces each character except surrogates.
func mapText(s string, f func(r rune, at int) string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := value.DecodeRune(s[i:])
		if r >= 0xd800 && r <= 0xdfff || r == unicode.ReplacementChar {
			b.WriteString(s[i : i+n])
		} else {
			b.WriteString(f(r, i))
		}
		i += n
	}
	return b.String()
}

// Capitalize is Python's str.capitalize.
func Capitalize(s string) string {
	if s == "" {
		return s
	}
	n := RuneLen(s)
	return titleRune(s[:n]) + Lower(s)[len(Lower(s[:n])):]
}

// titleRune gives the form of the character c at the beginning of a word.
func titleRune(c string) string {
	r, _ := value.DecodeRune(c)
	if t, ok := upperSpecial[r]; ok {
		if r == 'ŉ' {
			return t
		}
		first := []rune(t)
		return string(first[0]) + Lower(string(first[1:]))
	}
	return string(unicode.ToTitle(r))
}

// Title is Python's str.title: each run of letters begins with a capital.
func Title(s string) string {
	cased := false
	return mapText(s, func(r rune, i int) string {
		out := ""
		if cased {
			out = Lower(string(r))
			if r == 'Σ' && finalSigma(s, i) {
				out = "ς"
			}
		} else {
			out = titleRune(string(r))
		}
		cased = isCased(r)
		return out
	})
}

// SwapCase is Python's str.swapcase.
func SwapCase(s string) string {
	return mapText(s, func(r rune, i int) string {
		switch {
		case r == 'Σ' && finalSigma(s, i):
			return "ς"
		case IsUpper(r):
			return Lower(string(r))
		case IsLower(r):
			return Upper(string(r))
		}
		return string(r)
	})
}

// Casefold is Python's str.casefold, except for rare letters.
func Casefold(s string) string {
	return mapText(s, func(r rune, _ int) string {
		switch r {
		case 'ς':
			return "σ"
		case 'ẞ':
			return "ss"
		}
		if t, ok := upperSpecial[r]; ok {
			return Lower(t)
		}
		return Lower(string(r))
	})
}

// All reports whether s is not empty and is holds for all of its characters.
func All(s string, is func(rune) bool) bool {
	for i := 0; i < len(s); {
		r, n := value.DecodeRune(s[i:])
		if !is(r) {
			return false
		}
		i += n
	}
	return s != ""
}

// HasCase is str.islower or str.isupper: s has cased letters, and all of them are of the wanted
// case.
func HasCase(s string, wanted func(rune) bool) bool {
	found := false
	for _, r := range s {
		if !isCased(r) {
			continue
		}
		if !wanted(r) {
			return false
		}
		found = true
	}
	return found
}

// IsTitle is Python's str.istitle.
func IsTitle(s string) bool {
	found, cased := false, false
	for _, r := range s {
		switch {
		case IsUpper(r) || unicode.IsTitle(r):
			if cased {
				return false
			}
			cased, found = true, true
		case IsLower(r):
			if !cased {
				return false
			}
			found = true
		default:
			cased = false
		}
	}
	return found
}

// IsDigit reports whether r is a digit to str.isdigit, which includes superscripts and digits in
// circles.
func IsDigit(r rune) bool {
	switch {
	case unicode.Is(unicode.Nd, r):
		return true
	case r == 0xb2 || r == 0xb3 || r == 0xb9 || r == 0x2070 || r >= 0x2074 && r <= 0x2079 || r >= 0x2080 && r <= 0x2089:
		return true
	case r >= 0x2460 && r <= 0x2468 || r >= 0x2474 && r <= 0x247c || r >= 0x2488 && r <= 0x2490:
		return true
	}
	return r == 0x24ea || r >= 0x24f5 && r <= 0x24fd || r == 0x24ff || r >= 0x2776 && r <= 0x277e || r >= 0x2780 && r <= 0x2788 || r >= 0x278a && r <= 0x2792
}

// ASCIIDigits replaces the decimal digits of other scripts by those of ASCII, as int() and float()
// do.
func ASCIIDigits(s string) string {
	if IsASCII(s) {
		return s
	}
	return mapText(s, func(r rune, _ int) string {
		if d, ok := decimalDigit(r); ok {
			return string('0' + d)
		}
		return string(r)
	})
}

// decimalDigit is the value of a decimal digit. The ten digits of a script are consecutive, so each
// range begins with a zero.
func decimalDigit(r rune) (rune, bool) {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	return 0, false
}

// IsLower reports whether r is a lower-case letter.
func IsLower(r rune) bool { return unicode.IsLower(r) || unicode.Is(unicode.Other_Lowercase, r) }

// IsUpper reports whether r is an upper-case letter.
func IsUpper(r rune) bool { return unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r) }

package syntax

import "anytap/internal/python/number"

// floatLen is the length of the float at the beginning of s, or 0 if there is none.
func floatLen(s string) int {
	n := number.DigitsLen(s)
	if n == 0 {
		return 0
	}
	found := false
	if n < len(s) && s[n] == '.' {
		if m := number.DigitsLen(s[n+1:]); m > 0 {
			n += 1 + m
			found = true
		}
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		i := n + 1
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if m := number.DigitsLen(s[i:]); m > 0 {
			return i + m
		}
	}
	if !found {
		return 0
	}
	return n
}

// integerLen is the length of the integer at the beginning of s, which must be a digit.
func integerLen(s string) int {
	if s[0] != '0' {
		return number.DigitsLen(s)
	}
	if len(s) > 2 {
		valid := ""
		switch s[1] {
		case 'b', 'B':
			valid = "01"
		case 'o', 'O':
			valid = "01234567"
		case 'x', 'X':
			valid = "0123456789abcdefABCDEF"
		}
		if n := number.BaseDigitsLen(s[min(2, len(s)):], valid); valid != "" && n > 0 {
			return 2 + n
		}
	}
	return max(1, number.BaseDigitsLen(s, "0"))
}

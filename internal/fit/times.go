package fit

// isDateTime reports whether a text is a date-time of RFC 3339, with its offset, as
// "2026-01-31T08:00:00.5Z". A date alone is none.
func isDateTime(b []byte) bool {
	const pattern = "dddd-dd-ddTdd:dd:dd"
	if len(b) <= len(pattern) {
		return false
	}
	for i := range len(pattern) {
		if c := b[i]; pattern[i] == 'd' && !isDigit(c) || pattern[i] != 'd' && c != pattern[i] {
			return false
		}
	}
	year, month, day := two(b[0:])*100+two(b[2:]), two(b[5:]), two(b[8:])
	if year == 0 || month < 1 || month > 12 || day < 1 || day > days(year, month) || two(b[11:]) > 23 || two(b[14:]) > 59 || two(b[17:]) > 59 {
		return false
	}
	b = b[len(pattern):]
	if b[0] == '.' {
		n := 1
		for n < len(b) && isDigit(b[n]) {
			n++
		}
		if n == 1 {
			return false
		}
		b = b[n:]
	}
	switch {
	case len(b) == 1:
		return b[0] == 'Z'
	case len(b) == 6 && (b[0] == '+' || b[0] == '-') && b[3] == ':':
		return isDigit(b[1]) && isDigit(b[2]) && isDigit(b[4]) && isDigit(b[5]) && two(b[1:]) < 24 && two(b[4:]) < 60
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// two is the number that two digits make.
func two(b []byte) int { return int(b[0]-'0')*10 + int(b[1]-'0') }

// days is how many days a month has.
func days(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

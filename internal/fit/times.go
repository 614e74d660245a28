package fit

import "encoding/binary"

// isDateTime reports whether a text is a date-time of RFC 3339, with its offset, as
// "2026-01-31T08:00:00.5Z". A date alone is none.
func isDateTime(b []byte) bool {
	const pattern = "0000-00-00T00:00:00"
	if len(b) <= len(pattern) || b[16] != ':' || !isDigit(b[17]) || !isDigit(b[18]) {
		return false
	}
	// Eight bytes at once: what is left of a digit is its value, and of a separator nothing.
	day, clock := binary.LittleEndian.Uint64(b)^dayShape, binary.LittleEndian.Uint64(b[8:])^clockShape
	if (day|(day+dayMost)|clock|(clock+clockMost))&highs != 0 {
		return false
	}
	year, month := int(byte(day))*1000+int(byte(day>>8))*100+int(byte(day>>16))*10+int(byte(day>>24)), tens(day>>40)
	if date := tens(clock); year == 0 || month < 1 || month > 12 || date < 1 || date > 28 && date > days(year, month) {
		return false
	}
	if tens(clock>>24) > 23 || tens(clock>>48) > 59 || two(b[17:]) > 59 {
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

var (
	dayShape   = binary.LittleEndian.Uint64([]byte("0000-00-"))
	clockShape = binary.LittleEndian.Uint64([]byte("00T00:00"))
)

const (
	highs = 0x8080808080808080
	// With this added, a digit above 9 and a separator above 0 get their high bit.
	dayMost   = 0x7F_76_76_7F_76_76_76_76
	clockMost = 0x76_76_7F_76_76_7F_76_76
)

// tens is the number that the two lowest bytes of w make, the first one its tens.
func tens(w uint64) int { return int(byte(w))*10 + int(byte(w>>8)) }

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

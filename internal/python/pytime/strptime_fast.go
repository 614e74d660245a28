package pytime

import (
	"time"

	"anytap/internal/python/pytext"
)

// fields holds what fast has read. A field that the format does not have keeps its default.
type fields struct {
	year, month, day, hour, minute, second, micro, offset int
	zoned                                                 bool
}

// fast reads the usual formats without trying alternatives: every number must have all its digits.
// If it fails, match decides.
func (l *layout) fast(s string) (t time.Time, naive, ok bool) {
	f := fields{year: 1900, month: 1, day: 1}
	at := 0
	for i := range l.parts {
		p := &l.parts[i]
		n := 0
		switch {
		case p.directive != 0:
			n = f.read(p.directive, s[at:])
		case len(p.text) == 1 && at < len(s) && s[at] == p.text[0]:
			n = 1
		}
		if n == 0 {
			return t, false, false
		}
		at += n
	}
	if at != len(s) || CheckDate(f.year, f.month, f.day) != nil || f.second > 59 || !l.has['Y'] {
		return t, false, false
	}
	loc := time.UTC
	if f.offset != 0 {
		loc = time.FixedZone("", f.offset)
	}
	return time.Date(f.year, time.Month(f.month), f.day, f.hour, f.minute, f.second, f.micro*1000, loc), !f.zoned, true
}

// read reads one directive and gives its length, or 0 if match must decide.
func (f *fields) read(directive byte, s string) int {
	switch directive {
	case 'Y':
		return number4(s, &f.year)
	case 'm':
		return number2(s, &f.month, 12)
	case 'd':
		return number2(s, &f.day, 31)
	case 'H':
		return number2(s, &f.hour, 23)
	case 'M':
		return number2(s, &f.minute, 59)
	case 'S':
		return number2(s, &f.second, 61)
	case 'f':
		n := min(pytext.CountDigits(s), 6)
		for i := range 6 {
			f.micro *= 10
			if i < n {
				f.micro += int(s[i] - '0')
			}
		}
		return n
	case 'z':
		return f.zone(s)
	}
	return 0
}

func (f *fields) zone(s string) int {
	f.zoned = true
	if s == "Z" {
		return 1
	}
	if len(s) != 6 && len(s) != 5 || s[0] != '+' && s[0] != '-' || len(s) == 6 && s[3] != ':' {
		return 0
	}
	var h, m int
	if number2(s[1:], &h, 23) == 0 || number2(s[len(s)-2:], &m, 59) == 0 {
		return 0
	}
	f.offset = h*3600 + m*60
	if s[0] == '-' {
		f.offset = -f.offset
	}
	return len(s)
}

// number2 reads a number of two digits into n. It gives their length, or 0 if there are no two
// digits or the number exceeds limit.
func number2(s string, n *int, limit int) int {
	if len(s) < 2 || s[0]-'0' > 9 || s[1]-'0' > 9 {
		return 0
	}
	if *n = int(s[0]-'0')*10 + int(s[1]-'0'); *n > limit {
		return 0
	}
	return 2
}

func number4(s string, n *int) int {
	var high, low int
	if number2(s, &high, 99) == 0 || number2(s[2:], &low, 99) == 0 {
		return 0
	}
	*n = high*100 + low
	return 4
}

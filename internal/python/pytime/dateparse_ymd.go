package pytime

import "time"

// ymd collects the numbers of a date, and the positions of year, month and day among them; -1 if a
// position is unknown.
type ymd struct {
	vals             []int
	year, month, day int
	century          bool // the year was written with its century
}

// label says which field of a date a number is.
type label uint8

const (
	anyPart label = iota
	yearPart
	monthPart
	dayPart
)

// addText adds a number that is given as text. With more than two digits it is a year.
func (y *ymd) addText(s string, l label) bool {
	n, ok := atoi(s)
	if ok && len(s) > 2 {
		y.century = true
		if l != anyPart && l != yearPart {
			return false
		}
		l = yearPart
	}
	return ok && y.put(n, l)
}

// add adds a number. Above 100 it is a year.
func (y *ymd) add(n int, l label) bool {
	if n > 100 {
		y.century = true
		if l != anyPart && l != yearPart {
			return false
		}
		l = yearPart
	}
	return y.put(n, l)
}

func (y *ymd) put(n int, l label) bool {
	y.vals = append(y.vals, n)
	at := map[label]*int{yearPart: &y.year, monthPart: &y.month, dayPart: &y.day}[l]
	if at == nil {
		return true
	}
	if *at >= 0 {
		return false
	}
	*at = len(y.vals) - 1
	return true
}

func (y *ymd) couldBeDay(n int) bool {
	switch {
	case y.day >= 0:
		return false
	case y.month < 0:
		return n >= 1 && n <= 31
	}
	year := 2000
	if y.year >= 0 {
		year = y.vals[y.year]
	}
	return n >= 1 && n <= time.Date(year, time.Month(y.vals[y.month])+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// resolve decides which number is which field. A field that is missing is -1. ok is false if there
// are too many numbers.
func (y *ymd) resolve() (year, month, day int, ok bool) {
	known := 0
	for _, at := range []int{y.year, y.month, y.day} {
		if at >= 0 {
			known++
		}
	}
	n := len(y.vals)
	if n > 0 && n == known || n == 3 && known == 2 {
		year, month, day = y.known()
		return year, month, day, true
	}
	v := y.vals
	switch {
	case n > 3:
		return 0, 0, 0, false
	case n == 1 || y.month >= 0 && n == 2:
		year, month, day = y.one()
	case n == 2 && v[0] > 31:
		year, month, day = v[0], v[1], -1
	case n == 2 && v[1] > 31:
		year, month, day = v[1], v[0], -1
	case n == 2:
		year, month, day = -1, v[0], v[1]
	case n == 3:
		year, month, day = y.three()
	default:
		return -1, -1, -1, true
	}
	return year, month, day, true
}

// known gives the fields whose positions are known. If two of three are known, the third one
// follows.
func (y *ymd) known() (year, month, day int) {
	at := []int{y.year, y.month, y.day}
	if len(y.vals) == 3 {
		for i := range at {
			if at[i] < 0 {
				at[i] = 3 - at[(i+1)%3] - at[(i+2)%3]
			}
		}
	}
	out := []int{-1, -1, -1}
	for i, k := range at {
		if k >= 0 {
			out[i] = y.vals[k]
		}
	}
	return out[0], out[1], out[2]
}

// one decides which field a single number is, apart from a month that was given by name.
func (y *ymd) one() (year, month, day int) {
	year, month, day = -1, -1, -1
	other := y.vals[0]
	if y.month >= 0 {
		month = y.vals[y.month]
		if len(y.vals) == 1 {
			return year, month, day
		}
		other = y.vals[1-y.month]
	}
	if other > 31 {
		return other, month, day
	}
	return year, month, other
}

// three decides which of three numbers is which field.
func (y *ymd) three() (year, month, day int) {
	v := y.vals
	switch y.month {
	case 0:
		if v[1] > 31 {
			return v[1], v[0], v[2]
		}
		return v[2], v[0], v[1]
	case 1:
		if v[0] > 31 {
			return v[0], v[1], v[2]
		}
		return v[2], v[1], v[0]
	case 2:
		if v[1] > 31 {
			return v[1], v[2], v[0]
		}
		return v[0], v[2], v[1]
	}
	switch {
	case v[0] > 31 || y.year == 0:
		return v[0], v[1], v[2]
	case v[0] > 12:
		return v[2], v[1], v[0]
	}
	return v[2], v[0], v[1]
}

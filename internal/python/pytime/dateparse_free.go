package pytime

import (
	"math/big"
	"strings"

	"anytap/internal/python/pytext"
)

// freeParser reads the tokens of a text.
type freeParser struct {
	toks []string
	i    int
	year int // the present one
	ymd  ymd
	res  freeResult
}

func (p *freeParser) tok(i int) string {
	if i >= 0 && i < len(p.toks) {
		return p.toks[i]
	}
	return ""
}

func (p *freeParser) has(i int) bool { return i < len(p.toks) }

// run reads all tokens. It reports false if the text is no time.
func (p *freeParser) run() bool {
	for ; p.i < len(p.toks); p.i++ {
		if !p.token() {
			return false
		}
	}
	var ok bool
	r := &p.res
	if r.year, r.month, r.day, ok = p.ymd.resolve(); !ok {
		return false
	}
	if r.year >= 0 && !p.ymd.century {
		r.year = p.fullYear(r.year)
	}
	zero := 0
	switch {
	case r.tzoffset != nil && *r.tzoffset == 0 && r.tzname == "", r.tzname == "Z", r.tzname == "z":
		r.tzname, r.tzoffset = "UTC", &zero
	case r.tzname != "" && isUTCName(r.tzname):
		r.tzoffset = &zero
	}
	return true
}

func (p *freeParser) token() bool {
	t := p.tok(p.i)
	if n, ok := freeNumber(t); ok {
		return n != nil && p.number(t, n)
	}
	if d, ok := weekdayOf(t); ok {
		p.res.weekday = d
		return true
	}
	if m, ok := monthOf(t); ok {
		return p.month(m)
	}
	if h, ok := halfOf(t); ok {
		if p.res.hour < 0 || p.res.hour > 12 {
			return false
		}
		p.res.hour, p.res.ampm = halfDay(p.res.hour, h), h
		return true
	}
	if p.res.couldBeZone(t, false) {
		p.zone(t)
		return true
	}
	if p.res.hour >= 0 && (t == "+" || t == "-") {
		return p.offset(t)
	}
	return isJump(t)
}

// freeNumber reads a number. The number is nil for words that float() accepts, such as "nan".
func freeNumber(s string) (*big.Rat, bool) {
	switch strings.ToLower(s) {
	case "nan", "inf", "infinity":
		return nil, true
	}
	if s == "" || s[0] < '0' || s[0] > '9' {
		return nil, pytext.All(s, pytext.IsDigit)
	}
	n, ok := new(big.Rat).SetString(s)
	return n, ok || pytext.All(s, pytext.IsDigit)
}

func halfDay(hour, half int) int {
	switch {
	case hour < 12 && half == 1:
		return hour + 12
	case hour == 12 && half == 0:
		return 0
	}
	return hour
}

// month reads the day and year that may follow the name of a month.
func (p *freeParser) month(m int) bool {
	if !p.ymd.add(m, monthPart) {
		return false
	}
	i := p.i
	if sep := p.tok(i + 1); sep == "-" || sep == "/" {
		if !p.has(i+2) || !p.ymd.addText(p.tok(i+2), anyPart) {
			return false
		}
		if p.tok(i+3) == sep {
			if !p.has(i+4) || !p.ymd.addText(p.tok(i+4), anyPart) {
				return false
			}
			p.i += 2
		}
		p.i += 2
		return true
	}
	if p.has(i+4) && p.tok(i+1) == " " && p.tok(i+3) == " " && strings.EqualFold(p.tok(i+2), "of") {
		if n, ok := atoi(p.tok(i + 4)); ok {
			// The number after "of" is always a year.
			p.ymd.century = p.ymd.century || p.fullYear(n) > 99
			if !p.ymd.put(p.fullYear(n), yearPart) {
				return false
			}
		}
		p.i += 4
	}
	return true
}

// zone reads the name of a zone. If an offset follows the name, its sign is reversed: "GMT+3" is
// three hours behind UTC.
func (p *freeParser) zone(name string) {
	r := &p.res
	r.tzname = name
	if isUTCName(name) {
		zero := 0
		r.tzoffset = &zero
	}
	next := p.tok(p.i + 1)
	if next != "+" && next != "-" {
		return
	}
	p.toks[p.i+1] = map[string]string{"+": "-", "-": "+"}[next]
	r.tzoffset = nil
	if isUTCName(name) {
		r.tzname = ""
	}
}

func (p *freeParser) offset(sign string) bool {
	if !p.has(p.i + 1) {
		return false
	}
	t := p.tok(p.i + 1)
	hours, minutes, ok1, ok2 := 0, 0, true, true
	switch {
	case len(t) == 4:
		hours, ok1 = atoi(t[:2])
		minutes, ok2 = atoi(t[2:])
	case p.tok(p.i+2) == ":":
		hours, ok1 = atoi(t)
		minutes, ok2 = atoi(p.tok(p.i + 3))
		p.i += 2
	case len(t) <= 2:
		hours, ok1 = atoi(t)
	default:
		return false
	}
	if !ok1 || !ok2 {
		return false
	}
	off := hours*3600 + minutes*60
	if sign == "-" {
		off = -off
	}
	p.res.tzoffset = &off
	i := p.i
	if p.has(i+5) && isJump(p.tok(i+2)) && p.tok(i+3) == "(" && p.tok(i+5) == ")" && len(p.tok(i+4)) >= 3 &&
		p.res.couldBeZone(p.tok(i+4), true) {
		p.res.tzname = p.tok(i + 4)
		p.i += 4
	}
	p.i++
	return true
}

// number reads a number together with its unit or separators.
func (p *freeParser) number(t string, n *big.Rat) bool {
	i, r := p.i, &p.res
	next := p.tok(i + 1)
	_, nextIsUnit := unitOf(next)
	whole, _, _ := twoParts(n, 1)
	switch {
	case len(p.ymd.vals) == 3 && (len(t) == 2 || len(t) == 4) && r.hour < 0 && (!p.has(i+1) || next != ":" && !nextIsUnit):
		var ok bool
		if r.hour, ok = atoi(t[:2]); ok && len(t) == 4 {
			r.minute, ok = atoi(t[2:])
		}
		return ok
	case len(t) == 6 || len(t) > 6 && strings.IndexByte(t, '.') == 6:
		return p.sixDigits(t)
	case len(t) == 8 || len(t) == 12 || len(t) == 14:
		return p.longDigits(t)
	}
	if at := p.unitIndex(); at >= 0 {
		return p.withUnit(t, n, at)
	}
	if p.has(i+2) && next == ":" {
		return p.clock(whole)
	}
	if p.has(i+1) && (next == "-" || next == "/" || next == ".") {
		return p.date(t, next)
	}
	half, isHalf := halfOf(next)
	switch {
	case !p.has(i+1) || isJump(next):
		p.i++
		if h, ok := halfOf(p.tok(i + 2)); ok && p.has(i+2) {
			r.hour = halfDay(whole, h)
			p.i++
			return true
		}
		return p.ymd.add(whole, anyPart)
	case isHalf && whole < 24:
		r.hour = halfDay(whole, half)
		p.i++
		return true
	case p.ymd.couldBeDay(whole) && (n.IsInt() || p.ymd.couldBeDay(whole+1)):
		return p.ymd.add(whole, anyPart)
	}
	return false
}

// sixDigits reads YYMMDD or, after a date, HHMMSS.
func (p *freeParser) sixDigits(t string) bool {
	if len(p.ymd.vals) == 0 && !strings.Contains(t, ".") {
		return p.ymd.addText(t[:2], anyPart) && p.ymd.addText(t[2:4], anyPart) && p.ymd.addText(t[4:], anyPart)
	}
	var ok1, ok2 bool
	p.res.hour, ok1 = atoi(t[:2])
	p.res.minute, ok2 = atoi(t[2:4])
	return ok1 && ok2 && p.seconds(t[4:])
}

// longDigits reads YYYYMMDD[hhmm[ss]].
func (p *freeParser) longDigits(t string) bool {
	if !p.ymd.addText(t[:4], yearPart) || !p.ymd.addText(t[4:6], anyPart) || !p.ymd.addText(t[6:8], anyPart) {
		return false
	}
	ok := true
	if len(t) > 8 {
		var ok2 bool
		p.res.hour, ok = atoi(t[8:10])
		p.res.minute, ok2 = atoi(t[10:12])
		ok = ok && ok2
	}
	if ok && len(t) > 12 {
		p.res.second, ok = atoi(t[12:])
	}
	return ok
}

// seconds reads seconds with a fraction.
func (p *freeParser) seconds(t string) bool {
	whole, frac, found := strings.Cut(t, ".")
	var ok bool
	if p.res.second, ok = atoi(whole); !ok {
		return false
	}
	p.res.micro = 0
	if found {
		p.res.micro, ok = atoi((frac + "000000")[:6])
	}
	return ok
}

// unitIndex finds the token with the unit of a number: hours, minutes or seconds. It gives -1 if
// there is none.
func (p *freeParser) unitIndex() int {
	i := p.i
	is := func(k int) bool {
		_, ok := unitOf(p.tok(k))
		return ok
	}
	switch {
	case is(i + 1):
		return i + 1
	case p.tok(i+1) == " " && is(i+2):
		return i + 2
	case i > 0 && is(i-1):
		return i - 1
	case i > 1 && i == len(p.toks)-1 && p.tok(i-1) == " " && is(i-2):
		return i - 2
	}
	return -1
}

func (p *freeParser) withUnit(t string, n *big.Rat, at int) bool {
	unit, _ := unitOf(p.tok(at))
	if at > p.i {
		p.i = at
	} else {
		unit++
	}
	whole, part, has := twoParts(n, 60)
	switch unit {
	case 0:
		p.res.hour = whole
		if has {
			p.res.minute = part
		}
	case 1:
		p.res.minute, p.res.second = whole, -1
		if has {
			p.res.second = part
		}
	case 2:
		return p.seconds(t)
	}
	return true
}

// clock reads hh:mm[:ss[.ffffff]].
func (p *freeParser) clock(hour int) bool {
	p.res.hour = hour
	n, ok := freeNumber(p.tok(p.i + 2))
	if !ok || n == nil {
		return false
	}
	var part int
	var has bool
	p.res.minute, part, has = twoParts(n, 60)
	p.res.second = -1
	if has {
		p.res.second = part
	}
	if p.has(p.i+4) && p.tok(p.i+3) == ":" {
		if !p.seconds(p.tok(p.i + 4)) {
			return false
		}
		p.i += 2
	}
	p.i += 2
	return true
}

// date reads numbers or a month with a separator between them.
func (p *freeParser) date(t, sep string) bool {
	if !p.ymd.addText(t, anyPart) {
		return false
	}
	i := p.i
	if p.has(i+2) && !isJump(p.tok(i+2)) {
		if !p.part(p.tok(i + 2)) {
			return false
		}
		if p.tok(i+3) == sep {
			if !p.has(i+4) || !p.part(p.tok(i+4)) {
				return false
			}
			p.i += 2
		}
		p.i++
	}
	p.i++
	return true
}

func (p *freeParser) part(t string) bool {
	if m, ok := monthOf(t); ok {
		return p.ymd.add(m, monthPart)
	}
	return p.ymd.addText(t, anyPart)
}

package cursor

import (
	"bytes"
	"errors"
	"time"

	"anytap/internal/value"
)

// valueKind says what was found where a record has its cursor value.
type valueKind int

const (
	sameValue       valueKind = iota // the same text as in the record before
	dateValue                        // a time
	noValue                          // the field is absent or null
	unreadableValue                  // no format fits: the record is read, but does not move the cursor
	brokenValue                      // the reference runtime ends the slice at such a value
)

// valueOf reads the cursor value of a record. In most cases the record's raw text is enough, and
// nothing is decoded. p remembers the text of the last value, so that equal ones are parsed once;
// nil: nothing is remembered.
func (b *bounds) valueOf(p *peak, record *value.Dict) (instant, valueKind, error) {
	raw, ok := record.Raw(b.field)
	if !ok {
		return b.decodeValue(record)
	}
	if p != nil {
		if p.raw != nil && bytes.Equal(raw, p.raw) {
			return instant{}, sameValue, nil
		}
		p.raw = append(p.raw[:0], raw...)
	}
	at, found := b.dates.parseRaw(raw)
	if found == matches {
		return at, dateValue, nil
	}
	return b.decodeValue(record)
}

// decodeValue is valueOf for values that have to be decoded.
func (b *bounds) decodeValue(record *value.Dict) (instant, valueKind, error) {
	v, _ := record.Get(b.field)
	if v == nil {
		return instant{}, noValue, nil
	}
	t, err := b.dates.parse(v)
	switch {
	case err == nil:
		return instantOf(t), dateValue, nil
	case errors.Is(err, errNoDate):
		return instant{}, unreadableValue, err
	}
	return instant{}, brokenValue, err
}

func instantOf(t time.Time) instant {
	_, offset := t.Zone()
	return instant{micros: t.UnixMicro(), offset: offset}
}

// parseRaw reads the JSON text of a value in the usual forms, without allocating.
func (d *dates) parseRaw(raw []byte) (instant, match) {
	text, quoted := raw, len(raw) > 1 && raw[0] == '"'
	if quoted {
		text = raw[1 : len(raw)-1]
	}
	if quoted && bytes.IndexByte(text, '\\') >= 0 || !quoted && !allDigits(text) {
		return instant{}, undecided
	}
	for i := range d.input {
		f := &d.input[i]
		switch {
		case f.epoch == epochFloat || f.epoch == noEpoch && f.fast == nil:
			return instant{}, undecided
		case f.epoch != noEpoch:
			return f.countFast(text)
		}
		if at, found := parseFast(f.fast, text); found != differs {
			return at, found
		}
	}
	return instant{}, differs
}

// countFast reads a number of seconds or their fractions.
func (f *format) countFast(text []byte) (instant, match) {
	if len(text) == 0 || len(text) > 18 || !allDigits(text) {
		return instant{}, undecided
	}
	n := int64(0)
	for _, c := range text {
		n = n*10 + int64(c-'0')
	}
	per := f.epoch.micros()
	if n > maxTime.UnixMicro()/per {
		return instant{}, undecided
	}
	return instant{micros: n * per}, matches
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if !isDigit(c) {
			return false
		}
	}
	return len(text) > 0
}

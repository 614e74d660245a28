package cursor

import (
	"bytes"
	"errors"
	"time"

	"anytap/internal/value"
)

// sight is what a look at a record's cursor value gave.
type sight int

const (
	isSame    sight = iota // the value is that of the record before
	isValue                // a date
	isMissing              // no such field, or null
	isUnknown              // a value that no format fits
	isBroken               // a value that ends the slice
)

// glance reads the cursor value of a record. Its own text is enough in most cases, and nothing is decoded.
func (b *bounds) glance(p *peak, record *value.Dict) (instant, sight, error) {
	raw, ok := record.Raw(b.field)
	if !ok {
		return b.study(record)
	}
	if p != nil {
		if p.raw != nil && bytes.Equal(raw, p.raw) {
			return instant{}, isSame, nil
		}
		p.raw = append(p.raw[:0], raw...)
	}
	at, verdict := b.dates.glance(raw)
	if verdict == fits {
		return at, isValue, nil
	}
	return b.study(record)
}

// study is glance for values that need decoding.
func (b *bounds) study(record *value.Dict) (instant, sight, error) {
	v, _ := record.Get(b.field)
	if v == nil {
		return instant{}, isMissing, nil
	}
	t, err := b.dates.parse(v)
	switch {
	case err == nil:
		return instantOf(t), isValue, nil
	case errors.Is(err, errNoDate):
		return instant{}, isUnknown, err
	}
	return instant{}, isBroken, err
}

func instantOf(t time.Time) instant {
	_, offset := t.Zone()
	return instant{micros: t.UnixMicro(), offset: offset}
}

// glance reads a member's text if it has one of the usual forms.
func (d *dates) glance(raw []byte) (instant, verdict) {
	text, quoted := raw, len(raw) > 1 && raw[0] == '"'
	if quoted {
		text = raw[1 : len(raw)-1]
	}
	if quoted && bytes.IndexByte(text, '\\') >= 0 || !quoted && !allDigits(text) {
		return instant{}, unsure
	}
	for i := range d.input {
		f := &d.input[i]
		switch {
		case f.epoch == epochFloat || f.epoch == noEpoch && f.fast == nil:
			return instant{}, unsure
		case f.epoch != noEpoch:
			return f.countFast(text)
		}
		if at, verdict := parseFast(f.fast, text); verdict != differs {
			return at, verdict
		}
	}
	return instant{}, differs
}

// countFast reads a number of seconds or their fractions.
func (f *format) countFast(text []byte) (instant, verdict) {
	if len(text) == 0 || len(text) > 18 || !allDigits(text) {
		return instant{}, unsure
	}
	n := int64(0)
	for _, c := range text {
		n = n*10 + int64(c-'0')
	}
	per := f.epoch.micros()
	if n > maxTime.UnixMicro()/per {
		return instant{}, unsure
	}
	return instant{micros: n * per}, fits
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if !isDigit(c) {
			return false
		}
	}
	return len(text) > 0
}

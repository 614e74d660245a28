package cursor

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"anytap/internal/value"
)

// key is a value of a replication key with what it is compared by.
type key struct {
	value  any // as it came
	text   string
	number any // int64, *big.Int or float64; nil: it is no number
	at     time.Time
	form   timeForm
	isTime bool
}

// newKey reads a value of a state or the configuration.
func newKey(v any) (key, error) { return (&timeReader{}).key(v) }

// key reads a value of a record.
func (r *timeReader) key(v any) (key, error) {
	k := key{value: v}
	switch v := v.(type) {
	case int64, *big.Int, float64:
		k.number, k.text = v, value.Str(v)
	case string:
		k.text = v
		if k.at, k.form, k.isTime = r.parse(v); !k.isTime {
			k.number = numberIn(v)
		}
	default:
		return k, fmt.Errorf("is a %s, expected a date-time, a number or a text", value.TypeName(v))
	}
	return k, nil
}

// numberIn parses a text as a number; nil: it is no number.
func numberIn(text string) any {
	if text == "" || strings.Trim(text, "0123456789.+-eE") != "" {
		return nil
	}
	if n, ok := new(big.Int).SetString(text, 10); ok {
		return value.Integer(n)
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) {
		return f
	}
	return nil
}

// less compares times as such, numbers as such, and everything else as texts. Texts that begin with
// a number and a hyphen, such as CouchDB's update sequences, go by that number first.
func (k *key) less(other *key) bool {
	switch {
	case k.isTime && other.isTime:
		return k.at.Before(other.at)
	case k.number != nil && other.number != nil:
		less, err := value.Order("<", k.number, other.number)
		return err == nil && less
	}
	a, b := leadingNumber(k.text), leadingNumber(other.text)
	if a != "" && b != "" && len(a) != len(b) {
		return len(a) < len(b)
	}
	return k.text < other.text
}

// leadingNumber is the number, without zeros in front, that a text begins with if a hyphen follows.
func leadingNumber(text string) string {
	digits := strings.TrimLeft(text, "0123456789")
	if len(digits) == len(text) || digits == "" || digits[0] != '-' {
		return ""
	}
	n := strings.TrimLeft(text[:len(text)-len(digits)], "0")
	if n == "" {
		return "0"
	}
	return n
}

// epochUnits are the units in which numbers may count since 1970, each with the least number that
// is taken for a time: that of September 2001, as a smaller one may be anything.
var epochUnits = []struct {
	per   time.Duration
	least float64
}{{time.Microsecond, 1e15}, {time.Millisecond, 1e12}, {time.Second, 1e9}}

// epochUnit is the unit in which a number counts since 1970, by its size. ok is false for what is
// no such number.
func epochUnit(number any) (per time.Duration, count float64, ok bool) {
	count, ok = floatOf(number)
	for _, u := range epochUnits {
		if ok && count >= u.least && count < u.least*10 {
			return u.per, count, true
		}
	}
	return 0, count, false
}

// moment is the time that a key stands for, and the time that passes before its next value. Numbers
// of the size of epoch times count as such. ok is false for what is no time.
func (k *key) moment() (at time.Time, unit time.Duration, ok bool) {
	if k.isTime {
		return k.at, k.form.unit, true
	}
	unit, count, ok := epochUnit(k.number)
	if !ok {
		return at, 0, false
	}
	per := int64(time.Second / unit)
	if n, whole := k.number.(int64); whole {
		return time.Unix(n/per, n%per*int64(unit)).UTC(), unit, true
	}
	whole, part := math.Modf(count / float64(per))
	return time.Unix(int64(whole), int64(part*1e9)).UTC(), time.Microsecond, true
}

func floatOf(n any) (float64, bool) {
	switch n := n.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// back is the key so much before k, written as k is: a time by d, any other number by as many as d
// has seconds.
func (k *key) back(d duration) (key, error) {
	at, _, ok := k.moment()
	if !ok {
		n, ok := k.number.(int64)
		if !ok || d.months != 0 {
			return *k, fmt.Errorf("is %s, which is neither a time nor a whole number, so nothing can be subtracted", value.Repr(k.value))
		}
		return newKey(alike(k.value, n-int64(d.fixed/value.Second)))
	}
	at, err := d.minus(at)
	if err != nil {
		return *k, err
	}
	return k.like(at)
}

// like is the key of another time, written as k is.
func (k *key) like(at time.Time) (key, error) {
	if k.isTime {
		return (&timeReader{format: k.form}).key(k.form.write(at))
	}
	per, _, ok := epochUnit(k.number)
	if !ok {
		return *k, fmt.Errorf("is %s, which is no time", value.Repr(k.value))
	}
	if _, whole := k.number.(int64); whole {
		return newKey(alike(k.value, at.UnixNano()/int64(per)))
	}
	return newKey(alike(k.value, float64(at.UnixMicro())/float64(per/time.Microsecond)))
}

// alike is a number, as a text if v is one.
func alike(v, number any) any {
	if _, text := v.(string); text {
		return value.Str(number)
	}
	return number
}

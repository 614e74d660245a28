package jinja

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"anytap/internal/value"
)

// Formats that stand for a whole number since 1970 instead of a calendar date.
const (
	formatSeconds = "%s"
	formatReal    = "%s_as_float"
	formatMicros  = "%epoch_microseconds"
	formatMillis  = "%ms"
	millisInside  = "%_ms" // milliseconds inside a format
)

// ParseDatetime reads a time in a manifest's datetime format: Python's
// strptime directives, strict as there, and "%s", "%s_as_float", "%ms",
// "%epoch_microseconds" alone and "%_ms" inside. Without zone it is in UTC.
func ParseDatetime(format, text string) (time.Time, error) {
	return parseDatetime(format, text)
}

func parseDatetime(format string, v any) (time.Time, error) {
	switch format {
	case formatSeconds:
		if s, ok := v.(string); ok && len(s) < 12 && s != "" && digits(s) == len(s) {
			n, err := strconv.ParseInt(s, 10, 64)
			if err == nil && n <= maxSeconds {
				return time.Unix(n, 0).UTC(), nil
			}
		}
		n, err := intOf(v)
		if err != nil {
			return time.Time{}, err
		}
		return fromSeconds(n)
	case formatReal:
		f, err := floatOf(v)
		if err != nil {
			return time.Time{}, err
		}
		return fromFloat(f)
	case formatMicros:
		return sinceEpoch(v, 1)
	case formatMillis:
		return sinceEpoch(v, 1000)
	}
	s, err := str(v)
	if err != nil {
		return time.Time{}, err
	}
	t, _, err := strptime(s, strings.ReplaceAll(format, millisInside, "%f"))
	return t, err
}

// FormatDatetime writes a time in a manifest's datetime format: Python's
// strftime directives and those that ParseDatetime knows on top.
func FormatDatetime(t time.Time, format string) string {
	f := unixSeconds(t)
	switch format {
	case formatSeconds:
		return truncated(f)
	case formatReal:
		return value.Repr(f)
	case formatMicros:
		return truncated(f * 1_000_000)
	case formatMillis:
		return truncated(f * 1000)
	}
	if !strings.Contains(format, millisInside) {
		return strftime(clock{t: t}, format)
	}
	micros := fmt.Sprintf("%06d", t.Nanosecond()/1000)
	s := strftime(clock{t: t}, strings.ReplaceAll(format, millisInside, "%f"))
	return strings.ReplaceAll(s, micros, micros[:3])
}

func truncated(f float64) string { return strconv.FormatInt(int64(f), 10) }

// intOf is Python's int().
func intOf(v any) (*big.Int, error) {
	if n, ok := number(v); ok {
		if f, isFloat := n.(float64); isFloat {
			x, err := floatToInt(f)
			return bigInt(x), err
		}
		return bigInt(n), nil
	}
	s, ok := text(v)
	if !ok {
		if b, isBytes := v.(value.Bytes); isBytes {
			s, ok = string(b), true
		}
	}
	if !ok {
		if err := raised(v); err != nil {
			return nil, err
		}
		return nil, raiseType("int() argument must be a string, a bytes-like object or a real number, not '%s'", value.TypeName(v))
	}
	return parseInt(s, 10)
}

// floatOf is Python's float().
func floatOf(v any) (float64, error) {
	if n, ok := number(v); ok {
		return toFloat(n)
	}
	s, ok := text(v)
	if !ok {
		if err := raised(v); err != nil {
			return 0, err
		}
		return 0, raiseType("float() argument must be a string or a real number, not '%s'", value.TypeName(v))
	}
	return textToFloat(s)
}

// textToFloat reads a float as Python's float() does.
func textToFloat(s string) (float64, error) {
	t := asciiDigits(strings.TrimFunc(s, isSpace))
	body := strings.TrimLeft(t, "+-")
	bad := raiseValue("could not convert string to float: %s", value.Repr(s))
	if len(t)-len(body) > 1 {
		return 0, bad
	}
	switch strings.ToLower(body) {
	case "inf", "infinity":
		if t[0] == '-' {
			return math.Inf(-1), nil
		}
		return math.Inf(1), nil
	case "nan":
		return math.NaN(), nil
	}
	n, _ := decimalLen(body)
	if n == 0 || n != len(body) {
		return 0, bad
	}
	f, ok := parseFloat(t)
	if !ok {
		return 0, bad
	}
	return f, nil
}

// Limits of Python's datetime, in seconds since 1970.
const (
	minSeconds = -62135596800
	maxSeconds = 253402300799
)

func fromSeconds(n *big.Int) (time.Time, error) {
	if !n.IsInt64() {
		return time.Time{}, raise(overflowError, "timestamp out of range for platform time_t")
	}
	s := n.Int64()
	if s < minSeconds || s > maxSeconds {
		if s < -67768040609740800 || s > 67767976233532799 {
			return time.Time{}, raise(overflowError, "timestamp out of range for platform time_t")
		}
		return time.Time{}, raiseValue("year is out of range")
	}
	return time.Unix(s, 0).UTC(), nil
}

// fromFloat rounds to microseconds, half to even.
func fromFloat(f float64) (time.Time, error) {
	if math.IsNaN(f) {
		return time.Time{}, raiseValue("cannot convert float NaN to integer")
	}
	if math.IsInf(f, 0) {
		return time.Time{}, raise(overflowError, "cannot convert float infinity to integer")
	}
	whole, frac := math.Modf(f)
	us := math.RoundToEven(frac * 1e6)
	if whole < minSeconds || whole > maxSeconds {
		if math.Abs(whole) > 9e18 {
			return time.Time{}, raise(overflowError, "timestamp out of range for platform time_t")
		}
		return time.Time{}, raiseValue("year is out of range")
	}
	return time.Unix(int64(whole), int64(us)*1000).UTC(), nil
}

func sinceEpoch(v any, unit int64) (time.Time, error) {
	n, err := intOf(v)
	if err != nil {
		return time.Time{}, err
	}
	n = new(big.Int).Mul(n, big.NewInt(unit))
	if !n.IsInt64() || n.Int64() < minSeconds*1_000_000 || n.Int64() > (maxSeconds+1)*1_000_000-1 {
		return time.Time{}, raise(overflowError, "date value out of range")
	}
	return time.UnixMicro(n.Int64()).UTC(), nil
}

// parseInt is Python's int() of a text: blanks around it, a sign and single
// underscores are allowed, and a prefix that fits the base.
func parseInt(s string, base int) (*big.Int, error) {
	t := asciiDigits(strings.TrimFunc(s, isSpace))
	bad := raiseValue("invalid literal for int() with base %d: %s", base, value.Repr(s))
	sign := ""
	if t != "" && (t[0] == '+' || t[0] == '-') {
		sign, t = t[:1], t[1:]
	}
	prefix := 0
	if len(t) > 1 && t[0] == '0' {
		prefix = map[byte]int{'b': 2, 'o': 8, 'x': 16}[t[1]|0x20]
	}
	switch {
	case prefix != 0 && (base == prefix || base == 0):
		base, t = prefix, strings.TrimPrefix(t[2:], "_")
	case base == 0 && len(t) > 1 && t[0] == '0' && strings.Trim(t, "0_") != "":
		return nil, bad
	case base == 0:
		base = 10
	}
	if t == "" || strings.HasPrefix(t, "_") || strings.HasSuffix(t, "_") || strings.Contains(t, "__") || strings.ContainsAny(t, "+-") {
		return nil, bad
	}
	t = strings.ReplaceAll(t, "_", "")
	if len(t) > maxIntDigits && base&(base-1) != 0 {
		return nil, raiseValue("Exceeds the limit (%d digits) for integer string conversion", maxIntDigits)
	}
	n, ok := new(big.Int).SetString(sign+t, base)
	if !ok {
		return nil, bad
	}
	return n, nil
}

package jinja

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"anytap/internal/value"
)

// globalTable holds the names that every template knows.
var globalTable = map[string]any{
	"now_utc":                  global("now_utc", "", nowUTC),
	"today_utc":                global("today_utc", "", todayUTC),
	"today_with_timezone":      global("today_with_timezone", "timezone", todayWithTimezone),
	"timestamp":                global("timestamp", "dt", timestamp),
	"max":                      global("max", "*args", func(st *thread, a []any) (any, error) { return extreme(st, "max", a[0].(value.Tuple)) }),
	"min":                      global("min", "*args", func(st *thread, a []any) (any, error) { return extreme(st, "min", a[0].(value.Tuple)) }),
	"day_delta":                global("day_delta", "num_days, format='%Y-%m-%dT%H:%M:%S.%f%z'", dayDelta),
	"duration":                 global("duration", "datestring", durationMacro),
	"format_datetime":          global("format_datetime", "dt, format, input_format=None", formatDatetime),
	"str_to_datetime":          global("str_to_datetime", "s", strToDatetime),
	"sanitize_url":             global("sanitize_url", "value", sanitizeURL),
	"camel_case_to_snake_case": global("camel_case_to_snake_case", "value", camelToSnake),
	"generate_uuid":            global("generate_uuid", "", generateUUID),
	"dict":                     class("dict", "*args, **kwargs", newDict),
	"namespace":                class("Namespace", "*args, **kwargs", newNamespace),
	"cycler":                   class("Cycler", "*items", newCycler),
	"joiner":                   class("Joiner", "sep=', '", newJoiner),
	"lipsum":                   global("generate_lorem_ipsum", "n=5, html=True, min=20, max=100", lipsum),
}

func global(name, signature string, fn func(*thread, []any) (any, error)) *builtin {
	return late(def(name, signature, fn))
}

// classVal is a class that can be called.
type classVal struct{ *builtin }

func class(name, signature string, fn func(*thread, []any) (any, error)) classVal {
	return classVal{global(name, signature, fn)}
}

// TypeName is part of value.Object.
func (classVal) TypeName() string { return "type" }

// Repr is part of value.Object.
func (c classVal) Repr() string {
	if c.name == "dict" {
		return "<class 'dict'>"
	}
	return "<class 'jinja2.utils." + c.name + "'>"
}

// Str is part of value.Object.
func (c classVal) Str() string { return c.Repr() }

func nowUTC(st *thread, _ []any) (any, error) { return value.Datetime{Time: st.now()}, nil }

func todayUTC(st *thread, _ []any) (any, error) { return value.DateOf(st.now()), nil }

func todayWithTimezone(st *thread, a []any) (any, error) {
	name, ok := text(a[0])
	if !ok {
		if err := raised(a[0]); err != nil {
			return nil, err
		}
		return nil, raise("UnknownTimeZoneError", "%s", value.Repr(a[0]))
	}
	loc, err := location(name)
	if err != nil {
		return nil, err
	}
	return value.DateOf(st.now().In(loc)), nil
}

func timestamp(_ *thread, a []any) (any, error) {
	switch v := a[0].(type) {
	case int64, *big.Int:
		return v, nil
	case bool:
		n, _ := number(v)
		return n, nil
	case float64:
		return floatToInt(v)
	}
	t, err := parseISO(a[0])
	if err != nil {
		return nil, err
	}
	return unixSeconds(t), nil
}

func dayDelta(st *thread, a []any) (any, error) {
	n, ok := number(a[0])
	if !ok {
		return nil, raiseType("unsupported type for timedelta days component: %s", value.TypeName(a[0]))
	}
	f, err := toFloat(n)
	if err != nil {
		return nil, err
	}
	d, err := makeDelta(deltaParts{days: f})
	if err != nil {
		return nil, err
	}
	t, err := addDelta(st.now(), d)
	if err != nil {
		return nil, err
	}
	format, ok := text(a[1])
	if !ok {
		return nil, raiseType("strftime() argument 1 must be str, not %s", value.TypeName(a[1]))
	}
	return strftime(clock{at: t}, format), nil
}

func durationMacro(_ *thread, a []any) (any, error) {
	s, ok := text(a[0])
	if !ok {
		return nil, raiseType("Expecting a string %s", value.Repr(a[0]))
	}
	d, err := ParseDuration(s)
	if err != nil {
		return nil, err
	}
	if d.Calendar() {
		return &d, nil
	}
	return d.Delta, nil
}

func strToDatetime(_ *thread, a []any) (any, error) {
	t, err := parseISO(a[0])
	if err != nil {
		return nil, err
	}
	return value.Datetime{Time: t}, nil
}

// formatDatetime is the macro of this name: a time as it is, everything else
// parsed first.
func formatDatetime(st *thread, a []any) (any, error) {
	format, isText := text(a[1])
	if t, ok := a[0].(value.Datetime); ok {
		if !isText {
			return nil, raiseType("strftime() argument 1 must be str, not %s", value.TypeName(a[1]))
		}
		return strftime(clock{at: t.Time, naive: t.Naive}, format), nil
	}
	t, err := datetimeInput(a[0], a[2])
	if err != nil {
		return nil, err
	}
	if !isText {
		if _, err := contains(st, a[1], "%_ms"); err != nil {
			return nil, err
		}
		return nil, raiseType("strftime() argument 1 must be str, not %s", value.TypeName(a[1]))
	}
	return FormatDatetime(t, format), nil
}

// datetimeInput reads the first argument of format_datetime.
func datetimeInput(v, inputFormat any) (time.Time, error) {
	if n, ok := number(v); ok {
		if _, isFloat := n.(float64); !isFloat {
			if !truth(inputFormat) {
				return ParseDatetime("%s", v)
			}
			format, ok := text(inputFormat)
			if !ok {
				return time.Time{}, raiseType("input format must be str, not %s", value.TypeName(inputFormat))
			}
			return ParseDatetime(format, v)
		}
	}
	if !truth(inputFormat) {
		return parseISO(v)
	}
	s, ok := text(v)
	format, okFormat := text(inputFormat)
	if !ok || !okFormat {
		return time.Time{}, raiseType("strptime() argument must be str, not %s", value.TypeName(v))
	}
	t, _, err := strptime(s, format)
	return t, err
}

func sanitizeURL(_ *thread, a []any) (any, error) {
	switch v := a[0].(type) {
	case value.Bytes:
		return quotePlus(string(v), ""), nil
	default:
		s, ok := text(v)
		if !ok {
			return nil, raiseType("quote_from_bytes() expected bytes")
		}
		if err := encodable(s); err != nil {
			return nil, err
		}
		return quotePlus(s, ""), nil
	}
}

func camelToSnake(_ *thread, a []any) (any, error) {
	s, ok := text(a[0])
	if !ok {
		return nil, raiseType("expected string or bytes-like object, got '%s'", value.TypeName(a[0]))
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i > 0 && s[i] >= 'A' && s[i] <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteByte(s[i])
	}
	return lower(b.String()), nil
}

func generateUUID(*thread, []any) (any, error) {
	var u [16]byte
	if _, err := rand.Read(u[:]); err != nil {
		return nil, raise(runtimeError, "no randomness: %v", err)
	}
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:]), nil
}

package jinja

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// globalTable holds the global names of templates.
var globalTable = map[string]any{
	"now_utc":                  global("now_utc", "", nowUTC),
	"today_utc":                global("today_utc", "", todayUTC),
	"today_with_timezone":      global("today_with_timezone", "timezone", todayWithTimezone),
	"timestamp":                global("timestamp", "dt", timestamp),
	"max":                      global("max", "*args", func(th *python.Thread, a []any) (any, error) { return python.Extreme(th, "max", a[0].(value.Tuple)) }),
	"min":                      global("min", "*args", func(th *python.Thread, a []any) (any, error) { return python.Extreme(th, "min", a[0].(value.Tuple)) }),
	"day_delta":                global("day_delta", "num_days, format='%Y-%m-%dT%H:%M:%S.%f%z'", dayDelta),
	"duration":                 global("duration", "datestring", durationMacro),
	"format_datetime":          global("format_datetime", "dt, format, input_format=None", formatDatetime),
	"str_to_datetime":          global("str_to_datetime", "s", strToDatetime),
	"sanitize_url":             global("sanitize_url", "value", sanitizeURL),
	"camel_case_to_snake_case": global("camel_case_to_snake_case", "value", camelToSnake),
	"generate_uuid":            global("generate_uuid", "", generateUUID),
	"dict":                     class("dict", "*args, **kwargs", python.NewDict),
	"namespace":                class("Namespace", "*args, **kwargs", newNamespace),
	"cycler":                   class("Cycler", "*items", newCycler),
	"joiner":                   class("Joiner", "sep=', '", newJoiner),
	"lipsum":                   global("generate_lorem_ipsum", "n=5, html=True, min=20, max=100", lipsum),
}

// global makes a global function. Its calls are never evaluated at compile time.
func global(name, signature string, fn func(*python.Thread, []any) (any, error)) *python.Builtin {
	return python.Volatile(python.Def(name, signature, fn))
}

// classVal is a class that can be called.
type classVal struct{ *python.Builtin }

func class(name, signature string, fn func(*python.Thread, []any) (any, error)) classVal {
	return classVal{global(name, signature, fn)}
}

// Attribute is part of python.Attributed. What mro gives is not safe.
func (classVal) Attribute(name string) (any, bool, error) { return nil, name == "mro", nil }

// TypeName is part of value.Object.
func (classVal) TypeName() string { return "type" }

// Repr is part of value.Object.
func (c classVal) Repr() string {
	if c.Name == "dict" {
		return "<class 'dict'>"
	}
	return "<class 'jinja2.utils." + c.Name + "'>"
}

// Str is part of value.Object.
func (c classVal) Str() string { return c.Repr() }

func nowUTC(th *python.Thread, _ []any) (any, error) { return value.Datetime{Time: th.Now()}, nil }

func todayUTC(th *python.Thread, _ []any) (any, error) { return value.DateOf(th.Now()), nil }

func todayWithTimezone(th *python.Thread, a []any) (any, error) {
	name, ok := pytext.Of(a[0])
	if !ok {
		if err := exception.Raised(a[0]); err != nil {
			return nil, err
		}
		return nil, exception.New("UnknownTimeZoneError", "%s", python.Brief(a[0]))
	}
	loc, err := pytime.Location(name)
	if err != nil {
		return nil, err
	}
	return value.DateOf(th.Now().In(loc)), nil
}

func timestamp(_ *python.Thread, a []any) (any, error) {
	switch v := a[0].(type) {
	case int64, *big.Int:
		return v, nil
	case bool:
		n, _ := number.Of(v)
		return n, nil
	case float64:
		return number.Trunc(v)
	}
	t, err := pytime.ParseISO(a[0])
	if err != nil {
		return nil, err
	}
	return pytime.Timestamp(t), nil
}

func dayDelta(th *python.Thread, a []any) (any, error) {
	n, ok := number.Of(a[0])
	if !ok {
		return nil, exception.TypeErrorf("unsupported type for timedelta days component: %s", value.TypeName(a[0]))
	}
	f, err := number.ToFloat(n)
	if err != nil {
		return nil, err
	}
	d, err := pytime.NewDelta(pytime.DeltaParts{Days: f})
	if err != nil {
		return nil, err
	}
	t, err := pytime.AddDelta(th.Now(), d)
	if err != nil {
		return nil, err
	}
	format, ok := pytext.Of(a[1])
	if !ok {
		return nil, exception.TypeErrorf("strftime() argument 1 must be str, not %s", value.TypeName(a[1]))
	}
	return pytime.Strftime(pytime.Moment{At: t}, format), nil
}

func durationMacro(_ *python.Thread, a []any) (any, error) {
	s, ok := pytext.Of(a[0])
	if !ok {
		return nil, exception.TypeErrorf("Expecting a string %s", python.Brief(a[0]))
	}
	d, err := pytime.ParseDuration(s)
	if err != nil {
		return nil, err
	}
	if d.Calendar() {
		return &d, nil
	}
	return d.Delta, nil
}

func strToDatetime(_ *python.Thread, a []any) (any, error) {
	t, err := pytime.ParseISO(a[0])
	if err != nil {
		return nil, err
	}
	return value.Datetime{Time: t}, nil
}

// formatDatetime is the macro format_datetime. It parses its argument unless that is a datetime.
func formatDatetime(th *python.Thread, a []any) (any, error) {
	format, isText := pytext.Of(a[1])
	if t, ok := a[0].(value.Datetime); ok {
		if !isText {
			return nil, exception.TypeErrorf("strftime() argument 1 must be str, not %s", value.TypeName(a[1]))
		}
		return pytime.Strftime(pytime.Moment{At: t.Time, Naive: t.Naive}, format), nil
	}
	t, err := datetimeInput(a[0], a[2])
	if err != nil {
		return nil, err
	}
	if !isText {
		if _, err := python.Contains(th, a[1], "%_ms"); err != nil {
			return nil, err
		}
		return nil, exception.TypeErrorf("strftime() argument 1 must be str, not %s", value.TypeName(a[1]))
	}
	return pytime.FormatDatetime(t, format), nil
}

// datetimeInput parses the first argument of format_datetime.
func datetimeInput(v, inputFormat any) (time.Time, error) {
	if n, ok := number.Of(v); ok {
		if _, isFloat := n.(float64); !isFloat {
			if !value.Truth(inputFormat) {
				return pytime.ParseDatetime("%s", v)
			}
			format, ok := pytext.Of(inputFormat)
			if !ok {
				return time.Time{}, exception.TypeErrorf("input format must be str, not %s", value.TypeName(inputFormat))
			}
			return pytime.ParseDatetime(format, v)
		}
	}
	if !value.Truth(inputFormat) {
		return pytime.ParseISO(v)
	}
	s, ok := pytext.Of(v)
	format, okFormat := pytext.Of(inputFormat)
	if !ok || !okFormat {
		return time.Time{}, exception.TypeErrorf("strptime() argument must be str, not %s", value.TypeName(v))
	}
	t, _, err := pytime.Strptime(s, format)
	return t, err
}

func sanitizeURL(_ *python.Thread, a []any) (any, error) {
	switch v := a[0].(type) {
	case value.Bytes:
		return pytext.QuotePlus(string(v), ""), nil
	default:
		s, ok := pytext.Of(v)
		if !ok {
			return nil, exception.TypeErrorf("quote_from_bytes() expected bytes")
		}
		if err := pytext.Encodable(s); err != nil {
			return nil, err
		}
		return pytext.QuotePlus(s, ""), nil
	}
}

func camelToSnake(_ *python.Thread, a []any) (any, error) {
	s, ok := pytext.Of(a[0])
	if !ok {
		return nil, exception.TypeErrorf("expected string or bytes-like object, got '%s'", value.TypeName(a[0]))
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i > 0 && s[i] >= 'A' && s[i] <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteByte(s[i])
	}
	return pytext.Lower(b.String()), nil
}

func generateUUID(th *python.Thread, _ []any) (any, error) {
	var u [16]byte
	if !still(th) {
		_, _ = rand.Read(u[:]) // never fails
	}
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:]), nil
}

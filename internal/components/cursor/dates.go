package cursor

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// dates reads and writes the texts of a cursor field's times. Texts of records and state may have any of
// several formats, tried in order; what is written has one.
type dates struct {
	output format
	input  []format
}

// newDates takes datetime_format and cursor_datetime_formats.
func newDates(output string, more []string) *dates {
	d := &dates{output: newFormat(output)}
	for _, text := range more {
		d.input = append(d.input, newFormat(text))
	}
	d.input = append(d.input, d.output)
	return d
}

// errNoDate says that a value is no date in any of the formats. Such records are read, but do not move the cursor.
var errNoDate = errors.New("no format fits")

// parse reads a value of a record, a window or a state. It returns an error that is errNoDate where the value is only
// not understood; any other error ends the stream, as in the reference runtime.
func (d *dates) parse(v any) (time.Time, error) {
	for i := range d.input {
		t, err := d.input[i].parse(v)
		if err == nil || !errors.Is(err, errNoDate) {
			return t, err
		}
	}
	names := make([]string, len(d.input))
	for i := range d.input {
		names[i] = strconv.Quote(d.input[i].text)
	}
	return time.Time{}, fmt.Errorf("%w: %s is no date in the format %s", errNoDate, value.Repr(v), strings.Join(names, " or "))
}

// format writes t as it stands in requests and in the state.
func (d *dates) format(t time.Time) string { return d.output.write(t) }

// format is one date-time format: strftime's, or one of the names for seconds and their fractions since 1970.
type format struct {
	text  string
	epoch epoch
	fast  *layout // nil where the general reader is needed
}

// epoch tells the formats that count from 1970 apart.
type epoch int

const (
	noEpoch epoch = iota
	epochSeconds
	epochFloat
	epochMillis
	epochMicros
)

var epochs = map[string]epoch{
	"%s": epochSeconds, "%s_as_float": epochFloat, "%ms": epochMillis, "%epoch_microseconds": epochMicros,
}

// micros is how many microseconds one of the format's units has.
func (e epoch) micros() int64 {
	switch e {
	case epochMillis:
		return 1000
	case epochMicros:
		return 1
	}
	return 1_000_000
}

func newFormat(text string) format {
	f := format{text: text, epoch: epochs[text]}
	if f.epoch == noEpoch {
		f.fast = newLayout(text)
	}
	return f
}

func (f *format) parse(v any) (time.Time, error) {
	switch f.epoch {
	case noEpoch:
		return f.parseText(value.Str(v))
	case epochFloat:
		seconds, err := toFloat(v)
		if err != nil {
			return time.Time{}, err
		}
		return fromSeconds(seconds)
	}
	n, err := toInt(v)
	if err != nil {
		return time.Time{}, err
	}
	return f.fromCount(n)
}

func (f *format) parseText(text string) (time.Time, error) {
	if f.fast != nil {
		switch at, verdict := parseFast(f.fast, text); verdict {
		case fits:
			return at.time(), nil
		case differs:
			return time.Time{}, errNoDate
		}
	}
	t, err := strptime(text, f.text)
	if err != nil {
		return t, fmt.Errorf("%w: %w", errNoDate, err)
	}
	return t, nil
}

// fromCount gives the time of a whole number of seconds or their fractions. A number of seconds that leads out of the
// calendar is not understood, one of smaller units is an error, as in the reference runtime.
func (f *format) fromCount(n *big.Int) (time.Time, error) {
	us := new(big.Int).Mul(n, big.NewInt(f.epoch.micros()))
	if !us.IsInt64() || us.Int64() < minTime.UnixMicro() || us.Int64() > maxTime.UnixMicro() {
		if f.epoch == epochSeconds && n.IsInt64() {
			return time.Time{}, fmt.Errorf("%w: %w", errNoDate, errOverflow)
		}
		return time.Time{}, errOverflow
	}
	return time.UnixMicro(us.Int64()).UTC(), nil
}

// fromSeconds rounds to microseconds, half to even.
func fromSeconds(s float64) (time.Time, error) {
	switch {
	case math.IsNaN(s):
		return time.Time{}, fmt.Errorf("%w: not a number", errNoDate)
	case math.Abs(s) >= math.MaxInt64:
		return time.Time{}, errOverflow
	}
	whole, part := math.Modf(s)
	t := time.Unix(int64(whole), int64(math.RoundToEven(part*1e6))*1000).UTC()
	if err := inRange(t); err != nil {
		return t, fmt.Errorf("%w: %w", errNoDate, err)
	}
	return t, nil
}

// toInt is Python's int().
func toInt(v any) (*big.Int, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return big.NewInt(1), nil
		}
		return new(big.Int), nil
	case int64:
		return big.NewInt(v), nil
	case *big.Int:
		return v, nil
	case float64:
		if math.IsNaN(v) {
			return nil, fmt.Errorf("%w: not a number", errNoDate)
		}
		if math.IsInf(v, 0) {
			return nil, errOverflow
		}
		n, _ := big.NewFloat(v).Int(nil)
		return n, nil
	case string:
		if n, ok := new(big.Int).SetString(digits(v), 10); ok {
			return n, nil
		}
		return nil, fmt.Errorf("%w: %s is no whole number", errNoDate, value.Repr(v))
	}
	return nil, fmt.Errorf("a %s is no date", value.TypeName(v))
}

// toFloat is Python's float().
func toFloat(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case string:
		text := strings.ToLower(digits(v))
		if strings.ContainsAny(text, "xp_") {
			return 0, fmt.Errorf("%w: %s is no number", errNoDate, value.Repr(v))
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return 0, fmt.Errorf("%w: %s is no number", errNoDate, value.Repr(v))
		}
		return f, nil
	}
	n, err := toInt(v)
	if err != nil {
		return 0, err
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f, nil
}

// digits is a number's text without what Python ignores: white space around it, and single underscores between digits.
func digits(s string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "_") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '_' && i > 0 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1]) {
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// write goes through float64 where the reference runtime does, with its rounding.
func (f *format) write(t time.Time) string {
	seconds := float64(t.UnixMicro()) / 1e6
	switch f.epoch {
	case epochSeconds:
		return strconv.FormatInt(int64(seconds), 10)
	case epochFloat:
		return value.Str(seconds)
	case epochMillis:
		return strconv.FormatInt(int64(seconds*1e3), 10)
	case epochMicros:
		return strconv.FormatInt(int64(seconds*1e6), 10)
	}
	return strftime(t, f.text)
}

// sorts reports whether the texts of times such as this one compare as the times do.
func (f *format) sorts(at instant) bool {
	const tenDigits = 1_000_000_000_000_000 // microseconds up to the first second with ten digits, 2001; 2286 has eleven
	switch {
	case at.offset != 0:
		return false
	case f.epoch != noEpoch:
		return at.micros >= tenDigits && at.micros < 10*tenDigits
	}
	return f.fast != nil && f.fast.ordered && at.micros >= 0 // years before 1000 are written with fewer digits
}

// strptime reads a text by a format of strftime directives, as the reference runtime does: a text without a zone is UTC.
func strptime(text, format string) (time.Time, error) { return pytime.ParseDatetime(format, text) }

// strftime writes a time by such a format.
func strftime(t time.Time, format string) string { return pytime.FormatDatetime(t, format) }

package cursor

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// dates parses and formats the times of a cursor field. Values of records and states may have one
// of several formats, which are tried in order; times are written in one format.
type dates struct {
	output format
	input  []format
}

// newDates makes the formats of datetime_format and of cursor_datetime_formats.
func newDates(output string, more []string) *dates {
	d := &dates{output: newFormat(output)}
	for _, text := range more {
		d.input = append(d.input, newFormat(text))
	}
	d.input = append(d.input, d.output)
	return d
}

// errNoDate means that a value is no date in any of the formats. Such a record is read, but does
// not move the cursor.
var errNoDate = errors.New("no format fits")

// parse parses a value of a record, a window or a state. Its error is errNoDate if no format fits;
// any other error ends the slice, as in the reference runtime.
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

// format writes t for requests and states.
func (d *dates) format(t time.Time) string { return d.output.write(t) }

// format is one date-time format: of strftime, or the name of a unit that is counted since 1970.
type format struct {
	text  string
	epoch epoch
	fast  *layout // nil: only the general parser knows the format
}

// epoch is the unit of a format that counts since 1970.
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

// micros is the length of the unit in microseconds.
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
	if f.epoch == noEpoch {
		return f.parseText(value.Str(v))
	}
	t, err := pytime.ParseDatetime(f.text, v)
	return t, dateError(err, v)
}

// dateError translates an error of ParseDatetime: a ValueError means that the value is no date in
// this format.
func dateError(err error, v any) error {
	switch {
	case err == nil:
		return nil
	case exception.Is(err, exception.ValueError):
		return fmt.Errorf("%w: %w", errNoDate, err)
	case exception.Is(err, exception.OverflowError):
		return errOverflow
	}
	return fmt.Errorf("a %s is no date", value.TypeName(v))
}

func (f *format) parseText(text string) (time.Time, error) {
	if f.fast != nil {
		switch at, found := parseFast(f.fast, text); found {
		case matches:
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

func isDigit(c byte) bool { return c-'0' <= 9 }

func (f *format) write(t time.Time) string { return pytime.FormatDatetime(t, f.text) }

// sorts reports whether the texts of times like this one sort as the times do.
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

// strptime parses a text by a format of strftime directives. A text without a zone is in UTC.
func strptime(text, format string) (time.Time, error) { return pytime.ParseDatetime(format, text) }

package cursor

import (
	"errors"
	"fmt"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// basics evaluates what is needed to read a state. chosen is the catalog's cursor field; empty:
// there is none.
func (f *Datetime) basics(chosen []string) (*bounds, error) {
	field, err := chooseField(f.field, f.env, f.fromCatalog, chosen)
	if err != nil {
		return nil, err
	}
	b := &bounds{field: field, dates: f.dates, strict: f.strict}
	if f.granularity != "" {
		if b.grain, err = parseDuration(f.granularity); err != nil {
			return nil, fmt.Errorf("cursor_granularity: %w", err)
		}
	}
	return b, nil
}

// chooseField returns the catalog's cursor field if there is one and it is allowed, else the
// manifest's.
func chooseField(field *jinja.String, env *jinja.Env, allowed bool, chosen []string) (string, error) {
	if allowed && len(chosen) > 0 && chosen[0] != "" {
		if len(chosen) > 1 {
			return "", fmt.Errorf("the catalog's cursor_field has %d parts: the cursor field can not be nested", len(chosen))
		}
		return chosen[0], nil
	}
	text, err := field.Text(env)
	if err != nil {
		return "", fmt.Errorf("cursor_field: %w", err)
	}
	return text, nil
}

// complete evaluates what basics does not.
func (f *Datetime) complete(b *bounds) error {
	var err error
	if b.low, err = f.name(0); err != nil {
		return fmt.Errorf("partition_field_start: %w", err)
	}
	if b.high, err = f.name(1); err != nil {
		return fmt.Errorf("partition_field_end: %w", err)
	}
	if _, b.lookback, err = f.duration(f.lookback); err != nil {
		return fmt.Errorf("lookback_window: %w", err)
	}
	if b.start, err = f.start.time(f.env, f.dates); err != nil {
		return fmt.Errorf("start_datetime: %w", err)
	}
	if given(f.step) != (f.granularity != "") {
		return errStepAlone
	}
	limited, step, err := f.duration(f.step)
	if err != nil {
		return fmt.Errorf("step: %w", err)
	}
	if limited {
		b.step = &step
	}
	b.end = f.ends()
	return f.clamp(b)
}

func given(t *jinja.String) bool { return t != nil && t.Source() != "" }

// duration evaluates an optional template; ok is false if its value is empty.
func (f *Datetime) duration(t *jinja.String) (ok bool, d duration, err error) {
	if !given(t) {
		return false, d, nil
	}
	v, err := t.Eval(f.env)
	if err != nil || !value.Truth(v) {
		return false, d, err
	}
	text, isText := v.(string)
	if !isText {
		return false, d, fmt.Errorf("%s is no text, expected an ISO 8601 duration such as P1D", value.Repr(v))
	}
	d, err = parseDuration(text)
	return err == nil, d, err
}

// ends returns the function that gives the cursor's end at each moment.
func (f *Datetime) ends() func() (time.Time, error) {
	if f.end == nil {
		return func() (time.Time, error) { return f.clock().UTC().Truncate(time.Microsecond), nil }
	}
	evaluate := func() (time.Time, error) {
		t, err := f.end.time(f.env, f.dates)
		if err != nil {
			err = fmt.Errorf("end_datetime: %w", err)
		}
		return t, err
	}
	if f.end.constant() {
		t, err := evaluate()
		return func() (time.Time, error) { return t, err }
	}
	return (&clockEnd{evaluate: evaluate, clock: f.clock}).get
}

// clamp makes windows of whole days, weeks or months. The last window ends with the last whole one.
func (f *Datetime) clamp(b *bounds) error {
	if f.clamping == nil {
		return nil
	}
	target, err := f.clamping.Text(f.env)
	if err != nil {
		return fmt.Errorf("clamping.target: %w", err)
	}
	unit, before, err := newClamp(target, f.clampDetails)
	if err != nil {
		return err
	}
	if !b.grain.isZero() {
		before = b.grain
	}
	end := b.end
	b.clamp = unit
	b.end = func() (time.Time, error) {
		if before.calendar() && f.end == nil {
			return time.Time{}, errMonthsOffNow
		}
		t, err := end()
		if err == nil {
			t, err = unit(t, false)
		}
		if err != nil {
			return t, err
		}
		return before.minus(t)
	}
	return nil
}

// errMonthsOffNow: the reference runtime can not subtract months from the present time either.
var errMonthsOffNow = errors.New("clamping without end_datetime needs a cursor_granularity of days or less")

// errTooLong means that a duration is longer than the calendar.
var errTooLong = errors.New("the duration is too long")

// parseDuration parses an ISO 8601 duration.
func parseDuration(text string) (duration, error) {
	d, err := pytime.ParseDuration(text)
	if err != nil {
		return duration{}, fmt.Errorf("%q is no ISO 8601 duration such as P1D: %w", text, err)
	}
	months := d.Years*12 + d.Months
	if months > 12*20_000 || months < -12*20_000 {
		return duration{}, errTooLong
	}
	whole := int(months)
	return duration{
		months: whole, fixed: d.Delta,
		fractional: float64(int(d.Years)) != d.Years || float64(int(d.Months)) != d.Months,
	}, nil
}

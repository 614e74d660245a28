package cursor

import (
	"fmt"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
)

// MinMaxDefinition configures a MinMaxDatetime, which keeps a time between two limits.
//
//	type: MinMaxDatetime
//	datetime: "{{ config['start_date'] }}"
//	datetime_format: "%Y-%m-%d"
//	min_datetime: "2020-01-01"
//	max_datetime: "{{ today_utc() }}"
type MinMaxDefinition struct {
	Datetime *jinja.String `manifest:"datetime,required" doc:"The time."`
	Format   string        `manifest:"datetime_format" doc:"How the three times are written; the cursor's datetime_format by default."`
	Max      *jinja.String `manifest:"max_datetime" doc:"The latest time; later ones become this."`
	Min      *jinja.String `manifest:"min_datetime" doc:"The earliest time; earlier ones become this."`
}

// BuildMinMax builds a MinMaxDatetime.
func BuildMinMax(c *manifest.Compiler, n *manifest.Node) (*MinMax, error) {
	var def MinMaxDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	m := &MinMax{at: def.Datetime}
	if def.Format != "" {
		m.dates = newDates(def.Format, nil)
	}
	if def.Min != nil && def.Min.Source() != "" {
		m.min = def.Min
	}
	if def.Max != nil && def.Max.Source() != "" {
		m.max = def.Max
	}
	return m, nil
}

// MinMax is a compiled MinMaxDatetime. Its templates see the configuration.
type MinMax struct {
	at, min, max *jinja.String
	dates        *dates // the formats of the three; nil: the cursor's
}

// buildTime builds a MinMaxDatetime, or makes one without limits of a text.
func buildTime(c *manifest.Compiler, owner, n *manifest.Node) (*MinMax, error) {
	text, ok := n.Text()
	if !ok {
		return manifest.Build[*MinMax](c, n)
	}
	t, err := jinja.CompileString(text, owner.Parameters())
	if err != nil && (c.Strict || t == nil) {
		return nil, n.Problem("%v", err)
	}
	return &MinMax{at: t}, nil
}

// time evaluates the templates. d parses their texts, unless the MinMax has a format of its own.
func (m *MinMax) time(env *jinja.Env, d *dates) (time.Time, error) {
	if m.dates != nil {
		d = m.dates
	}
	t, ok, err := requiredTime(m.at, env, &d.output)
	if err != nil || !ok {
		return t, err
	}
	if low, ok, err := optionalTime(m.min, env, &d.output); err != nil {
		return t, fmt.Errorf("min_datetime: %w", err)
	} else if ok && t.Before(low) {
		t = low
	}
	if high, ok, err := optionalTime(m.max, env, &d.output); err != nil {
		return t, fmt.Errorf("max_datetime: %w", err)
	} else if ok && high.Before(t) {
		t = high
	}
	return t, nil
}

func optionalTime(t *jinja.String, env *jinja.Env, f *format) (time.Time, bool, error) {
	if t == nil {
		return time.Time{}, false, nil
	}
	text, err := t.Text(env)
	if err != nil || text == "" {
		return time.Time{}, false, err
	}
	at, err := f.parse(text)
	return at, true, err
}

func requiredTime(t *jinja.String, env *jinja.Env, f *format) (time.Time, bool, error) {
	text, err := t.Text(env)
	if err != nil {
		return time.Time{}, false, err
	}
	at, err := f.parse(text)
	if err != nil {
		return at, false, fmt.Errorf("%q is no date in the format %q", text, f.text)
	}
	return at, true, nil
}

// constant reports whether the time is the same throughout a run.
func (m *MinMax) constant() bool {
	for _, t := range []*jinja.String{m.at, m.min, m.max} {
		if t == nil {
			continue
		}
		if _, ok := t.Const(); !ok {
			return false
		}
	}
	return true
}

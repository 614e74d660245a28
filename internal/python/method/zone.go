package method

import (
	"time"

	"anytap/internal/python"
	"anytap/internal/python/pytext"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// zone is a time zone: the tzinfo of a datetime.
type zone struct {
	python.Truthy
	loc *time.Location
	at  time.Time // the moment whose offset from UTC the zone reports
}

// Zone is the tzinfo of a zone whose offset from UTC never changes.
func Zone(loc *time.Location) value.Object { return &zone{loc: loc, at: time.Unix(0, 0).In(loc)} }

// TypeName is part of value.Object.
func (z *zone) TypeName() string { return "timezone" }

// Repr is part of value.Object.
func (z *zone) Repr() string {
	_, off := z.at.Zone()
	switch {
	case z.loc == pytime.PytzUTC:
		return "<UTC>"
	case off == 0:
		return "datetime.timezone.utc"
	}
	return "datetime.timezone(" + value.Repr(value.NewTimedelta(0, int64(off), 0)) + ")"
}

// Str is part of value.Object.
func (z *zone) Str() string { return pytime.ZoneName(z.at) }

// zoneMethods are the methods of tzinfo.
var zoneMethods = python.Table(
	python.Def("utcoffset", "self, dt, /", func(_ *python.Thread, a []any) (any, error) {
		_, off := a[0].(*zone).at.Zone()
		return value.NewTimedelta(0, int64(off), 0), nil
	}),
	python.Def("tzname", "self, dt, /", func(_ *python.Thread, a []any) (any, error) { return a[0].(*zone).Str(), nil }),
	python.Def("dst", "self, dt, /", func(_ *python.Thread, a []any) (any, error) {
		if a[0].(*zone).loc == pytime.PytzUTC {
			return value.Timedelta(0), nil
		}
		return nil, nil
	}),
)

// timeOfDay is a datetime.time.
type timeOfDay struct {
	t    time.Time
	zone bool
}

// TypeName is part of value.Object.
func (timeOfDay) TypeName() string { return "time" }

// Repr is part of value.Object.
func (c timeOfDay) Repr() string {
	s := "datetime.time(" + c.t.Format("15, 4")
	if c.t.Second() != 0 || c.t.Nanosecond() != 0 {
		s += c.t.Format(", 5")
	}
	if us := c.t.Nanosecond() / 1000; us != 0 {
		s += ", " + value.Str(int64(us))
	}
	return s + ")"
}

// Str is part of value.Object.
func (c timeOfDay) Str() string {
	s, err := isoClockText(c.t, "auto")
	if err == nil && c.zone {
		s += pytime.OffsetText(c.t, ":")
	}
	return s
}

// Truth is part of value.Object.
func (timeOfDay) Truth() bool { return true }

func (c timeOfDay) Attribute(name string) (any, bool, error) {
	switch name {
	case "hour", "minute", "second", "microsecond", "fold":
		v, ok := datetimeProperty(value.Datetime{Time: c.t}, name)
		return v, ok, nil
	case "tzinfo":
		v, ok := datetimeProperty(value.Datetime{Time: c.t, Naive: !c.zone}, name)
		return v, ok, nil
	case "isoformat", "strftime":
		return python.Bind(timeOfDayMethods[name], c), true, nil
	}
	return nil, false, nil
}

// timeOfDayMethods are the methods of datetime.time.
var timeOfDayMethods = python.Table(
	python.Def("isoformat", "self, timespec='auto'", func(_ *python.Thread, a []any) (any, error) {
		spec, err := pytext.Arg(a[1])
		if err != nil {
			return nil, err
		}
		c := a[0].(timeOfDay)
		s, err := isoClockText(c.t, spec)
		if err == nil && c.zone {
			s += pytime.OffsetText(c.t, ":")
		}
		return s, err
	}),
	python.Def("strftime", "self, format", func(_ *python.Thread, a []any) (any, error) {
		c := a[0].(timeOfDay)
		h, m, s := c.t.Clock()
		return strftimeMethod(pytime.Moment{At: time.Date(1900, 1, 1, h, m, s, c.t.Nanosecond(), c.t.Location()), Naive: !c.zone}, a[1])
	}),
)

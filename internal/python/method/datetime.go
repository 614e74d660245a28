package method

import (
	"time"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/operator"
	"anytap/internal/python/pytext"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// dateMethods are the methods of date.
var dateMethods = python.Table(
	python.Def("strftime", "self, format", func(_ *python.Thread, a []any) (any, error) {
		return strftimeMethod(pytime.Moment{At: a[0].(value.Date).Time(), Naive: true, Date: true}, a[1])
	}),
	python.Def("isoformat", "self, /", func(_ *python.Thread, a []any) (any, error) { return a[0].(value.Date).String(), nil }),
	dateMethod("weekday", func(t time.Time) any { return int64(t.Weekday()+6) % 7 }),
	dateMethod("isoweekday", func(t time.Time) any { return int64(t.Weekday()+6)%7 + 1 }),
	dateMethod("toordinal", func(t time.Time) any { return ordinal(t) }),
	dateMethod("ctime", func(t time.Time) any { return ctime(t) }),
	dateMethod("isocalendar", isoCalendar),
	dateMethod("timetuple", func(t time.Time) any { return timeTuple(t, -1) }),
	python.Def("replace", "self, year=None, month=None, day=None", func(_ *python.Thread, a []any) (any, error) {
		d := a[0].(value.Date)
		n, err := fieldArgs(a[1:], []int{d.Y, d.M, d.D})
		if err != nil {
			return nil, err
		}
		return value.Date{Y: n[0], M: n[1], D: n[2]}, pytime.CheckDate(n[0], n[1], n[2])
	}),
	python.Def("today", "self, /", func(th *python.Thread, _ []any) (any, error) { return value.DateOf(th.Now()), nil }),
	python.Def("fromtimestamp", "self, timestamp, /", func(_ *python.Thread, a []any) (any, error) {
		t, err := fromTimestamp(a[1], nil)
		if err != nil {
			return nil, err
		}
		return value.DateOf(t.(value.Datetime).Time), nil
	}),
	python.Def("fromisoformat", "self, date_string, /", func(_ *python.Thread, a []any) (any, error) {
		s, err := pytext.Arg(a[1])
		if err != nil {
			return nil, err
		}
		t, err := pytime.FromISO(s)
		return value.DateOf(t), err
	}),
)

// datetimeMethods are the methods of datetime.
var datetimeMethods = python.Table(
	python.Def("strftime", "self, format", func(_ *python.Thread, a []any) (any, error) {
		t := a[0].(value.Datetime)
		return strftimeMethod(pytime.Moment{At: t.Time, Naive: t.Naive}, a[1])
	}),
	python.Def("isoformat", "self, sep='T', timespec='auto'", isoFormat),
	timeMethod("timestamp", func(t value.Datetime) any { return pytime.Timestamp(t.Time) }),
	timeMethod("date", func(t value.Datetime) any { return value.DateOf(t.Time) }),
	timeMethod("time", func(t value.Datetime) any { return timeOfDay{t: t.Time} }),
	timeMethod("timetz", func(t value.Datetime) any { return timeOfDay{t: t.Time, zone: !t.Naive} }),
	timeMethod("weekday", func(t value.Datetime) any { return int64(t.Weekday()+6) % 7 }),
	timeMethod("isoweekday", func(t value.Datetime) any { return int64(t.Weekday()+6)%7 + 1 }),
	timeMethod("toordinal", func(t value.Datetime) any { return ordinal(t.Time) }),
	timeMethod("ctime", func(t value.Datetime) any { return ctime(t.Time) }),
	timeMethod("isocalendar", func(t value.Datetime) any { return isoCalendar(t.Time) }),
	timeMethod("timetuple", func(t value.Datetime) any {
		if t.Location() == pytime.PytzUTC {
			return timeTuple(t.Time, 0)
		}
		return timeTuple(t.Time, -1)
	}),
	timeMethod("utcoffset", func(t value.Datetime) any {
		if t.Naive {
			return nil
		}
		_, off := t.Zone()
		return value.NewTimedelta(0, int64(off), 0)
	}),
	timeMethod("tzname", func(t value.Datetime) any {
		if t.Naive {
			return nil
		}
		return pytime.ZoneName(t.Time)
	}),
	timeMethod("dst", func(t value.Datetime) any {
		if t.Location() == pytime.PytzUTC {
			return value.Timedelta(0)
		}
		return nil
	}),
	python.Def("astimezone", "self, tz=None", func(_ *python.Thread, a []any) (any, error) {
		t := a[0].(value.Datetime)
		if a[1] == nil {
			return value.Datetime{Time: t.UTC()}, nil
		}
		z, ok := a[1].(*zone)
		if !ok {
			return nil, exception.TypeErrorf("tzinfo argument must be None or of a tzinfo subclass, not type '%s'", value.TypeName(a[1]))
		}
		return value.Datetime{Time: t.In(z.loc)}, nil
	}),
	python.Def("replace", "self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=False, *, fold=None", replaceTime),
	python.Def("now", "self, tz=None", func(th *python.Thread, a []any) (any, error) {
		if z, ok := a[1].(*zone); ok {
			return value.Datetime{Time: th.Now().In(z.loc)}, nil
		}
		return value.Datetime{Time: th.Now(), Naive: true}, nil
	}),
	python.Def("utcnow", "self, /", func(th *python.Thread, _ []any) (any, error) { return value.Datetime{Time: th.Now(), Naive: true}, nil }),
	python.Def("today", "self, /", func(th *python.Thread, _ []any) (any, error) { return value.Datetime{Time: th.Now(), Naive: true}, nil }),
	python.Def("strptime", "self, date_string, format, /", func(_ *python.Thread, a []any) (any, error) {
		s, err := pytext.Arg(a[1])
		if err != nil {
			return nil, err
		}
		format, err := pytext.Arg(a[2])
		if err != nil {
			return nil, err
		}
		t, naive, err := pytime.Strptime(s, format)
		return value.Datetime{Time: t, Naive: naive}, err
	}),
	python.Def("fromtimestamp", "self, timestamp, tz=None", func(_ *python.Thread, a []any) (any, error) { return fromTimestamp(a[1], a[2]) }),
	python.Def("utcfromtimestamp", "self, timestamp, /", func(_ *python.Thread, a []any) (any, error) { return fromTimestamp(a[1], nil) }),
	python.Def("fromisoformat", "self, date_string, /", func(_ *python.Thread, a []any) (any, error) {
		s, err := pytext.Arg(a[1])
		if err != nil {
			return nil, err
		}
		t, err := pytime.FromISO(s)
		return value.Datetime{Time: t, Naive: !namesZone(s)}, err
	}),
)

// timedeltaMethods are the methods of timedelta.
var timedeltaMethods = python.Table(
	python.Def("total_seconds", "self, /", func(_ *python.Thread, a []any) (any, error) {
		return pytime.MicrosToSeconds(int64(a[0].(value.Timedelta))), nil
	}),
)

// durationMethods are the methods of isodate.Duration.
var durationMethods = python.Table(
	python.Def("totimedelta", "self, start=None, end=None", func(th *python.Thread, a []any) (any, error) {
		d := a[0].(*pytime.Duration)
		if (a[1] == nil) == (a[2] == nil) {
			return nil, exception.ValueErrorf("start or end required, and not both")
		}
		if a[1] != nil {
			later, err := operator.Binary(th, python.Add, a[1], d)
			if err != nil {
				return nil, err
			}
			return operator.Binary(th, python.Sub, later, a[1])
		}
		earlier, err := operator.Binary(th, python.Sub, a[2], d)
		if err != nil {
			return nil, err
		}
		return operator.Binary(th, python.Sub, a[2], earlier)
	}),
)

func dateMethod(name string, fn func(time.Time) any) *python.Builtin {
	return python.Def(name, "self, /", func(_ *python.Thread, a []any) (any, error) { return fn(a[0].(value.Date).Time()), nil })
}

func timeMethod(name string, fn func(value.Datetime) any) *python.Builtin {
	return python.Def(name, "self, /", func(_ *python.Thread, a []any) (any, error) { return fn(a[0].(value.Datetime)), nil })
}

func strftimeMethod(c pytime.Moment, format any) (any, error) {
	f, ok := pytext.Of(format)
	if !ok {
		return nil, exception.TypeErrorf("strftime() argument 1 must be str, not %s", value.TypeName(format))
	}
	return pytime.Strftime(c, f), nil
}

func ordinal(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400 + 719163
}

func ctime(t time.Time) string {
	return pytime.Strftime(pytime.Moment{At: t}, "%a %b %e %H:%M:%S ") + fourDigits(t.Year())
}

func fourDigits(n int) string { return string(pytime.AppendInt(nil, int64(n), 4, '0')) }

func isoCalendar(t time.Time) any {
	y, w := t.ISOWeek()
	return &namedTuple{name: "datetime.IsoCalendarDate", fields: []string{"year", "week", "weekday"},
		vals: value.Tuple{int64(y), int64(w), int64(t.Weekday()+6)%7 + 1}}
}

// fieldArgs replaces the fields for which an argument is given. An argument that is nil is not
// given.
func fieldArgs(args []any, fields []int) ([]int, error) {
	for i := range fields {
		if args[i] == nil {
			continue
		}
		n, err := number.IntArg(args[i])
		if err != nil {
			return nil, err
		}
		fields[i] = n
	}
	return fields, nil
}

func replaceTime(_ *python.Thread, a []any) (any, error) {
	t := a[0].(value.Datetime)
	n, err := fieldArgs(a[1:8], []int{
		t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1000,
	})
	if err != nil {
		return nil, err
	}
	if err := pytime.CheckDate(n[0], n[1], n[2]); err != nil {
		return nil, err
	}
	for i, limit := range []int{23, 59, 59, 999999} {
		if n[3+i] < 0 || n[3+i] > limit {
			return nil, exception.ValueErrorf("hour, minute, second or microsecond is out of range")
		}
	}
	loc, naive := t.Location(), t.Naive
	switch z := a[8].(type) {
	case nil:
		loc, naive = time.UTC, true
	case *zone:
		loc, naive = z.loc, false
	case bool:
	default:
		return nil, exception.TypeErrorf("tzinfo argument must be None or of a tzinfo subclass, not type '%s'", value.TypeName(a[8]))
	}
	return value.Datetime{
		Time:  time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], n[6]*1000, loc),
		Naive: naive,
	}, nil
}

func fromTimestamp(v, tz any) (any, error) {
	n, ok := number.Of(v)
	if !ok {
		return nil, exception.TypeErrorf("a number is required, not '%s'", value.TypeName(v))
	}
	var t time.Time
	var err error
	if f, isFloat := n.(float64); isFloat {
		t, err = pytime.FromTimestamp(f)
	} else {
		t, err = pytime.FromSeconds(n)
	}
	if z, ok := tz.(*zone); ok {
		return value.Datetime{Time: t.In(z.loc)}, err
	}
	return value.Datetime{Time: t, Naive: true}, err
}

// namesZone reports whether an ISO time has a zone after its date.
func namesZone(s string) bool {
	if len(s) < 11 {
		return false
	}
	for _, c := range s[10:] {
		if c == 'Z' || c == 'z' || c == '+' || c == '-' {
			return true
		}
	}
	return false
}

// isoFormat is datetime.isoformat.
func isoFormat(_ *python.Thread, a []any) (any, error) {
	t := a[0].(value.Datetime)
	sep, ok := pytext.Of(a[1])
	if !ok || pytext.Len(sep) != 1 {
		return nil, exception.TypeErrorf("isoformat() argument 1 must be a unicode character")
	}
	spec, err := pytext.Arg(a[2])
	if err != nil {
		return nil, err
	}
	clockText, err := isoClockText(t.Time, spec)
	if err != nil {
		return nil, err
	}
	s := fourDigits(t.Year()) + t.Format("-01-02") + sep + clockText
	if !t.Naive {
		s += pytime.OffsetText(t.Time, ":")
	}
	return s, nil
}

func isoClockText(t time.Time, spec string) (string, error) {
	us := t.Nanosecond() / 1000
	switch spec {
	case "auto":
		if us == 0 {
			return t.Format("15:04:05"), nil
		}
		return t.Format("15:04:05.000000"), nil
	case "hours":
		return t.Format("15"), nil
	case "minutes":
		return t.Format("15:04"), nil
	case "seconds":
		return t.Format("15:04:05"), nil
	case "milliseconds":
		return t.Format("15:04:05.000"), nil
	case "microseconds":
		return t.Format("15:04:05.000000"), nil
	}
	return "", exception.ValueErrorf("Unknown timespec value")
}

func datetimeProperty(t value.Datetime, name string) (any, bool) {
	switch name {
	case "hour":
		return int64(t.Hour()), true
	case "minute":
		return int64(t.Minute()), true
	case "second":
		return int64(t.Second()), true
	case "microsecond":
		return int64(t.Nanosecond() / 1000), true
	case "fold":
		return int64(0), true
	case "tzinfo":
		if t.Naive {
			return nil, true
		}
		return &zone{loc: t.Location(), at: t.Time}, true
	case "min":
		return value.Datetime{Time: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Naive: true}, true
	case "max":
		return value.Datetime{Time: time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC), Naive: true}, true
	case "resolution":
		return value.Microsecond, true
	}
	return dateProperty(value.DateOf(t.Time), name)
}

func dateProperty(d value.Date, name string) (any, bool) {
	switch name {
	case "year":
		return int64(d.Y), true
	case "month":
		return int64(d.M), true
	case "day":
		return int64(d.D), true
	case "min":
		return value.Date{Y: 1, M: 1, D: 1}, true
	case "max":
		return value.Date{Y: 9999, M: 12, D: 31}, true
	case "resolution":
		return value.Day, true
	}
	return nil, false
}

func timedeltaProperty(d value.Timedelta, name string) (any, bool) {
	switch name {
	case "days":
		return d.Days(), true
	case "seconds":
		return d.Seconds(), true
	case "microseconds":
		return d.Microseconds(), true
	case "resolution":
		return value.Microsecond, true
	}
	return nil, false
}

package simpleeval

import (
	"time"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/method"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// datetimeModule is what the module datetime has here. The local time zone is UTC.
var datetimeModule = map[string]any{
	"datetime": &class{
		name: "datetime.datetime", of: firstMoment,
		bound: []string{"now", "utcnow", "today", "strptime", "fromtimestamp", "utcfromtimestamp", "fromisoformat"},
		make:  python.Def("datetime", "year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0", newDatetime),
		members: map[string]any{
			"min": firstMoment,
			"max": value.Datetime{Time: time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC), Naive: true},
		},
	},
	"date": &class{
		name: "datetime.date", of: value.Date{Y: 1, M: 1, D: 1},
		bound:   []string{"today", "fromtimestamp", "fromisoformat"},
		make:    python.Def("date", "year, month, day", newDate),
		members: map[string]any{"min": value.Date{Y: 1, M: 1, D: 1}, "max": value.Date{Y: 9999, M: 12, D: 31}},
	},
	"timedelta": &class{
		name: "datetime.timedelta", of: value.Timedelta(0),
		make: python.Def("timedelta", "days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0", newTimedelta),
	},
	"timezone": &class{
		name: "datetime.timezone", of: utc, make: python.Def("timezone", "offset, name=None", newTimezone),
		members: map[string]any{"utc": utc},
	},
	"UTC":     utc,
	"MINYEAR": int64(1),
	"MAXYEAR": int64(9999),
}

// firstMoment is datetime.datetime.min.
var firstMoment = value.Datetime{Time: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Naive: true}

var utc = method.Zone(time.UTC)

// given is an error where one of the first n arguments is None.
func given(a []any, n int) error {
	for _, v := range a[:n] {
		if v == nil {
			return exception.TypeErrorf("'NoneType' object cannot be interpreted as an integer")
		}
	}
	return nil
}

func newDatetime(th *python.Thread, a []any) (any, error) {
	if err := given(a, 7); err != nil {
		return nil, err
	}
	base := firstMoment
	return method.Of(base)["replace"].Call(th, append([]any{base}, a[:8]...), nil)
}

func newDate(th *python.Thread, a []any) (any, error) {
	if err := given(a, 3); err != nil {
		return nil, err
	}
	base := value.Date{Y: 1, M: 1, D: 1}
	return method.Of(base)["replace"].Call(th, append([]any{base}, a...), nil)
}

func newTimedelta(_ *python.Thread, a []any) (any, error) {
	var parts [7]float64
	for i, v := range a {
		n, ok := number.Of(v)
		if !ok {
			return nil, exception.TypeErrorf("unsupported type for timedelta component: %s", value.TypeName(v))
		}
		f, err := number.ToFloat(n)
		if err != nil {
			return nil, err
		}
		parts[i] = f
	}
	d, err := pytime.NewDelta(pytime.DeltaParts{
		Days: parts[0], Seconds: parts[1], Microseconds: parts[2], Milliseconds: parts[3], Minutes: parts[4], Hours: parts[5], Weeks: parts[6],
	})
	return d, err
}

func newTimezone(_ *python.Thread, a []any) (any, error) {
	d, ok := a[0].(value.Timedelta)
	if !ok {
		return nil, exception.TypeErrorf("timezone() argument 1 must be datetime.timedelta, not %s", value.TypeName(a[0]))
	}
	if d <= -value.Day || d >= value.Day {
		return nil, exception.ValueErrorf("offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)")
	}
	name := ""
	if a[1] != nil {
		var err error
		if name, err = pytext.Arg(a[1]); err != nil {
			return nil, err
		}
	}
	if d == 0 && name == "" {
		return utc, nil
	}
	return method.Zone(time.FixedZone(name, int(d/value.Second))), nil
}

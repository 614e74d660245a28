package method

import (
	"strings"
	"time"

	"anytap/internal/python"
	"anytap/internal/value"
)

// namedTuple is a tuple whose elements have names.
type namedTuple struct {
	name   string
	fields []string
	vals   value.Tuple
}

// TypeName is part of value.Object.
func (n *namedTuple) TypeName() string { return n.name }

// Repr is part of value.Object.
func (n *namedTuple) Repr() string {
	parts := make([]string, len(n.fields))
	for i, f := range n.fields {
		parts[i] = f + "=" + value.Repr(n.vals[i])
	}
	return n.name + "(" + strings.Join(parts, ", ") + ")"
}

// Str is part of value.Object.
func (n *namedTuple) Str() string { return n.Repr() }

// Truth is part of value.Object.
func (n *namedTuple) Truth() bool { return true }

func (n *namedTuple) Tuple() value.Tuple { return n.vals }

func (n *namedTuple) Attribute(name string) (any, bool, error) {
	for i, f := range n.fields {
		if f == name {
			return n.vals[i], true, nil
		}
	}
	if b, ok := tupleMethods[name]; ok {
		return python.Bind(b, n.vals), true, nil
	}
	return nil, false, nil
}

// timeTuple is Python's datetime.timetuple(). dst is 0 if there is no summer time, -1 if that is
// unknown.
func timeTuple(t time.Time, dst int64) any {
	return &namedTuple{
		name: "time.struct_time",
		fields: []string{
			"tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst",
		},
		vals: value.Tuple{
			int64(t.Year()), int64(t.Month()), int64(t.Day()), int64(t.Hour()), int64(t.Minute()), int64(t.Second()),
			int64(t.Weekday()+6) % 7, int64(t.YearDay()), dst,
		},
	}
}

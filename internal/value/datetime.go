package value

import (
	"fmt"
	"strings"
	"time"
)

// Datetime is a Python datetime.datetime. It is written with microseconds.
type Datetime struct {
	time.Time
	Naive bool // without time zone; Time is in UTC then
}

// Date is a Python datetime.date.
type Date struct{ Y, M, D int }

// Timedelta is a Python datetime.timedelta in microseconds.
type Timedelta int64

// Units of a Timedelta.
const (
	Microsecond Timedelta = 1
	Second                = 1_000_000 * Microsecond
	Day                   = 86_400 * Second
)

// DateOf gives the day of t in its zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// Time gives the start of the day in UTC.
func (d Date) Time() time.Time { return time.Date(d.Y, time.Month(d.M), d.D, 0, 0, 0, 0, time.UTC) }

// String is the ISO form, Python's str(d) and d.isoformat().
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Y, d.M, d.D) }

// Isoformat is Python's d.isoformat(), such as "2026-01-02T03:04:05.000006+00:00". A fraction of
// zero is omitted, and so is the offset of a naive time.
func (d Datetime) Isoformat() string { return string(d.appendISO(nil, 'T')) }

func (d Datetime) appendISO(dst []byte, sep byte) []byte {
	dst = d.AppendFormat(dst, "2006-01-02")
	dst = append(dst, sep)
	dst = d.AppendFormat(dst, "15:04:05")
	if us := d.Nanosecond() / 1000; us != 0 {
		dst = fmt.Appendf(dst, ".%06d", us)
	}
	if d.Naive {
		return dst
	}
	_, off := d.Zone()
	sign := byte('+')
	if off < 0 {
		sign, off = '-', -off
	}
	dst = fmt.Appendf(append(dst, sign), "%02d:%02d", off/3600, off/60%60)
	if off%60 != 0 {
		dst = fmt.Appendf(dst, ":%02d", off%60)
	}
	return dst
}

func (d Datetime) repr() string {
	var b strings.Builder
	fmt.Fprintf(&b, "datetime.datetime(%d, %d, %d, %d, %d", d.Year(), d.Month(), d.Day(), d.Hour(), d.Minute())
	us := d.Nanosecond() / 1000
	if d.Second() != 0 || us != 0 {
		fmt.Fprintf(&b, ", %d", d.Second())
	}
	if us != 0 {
		fmt.Fprintf(&b, ", %d", us)
	}
	if !d.Naive {
		b.WriteString(", tzinfo=datetime.timezone")
		if _, off := d.Zone(); off == 0 {
			b.WriteString(".utc")
		} else {
			fmt.Fprintf(&b, "(%s)", (Timedelta(off) * Second).repr())
		}
	}
	b.WriteByte(')')
	return b.String()
}

// NewTimedelta adds up the parts of a Timedelta.
func NewTimedelta(days, seconds, microseconds int64) Timedelta {
	return Timedelta(days)*Day + Timedelta(seconds)*Second + Timedelta(microseconds)
}

// TimedeltaOf rounds d to microseconds, half to even as Python does.
func TimedeltaOf(d time.Duration) Timedelta {
	us, rest := int64(d)/1000, int64(d)%1000
	switch {
	case rest > 500 || rest == 500 && us%2 != 0:
		us++
	case rest < -500 || rest == -500 && us%2 != 0:
		us--
	}
	return Timedelta(us)
}

// Days is Python's t.days, the only part that can be negative.
func (t Timedelta) Days() int64 {
	d := int64(t / Day)
	if t%Day < 0 {
		d--
	}
	return d
}

// Seconds is Python's t.seconds, from 0 to 86399.
func (t Timedelta) Seconds() int64 { return int64((t - Timedelta(t.Days())*Day) / Second) }

// Microseconds is Python's t.microseconds, from 0 to 999999.
func (t Timedelta) Microseconds() int64 { return int64((t - Timedelta(t.Days())*Day) % Second) }

// TotalSeconds is Python's t.total_seconds().
func (t Timedelta) TotalSeconds() float64 { return float64(t) / float64(Second) }

// Duration converts t. Beyond ±292 years it gives the largest or smallest time.Duration.
func (t Timedelta) Duration() time.Duration {
	const limit = Timedelta(1<<63-1) / 1000
	switch {
	case t > limit:
		return 1<<63 - 1
	case t < -limit:
		return -1 << 63
	}
	return time.Duration(t) * time.Microsecond
}

// String is Python's str(t), such as "1 day, 2:03:04.000005".
func (t Timedelta) String() string {
	var b strings.Builder
	if d := t.Days(); d != 0 {
		plural := "s"
		if d == 1 || d == -1 {
			plural = ""
		}
		fmt.Fprintf(&b, "%d day%s, ", d, plural)
	}
	s := t.Seconds()
	fmt.Fprintf(&b, "%d:%02d:%02d", s/3600, s/60%60, s%60)
	if us := t.Microseconds(); us != 0 {
		fmt.Fprintf(&b, ".%06d", us)
	}
	return b.String()
}

func (t Timedelta) repr() string {
	var parts []string
	for _, p := range []struct {
		name string
		n    int64
	}{{"days", t.Days()}, {"seconds", t.Seconds()}, {"microseconds", t.Microseconds()}} {
		if p.n != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", p.name, p.n))
		}
	}
	if parts == nil {
		return "datetime.timedelta(0)"
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}

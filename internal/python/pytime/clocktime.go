package pytime

import (
	"math"
	"math/big"
	"time"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
)

// MicrosToSeconds converts microseconds to seconds, correctly rounded.
func MicrosToSeconds(us int64) float64 {
	const exact = 1 << 53
	if us > -exact && us < exact {
		return float64(us) / 1e6
	}
	f, _ := big.NewRat(us, 1_000_000).Float64()
	return f
}

// Timestamp is Python's datetime.timestamp() of a time with a zone.
func Timestamp(t time.Time) float64 { return MicrosToSeconds(t.UnixMicro()) }

// FromSeconds gives the time n seconds after 1970, in UTC. n is an int64 or, beyond its range, a
// *big.Int.
func FromSeconds(n any) (time.Time, error) {
	s, ok := n.(int64)
	if !ok {
		return time.Time{}, exception.New(exception.OverflowError, "timestamp out of range for platform time_t")
	}
	if s < minSeconds || s > maxSeconds {
		if s < -67768040609740800 || s > 67767976233532799 {
			return time.Time{}, exception.New(exception.OverflowError, "timestamp out of range for platform time_t")
		}
		return time.Time{}, exception.ValueErrorf("year is out of range")
	}
	return time.Unix(s, 0).UTC(), nil
}

// FromTimestamp gives the time f seconds after 1970, in UTC. It rounds to microseconds, half to
// even.
func FromTimestamp(f float64) (time.Time, error) {
	if math.IsNaN(f) {
		return time.Time{}, exception.ValueErrorf("cannot convert float NaN to integer")
	}
	if math.IsInf(f, 0) {
		return time.Time{}, exception.New(exception.OverflowError, "cannot convert float infinity to integer")
	}
	whole, frac := math.Modf(f)
	us := math.RoundToEven(frac * 1e6)
	if whole < minSeconds || whole > maxSeconds {
		if math.Abs(whole) > 9e18 {
			return time.Time{}, exception.New(exception.OverflowError, "timestamp out of range for platform time_t")
		}
		return time.Time{}, exception.ValueErrorf("year is out of range")
	}
	return time.Unix(int64(whole), int64(us)*1000).UTC(), nil
}

func sinceEpoch(v any, unit int64) (time.Time, error) {
	x, err := number.Int(v)
	if err != nil {
		return time.Time{}, err
	}
	n := new(big.Int).Mul(number.Big(x), big.NewInt(unit))
	if !n.IsInt64() || n.Int64() < minSeconds*1_000_000 || n.Int64() > (maxSeconds+1)*1_000_000-1 {
		return time.Time{}, exception.New(exception.OverflowError, "date value out of range")
	}
	return time.UnixMicro(n.Int64()).UTC(), nil
}

// PytzUTC is the zone UTC of pytz. Unlike datetime.timezone.utc it knows that it has no summer
// time.
var PytzUTC = time.FixedZone("UTC", 0)

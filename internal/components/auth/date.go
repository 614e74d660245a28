package auth

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

var errNoDate = errors.New("expected a date and time or Unix seconds")

// parseDate reads a date and time in any form that the reference runtime accepts: Unix seconds, or
// a text in any form that Python's dateutil reads. What a text leaves out is taken from now;
// without an offset it is in UTC.
func parseDate(v any, now time.Time) (time.Time, error) {
	t, err := pytime.ParseTime(v, now)
	if err == nil {
		return t, nil
	}
	switch v := v.(type) {
	case string:
		return t, fmt.Errorf("%q has no date: %w", v, errNoDate)
	case int64, *big.Int:
		return t, fmt.Errorf("%s can not be Unix seconds: %w", value.Str(v), errNoDate)
	}
	return t, fmt.Errorf("%s is a %s: %w", value.Repr(v), value.TypeName(v), errNoDate)
}

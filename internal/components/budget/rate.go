package budget

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// RateDefinition configures a number of calls in a span of time. It has no type in a manifest.
//
//	limit: "{{ config['calls_per_minute'] }}"
//	interval: PT1M
type RateDefinition struct {
	_        struct{} `manifest:",untyped"`
	Limit    any      `manifest:"limit,required,is=integer|string" doc:"The number of calls."`
	Interval string   `manifest:"interval,required" doc:"The length of time, as an ISO 8601 duration."`
}

// BuildRate builds a Rate.
func BuildRate(c *manifest.Compiler, n *manifest.Node) (rest.Rate, error) {
	var def RateDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return rest.Rate{}, err
	}
	calls, err := whole(c, def.Limit)
	if err != nil {
		return rest.Rate{}, n.Problem("limit: %v", err)
	}
	per, err := parseDuration(def.Interval)
	if err != nil {
		return rest.Rate{}, n.Problem("interval: %v", err)
	}
	return rest.Rate{Calls: calls, Per: per}, nil
}

// longestPeriod is the longest duration that is accepted; a time.Duration can hold it.
const longestPeriod = 200 * 365 * 24 * time.Hour

// parseDuration reads an ISO 8601 duration of weeks, days, hours, minutes and seconds. Years and
// months have no fixed length and are refused.
func parseDuration(text string) (time.Duration, error) {
	fail := fmt.Errorf("%q is no duration such as PT1M, P1D or PT0.5S", text)
	rest, ok := strings.CutPrefix(text, "P")
	if !ok || rest == "" || strings.HasSuffix(rest, "T") {
		return 0, fail
	}
	units, inTime := []unit{{'W', 7 * 24 * time.Hour}, {'D', 24 * time.Hour}}, false
	var sum float64
	for rest != "" {
		if rest[0] == 'T' && !inTime {
			rest, units, inTime = rest[1:], []unit{{'H', time.Hour}, {'M', time.Minute}, {'S', time.Second}}, true
			continue
		}
		i := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
		if i < 1 {
			return 0, fail
		}
		amount, err := strconv.ParseFloat(strings.Replace(rest[:i], ",", ".", 1), 64)
		length, ok := take(&units, rest[i])
		if err != nil || !ok {
			return 0, fail
		}
		sum, rest = sum+amount*float64(length), rest[i+1:]
	}
	if !(sum > 0) || sum > float64(longestPeriod) {
		return 0, fail
	}
	return time.Duration(sum), nil
}

// unit is a unit of a duration, by its letter.
type unit struct {
	letter byte
	length time.Duration
}

// take finds a unit by its letter. It drops that unit and those before it, because units come in
// order, each once.
func take(units *[]unit, letter byte) (time.Duration, bool) {
	for i, u := range *units {
		if u.letter == letter {
			*units = (*units)[i+1:]
			return u.length, true
		}
	}
	return 0, false
}

package retriever

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"sync"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// times evaluates the timeout of jobs and the wait before one is created again.
func (b *asyncBuilder) times() error {
	minutes, err := b.whole("polling_job_timeout", b.def.Timeout)
	if err != nil {
		return err
	}
	seconds, err := b.whole("failed_retry_wait_time_in_seconds", b.def.RetryAfter)
	if err != nil {
		return err
	}
	if value.Truth(b.def.RetryAfter) && seconds < 1 {
		return b.n.Get("failed_retry_wait_time_in_seconds").Problem("is %d, expected 1 at least", seconds)
	}
	b.loop.Timeout, b.loop.RetryAfter = span(minutes, time.Minute), span(seconds, time.Second)
	return nil
}

// span is n units, or the longest duration.
func span(n int64, unit time.Duration) time.Duration {
	most := int64(math.MaxInt64 / unit)
	return time.Duration(min(max(n, -most), most)) * unit
}

// whole evaluates a whole number or a template of one; 0: there is none.
func (b *asyncBuilder) whole(name string, v any) (int64, error) {
	if !value.Truth(v) {
		return 0, nil
	}
	t, err := jinja.CompileString(value.Str(v), nil)
	if err == nil {
		v, err = t.Eval(b.c.ConfigEnv())
	}
	if err != nil {
		return 0, b.n.Get(name).Problem("%v", err)
	}
	n, err := wholeNumber(v)
	if err != nil {
		return 0, b.n.Get(name).Problem("%v", err)
	}
	return n, nil
}

// wholeNumber is Python's int(); what lies beyond 64 bits is the nearest that they hold.
func wholeNumber(v any) (int64, error) {
	n, err := number.Int(v)
	if err != nil {
		return 0, fmt.Errorf("is %s, expected a whole number", value.Repr(v))
	}
	switch n := n.(type) {
	case int64:
		return n, nil
	case *big.Int:
		if n.Sign() < 0 {
			return math.MinInt64, nil
		}
	}
	return math.MaxInt64, nil
}

// headerPattern finds the names of headers in a template.
var headerPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`headers(?:['"]\s*\])?(?:(?:\[\s*|\.get\(\s*)['"]([^'"]+)['"]|\.([A-Za-z_]+))`)
})

// headerNames are the names of headers that the templates in v look up.
func headerNames(v any) []string {
	var names []string
	add := func(text string) {
		for _, m := range headerPattern().FindAllStringSubmatch(text, -1) {
			if name := m[1] + m[2]; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			add(v)
		case *value.List:
			for _, item := range v.All() {
				walk(item)
			}
		case *value.Dict:
			for _, member := range v.AllKeys() {
				walk(member)
			}
		}
	}
	walk(v)
	return names
}

package errorhandler

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// number is a field that holds a number or a template of one.
type number struct {
	fixed    float64
	template *jinja.String // nil: fixed
	env      *jinja.Env
}

// newNumber makes a number of a field's value, which is one already or text.
func newNumber(c *manifest.Compiler, n *manifest.Node, v any) (*number, error) {
	text, ok := v.(string)
	if !ok {
		f, err := toFloat(v)
		return &number{fixed: f}, err
	}
	t, err := jinja.CompileString(text, n.Parameters())
	if t == nil {
		return nil, err
	}
	return &number{template: t, env: c.ConfigEnv()}, nil
}

// eval gives the number. Text that is none is an error.
func (x *number) eval() (float64, error) {
	if x.template == nil {
		return x.fixed, nil
	}
	v, err := x.template.Eval(x.env)
	if err != nil {
		return 0, err
	}
	return toFloat(v)
}

// toFloat is Python's float().
func toFloat(v any) (float64, error) {
	switch v := v.(type) {
	case int64:
		return float64(v), nil
	case float64:
		return v, nil
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f, nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case string:
		if f, ok := parseFloat(v); ok {
			return f, nil
		}
	}
	return 0, fmt.Errorf("%s is no number", value.Repr(v))
}

// parseFloat reads a number as Python's float() does: blanks around it, and nan and inf, but no hexadecimals.
func parseFloat(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "xXpP") {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil || math.IsInf(f, 0)
}

// longestWait is what any wait is cut to.
const longestWait = 366 * 24 * time.Hour

// duration makes a wait of seconds; what is no wait is zero.
func duration(seconds float64) time.Duration {
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, longestWait.Seconds()) * float64(time.Second))
}

// jittered adds a random part of up to twice the range.
func jittered(seconds float64, jitter *float64) time.Duration {
	if jitter != nil {
		seconds += rand.Float64() * 2 * *jitter
	}
	return duration(seconds)
}

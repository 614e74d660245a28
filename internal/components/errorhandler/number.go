package errorhandler

import (
	"fmt"
	"math/rand/v2"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// numberField is a field that holds a number or a template of one.
type numberField struct {
	fixed    float64
	template *jinja.String // nil: fixed
	env      *jinja.Env
}

// newNumber makes a number of a field's value: a number, or the text of a template.
func newNumber(c *manifest.Compiler, n *manifest.Node, v any) (*numberField, error) {
	text, ok := v.(string)
	if !ok {
		f, err := toFloat(v)
		return &numberField{fixed: f}, err
	}
	t, err := jinja.CompileString(text, n.Parameters())
	if t == nil {
		return nil, err
	}
	return &numberField{template: t, env: c.ConfigEnv()}, nil
}

// eval returns the number. A text that is no number is an error.
func (x *numberField) eval() (float64, error) {
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
	f, err := number.Float(v)
	if err != nil {
		return 0, fmt.Errorf("%s is no number", value.Repr(v))
	}
	return f, nil
}

// longestWait is the longest wait; a longer one is cut to it.
const longestWait = 366 * 24 * time.Hour

// duration makes a wait of seconds; 0 where they are negative or not a number.
func duration(seconds float64) time.Duration {
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, longestWait.Seconds()) * float64(time.Second))
}

// jittered makes a wait of seconds with a random time of up to twice the jitter; nil: none is
// added.
func jittered(seconds float64, jitter *float64) time.Duration {
	if jitter != nil {
		seconds += rand.Float64() * 2 * *jitter
	}
	return duration(seconds)
}

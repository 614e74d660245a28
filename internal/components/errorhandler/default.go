package errorhandler

import (
	"fmt"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// DefaultDefinition configures an error handler.
//
//	type: DefaultErrorHandler
//	max_retries: 5
//	response_filters: [{http_codes: [404], action: IGNORE}]
//	backoff_strategies: [{type: ConstantBackoffStrategy, backoff_time_in_seconds: 30}]
type DefaultDefinition struct {
	Backoff    []*manifest.Node `manifest:"backoff_strategies,of=ConstantBackoffStrategy|ExponentialBackoffStrategy|WaitTimeFromHeader|WaitTimeFromResponse|WaitUntilTimeFromHeader|CustomBackoffStrategy" doc:"How long to wait before another try; the first that has an opinion counts."`
	MaxRetries any              `manifest:"max_retries,is=integer|string" doc:"Tries after the first; 5 if not given."`
	Filters    []*manifest.Node `manifest:"response_filters,of=HttpResponseFilter" doc:"Verdicts on answers; the first that matches counts."`
}

// BuildDefault builds a DefaultErrorHandler.
func BuildDefault(c *manifest.Compiler, n *manifest.Node) (*Default, error) {
	var def DefaultDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	h := &Default{}
	var err error
	if h.filters, err = manifest.BuildAll[responseFilter](c, def.Filters); err != nil {
		return nil, err
	}
	if h.strategies, err = manifest.BuildAll[strategy](c, def.Backoff); err != nil {
		return nil, err
	}
	if h.retries, h.retriesSet, err = retries(c, n, def.MaxRetries); err != nil {
		return nil, n.Problem("max_retries: %v", err)
	}
	return h, nil
}

// retries reads max_retries: a number or a template of one. Without it, the run's default counts.
// set says that there is one.
func retries(c *manifest.Compiler, n *manifest.Node, v any) (most int, set bool, err error) {
	switch v := v.(type) {
	case int64:
		return int(v), true, nil
	case string:
		t, err := jinja.CompileString(v, n.Parameters())
		if t == nil {
			return 0, false, err
		}
		got, err := t.Eval(c.ConfigEnv())
		if err != nil || got == "" {
			return rest.DefaultMaxRetries, false, err
		}
		most, err = toInt(got)
		return most, true, err
	}
	s := contract.Runtime(c).Settings
	return s.Retries(), s.MaxRetries != nil, nil
}

// toInt is Python's int().
func toInt(v any) (int, error) {
	n, err := number.Int64(v)
	if err != nil {
		return 0, fmt.Errorf("%s is no whole number", value.Repr(v))
	}
	return int(n), nil
}

// responseFilter judges the answers that it is about.
type responseFilter interface {
	// judge gives the verdict; ok is false for an answer that it is not about.
	judge(a *rest.Answer) (v rest.Verdict, ok bool, err error)
}

// strategy says how long to wait before another try.
type strategy interface {
	// wait is how long to wait after a number of tries, which counts from 1; 0: no opinion. An
	// error ends the stream.
	wait(a *rest.Answer, attempt int) (time.Duration, error)
}

// Default judges by filters, then by the table of statuses.
type Default struct {
	filters    []responseFilter
	strategies []strategy
	retries    int
	retriesSet bool // the manifest or the user wrote retries
}

var _ rest.ErrorHandler = (*Default)(nil)

// Judge is the verdict of the first filter that matches, else that of the table.
func (h *Default) Judge(a *rest.Answer) (rest.Verdict, error) {
	for _, f := range h.filters {
		if v, ok, err := f.judge(a); ok || err != nil {
			return v, err
		}
	}
	return rest.DefaultVerdict(a), nil
}

// Backoff is the first opinion of a strategy.
func (h *Default) Backoff(a *rest.Answer, attempt int) (time.Duration, error) {
	for _, s := range h.strategies {
		if d, err := s.wait(a, attempt); d > 0 || err != nil {
			return d, err
		}
	}
	return 0, nil
}

// MaxRetries is the manifest's or the run's.
func (h *Default) MaxRetries() (most int, set bool) { return h.retries, h.retriesSet }

// MaxTime is the default.
func (*Default) MaxTime() time.Duration { return rest.DefaultMaxTime }

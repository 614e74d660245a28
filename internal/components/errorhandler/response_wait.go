package errorhandler

import (
	"math"
	"slices"
	"strings"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// ResponseWaitDefinition configures a backoff strategy that waits for the seconds in an answer's
// body.
//
//	type: WaitTimeFromResponse
//	wait_time_in_seconds: "{{ response.error.retry_after }}"
//	max_waiting_time_in_seconds: 600
type ResponseWaitDefinition struct {
	Seconds *jinja.String `manifest:"wait_time_in_seconds,required" doc:"How long to wait, made of response, headers and config. What is no positive number is no opinion."`
	Longest any           `manifest:"max_waiting_time_in_seconds,is=number|string" doc:"Seconds. A wait of this time or longer ends the stream."`
}

// BuildResponseWait builds a WaitTimeFromResponse.
func BuildResponseWait(c *manifest.Compiler, n *manifest.Node) (*ResponseWait, error) {
	var def ResponseWaitDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	for _, name := range def.Seconds.Roots() {
		if !slices.Contains([]string{"config", "response", "headers", "parameters"}, name) {
			return nil, n.Problem("wait_time_in_seconds reads %q, but only config, response, headers and parameters are known", name)
		}
	}
	most, err := newCap(c, n, def.Longest)
	if err != nil {
		return nil, err
	}
	return &ResponseWait{seconds: def.Seconds, most: most, env: c.ConfigEnv(), headers: rest.SpelledNames(def.Seconds.Source())}, nil
}

// ResponseWait waits for the seconds that a template finds in the answer.
type ResponseWait struct {
	seconds *jinja.String
	most    *float64 // see checkCap
	env     *jinja.Env
	headers []string // names in the spelling of the template
}

var _ strategy = (*ResponseWait)(nil)

func (s *ResponseWait) wait(a *rest.Answer, _ int) (time.Duration, error) {
	// A template that fails on this answer was written for another answer: no opinion.
	v, err := s.seconds.Eval(a.Env(s.env, s.headers...))
	if err != nil || v == nil {
		return 0, nil //nolint:nilerr // see above
	}
	if text, ok := v.(string); ok && (strings.TrimSpace(text) == "" || text == s.seconds.Source()) {
		return 0, nil
	}
	seconds, err := toFloat(v)
	if err != nil || math.IsInf(seconds, 0) || !(seconds > 0) {
		return 0, nil //nolint:nilerr // likewise
	}
	if err := checkCap(seconds, s.most); err != nil {
		return 0, err
	}
	return duration(seconds), nil
}

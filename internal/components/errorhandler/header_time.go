package errorhandler

import (
	"fmt"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// HeaderTimeDefinition configures a backoff strategy that waits until the time in a header.
//
//	type: WaitUntilTimeFromHeader
//	header: X-RateLimit-Reset
//	min_wait: 10
//	regex: "[.\\d]+"
//	max_waiting_time_in_seconds: 600
type HeaderTimeDefinition struct {
	Header   *jinja.String `manifest:"header,required" doc:"The header that says until when to wait, in Unix seconds."`
	Shortest any           `manifest:"min_wait,is=number|string" doc:"The shortest wait in seconds, which also counts when the header is missing."`
	Regex    *jinja.String `manifest:"regex" doc:"The part of the header that is the number, from its start."`
	Longest  any           `manifest:"max_waiting_time_in_seconds,is=number|string" doc:"Seconds. A wait of this time or longer ends the stream."`
}

// BuildHeaderTime builds a WaitUntilTimeFromHeader.
func BuildHeaderTime(c *manifest.Compiler, n *manifest.Node) (*HeaderTime, error) {
	var def HeaderTimeDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s := &HeaderTime{now: c.Now, env: c.ConfigEnv()}
	var err error
	if s.header, err = newHeaderValue(c, n, def.Header, def.Regex); err != nil {
		return nil, err
	}
	if def.Shortest != nil {
		if s.shortest, err = jinja.CompileString(value.Str(def.Shortest), n.Parameters()); s.shortest == nil {
			return nil, n.Problem("min_wait: %v", err)
		}
	}
	if s.most, err = newCap(c, n, def.Longest); err != nil {
		return nil, err
	}
	return s, nil
}

// HeaderTime waits until the time in a header. A time in the past is no opinion, unless there is a
// shortest wait.
type HeaderTime struct {
	header   *headerValue
	shortest *jinja.String // seconds; nil: there is none
	most     *float64      // see checkCap
	now      func() time.Time
	env      *jinja.Env
}

var _ strategy = (*HeaderTime)(nil)

func (s *HeaderTime) wait(a *rest.Answer, _ int) (time.Duration, error) {
	until, ok, err := s.header.read(a)
	if err != nil {
		return 0, err
	}
	shortest, floor, err := s.floor()
	if err != nil {
		return 0, err
	}
	var seconds float64
	switch {
	case !ok || until == 0:
		if !floor {
			return 0, nil
		}
		seconds = shortest
	case floor:
		seconds = max(until-float64(s.now().UnixMicro())/1e6, shortest)
	default:
		if seconds = until - float64(s.now().UnixMicro())/1e6; seconds < 0 {
			return 0, nil
		}
	}
	if err := checkCap(seconds, s.most); err != nil {
		return 0, err
	}
	return duration(seconds), nil
}

// floor is the shortest wait; ok is false where there is none.
func (s *HeaderTime) floor() (seconds float64, ok bool, err error) {
	if s.shortest == nil {
		return 0, false, nil
	}
	v, err := s.shortest.Eval(s.env)
	if err == nil && value.Truth(v) {
		seconds, err = toFloat(v)
		ok = true
	}
	if err != nil {
		return 0, false, fmt.Errorf("min_wait: %w", err)
	}
	return seconds, ok, nil
}

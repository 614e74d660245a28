package errorhandler

import (
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// HeaderWaitDefinition configures a backoff strategy that waits for the seconds in a header.
//
//	type: WaitTimeFromHeader
//	header: Retry-After
//	regex: "[.\\d]+"
//	max_waiting_time_in_seconds: 600
type HeaderWaitDefinition struct {
	Header  *jinja.String `manifest:"header,required" doc:"The header that says how many seconds to wait."`
	Regex   *jinja.String `manifest:"regex" doc:"The part of the header that is the number, from its start."`
	Longest any           `manifest:"max_waiting_time_in_seconds,is=number|string" doc:"Seconds. A wait of this time or longer ends the stream."`
}

// BuildHeaderWait builds a WaitTimeFromHeader.
func BuildHeaderWait(c *manifest.Compiler, n *manifest.Node) (*HeaderWait, error) {
	var def HeaderWaitDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	header, err := newHeaderValue(c, n, def.Header, def.Regex)
	if err != nil {
		return nil, err
	}
	most, err := newCap(c, n, def.Longest)
	if err != nil {
		return nil, err
	}
	return &HeaderWait{header: header, most: most}, nil
}

// HeaderWait waits for the seconds in a header.
type HeaderWait struct {
	header *headerValue
	most   *float64 // see checkCap
}

var _ strategy = (*HeaderWait)(nil)

func (s *HeaderWait) wait(a *rest.Answer, _ int) (time.Duration, error) {
	seconds, ok, err := s.header.read(a)
	if err != nil || !ok || seconds == 0 {
		return 0, err
	}
	if err := checkCap(seconds, s.most); err != nil {
		return 0, err
	}
	return duration(seconds), nil
}

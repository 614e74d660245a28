package errorhandler

import (
	"fmt"
	"math"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// ExponentialDefinition configures a backoff strategy whose wait doubles at each try.
//
//	type: ExponentialBackoffStrategy
//	factor: 5
//	jitter_range_in_seconds: 1
type ExponentialDefinition struct {
	Factor any      `manifest:"factor,is=number|string,default=5" doc:"Waits factor * 2^tries seconds."`
	Jitter *float64 `manifest:"jitter_range_in_seconds,min=0" doc:"Adds a random time of up to twice this."`
}

// BuildExponential builds an ExponentialBackoffStrategy.
func BuildExponential(c *manifest.Compiler, n *manifest.Node) (*Exponential, error) {
	var def ExponentialDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	factor, err := newNumber(c, n, def.Factor)
	if err != nil {
		return nil, n.Problem("factor: %v", err)
	}
	return &Exponential{factor: factor, jitter: def.Jitter}, nil
}

// Exponential doubles its wait at each try.
type Exponential struct {
	factor *numberField
	jitter *float64
}

var _ strategy = (*Exponential)(nil)

func (s *Exponential) wait(_ *rest.Answer, attempt int) (time.Duration, error) {
	factor, err := s.factor.eval()
	if err != nil {
		return 0, fmt.Errorf("factor: %w", err)
	}
	return jittered(math.Ldexp(factor, attempt), s.jitter), nil
}

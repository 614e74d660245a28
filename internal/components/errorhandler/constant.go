package errorhandler

import (
	"fmt"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// ConstantDefinition configures a backoff strategy that waits for the same time at each try.
//
//	type: ConstantBackoffStrategy
//	backoff_time_in_seconds: 30
//	jitter_range_in_seconds: 5
type ConstantDefinition struct {
	Seconds any      `manifest:"backoff_time_in_seconds,required,is=number|string,min=0" doc:"How long to wait."`
	Jitter  *float64 `manifest:"jitter_range_in_seconds,min=0" doc:"Adds a random time of up to twice this."`
}

// BuildConstant builds a ConstantBackoffStrategy.
func BuildConstant(c *manifest.Compiler, n *manifest.Node) (*Constant, error) {
	var def ConstantDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	seconds, err := newNumber(c, n, def.Seconds)
	if err != nil {
		return nil, n.Problem("backoff_time_in_seconds: %v", err)
	}
	return &Constant{seconds: seconds, jitter: def.Jitter}, nil
}

// Constant waits for the same time at each try, apart from the jitter.
type Constant struct {
	seconds *numberField
	jitter  *float64
}

var _ strategy = (*Constant)(nil)

func (s *Constant) wait(*rest.Answer, int) (time.Duration, error) {
	seconds, err := s.seconds.eval()
	if err != nil {
		return 0, fmt.Errorf("backoff_time_in_seconds: %w", err)
	}
	return jittered(seconds, s.jitter), nil
}

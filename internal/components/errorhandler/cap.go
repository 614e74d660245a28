package errorhandler

import (
	"fmt"
	"math"

	"anytap/internal/manifest"
	"anytap/internal/tap"
)

// newCap reads the field max_waiting_time_in_seconds; nil: there is none. A value that is no finite
// number is refused at once.
func newCap(c *manifest.Compiler, n *manifest.Node, v any) (*float64, error) {
	if v == nil {
		return nil, nil
	}
	x, err := newNumber(c, n, v)
	if err != nil {
		return nil, n.Problem("max_waiting_time_in_seconds: %v", err)
	}
	most, err := x.eval()
	if err == nil && (math.IsInf(most, 0) || math.IsNaN(most)) {
		err = fmt.Errorf("%v is not finite", most)
	}
	if err != nil {
		return nil, n.Problem("max_waiting_time_in_seconds: %v", err)
	}
	return &most, nil
}

// checkCap refuses a wait that reaches the cap. Its error ends the stream.
func checkCap(seconds float64, most *float64) error {
	if most == nil || seconds < *most {
		return nil
	}
	return tap.Errorf(tap.Transient, "the API asks to wait %g s, max_waiting_time_in_seconds is %g", seconds, *most)
}

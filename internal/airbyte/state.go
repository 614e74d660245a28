package airbyte

import (
	"anytap/internal/statefile"
	"anytap/internal/value"
)

// readState reads the state of each stream from a state file in any form that clients send. A
// stream whose state is null begins anew.
func readState(path string, v any) (map[string]*value.Dict, error) {
	entries, err := statefile.Airbyte(path, v)
	if err != nil {
		return nil, err
	}
	states := map[string]*value.Dict{}
	for _, e := range entries {
		states[e.Stream] = e.State
	}
	return states, nil
}

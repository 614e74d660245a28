package python

import (
	"time"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Limits of one run. They are far above what manifests need. A run that exceeds one fails with a
// MemoryError instead of using up the machine.
const (
	MaxSteps    = 4_000_000        // see Step
	MaxLen      = 64 << 20         // bytes of a text, elements of a list
	MaxIntBits  = 1 << 20          // bits of an integer
	MaxNodes    = 2_000_000        // values in a nested value; one that occurs twice counts twice
	MaxDuration = 10 * time.Second // measured from the first check of the deadline; see timeEvery
)

// timeEvery is the number of steps between two checks of the deadline.
const timeEvery = 256

// Step counts n units of work: a call, a pass of a loop, an element that is visited. It fails when
// the thread exceeds its limits.
func (th *Thread) Step(n int) error {
	if th.steps += n; th.steps > MaxSteps || n < 0 {
		return exception.New(exception.MemoryError, "template does too much work")
	}
	if th.steps < th.check {
		return nil
	}
	th.check = th.steps + timeEvery
	now := time.Now()
	if th.deadline.IsZero() {
		th.deadline = now.Add(MaxDuration)
	}
	if now.After(th.deadline) {
		return exception.New(exception.MemoryError, "template runs too long")
	}
	return nil
}

// Spend counts the work of making a result: long texts cost a step for every 64 bytes.
func (th *Thread) Spend(v any) error {
	n := 0
	switch v := v.(type) {
	case string:
		n = len(v)
	case pytext.Markup:
		n = len(v)
	case value.Bytes:
		n = len(v)
	}
	if n < 1024 {
		return nil
	}
	return th.Step(n / 64)
}

// Room fails if a text of n bytes or a list of n elements would be too large. Callers pass -1 for a
// size that overflows.
func Room(n int) error {
	if n < 0 || n > MaxLen {
		return exception.New(exception.MemoryError, "result of the template is too large")
	}
	return nil
}

// maxDepth limits how deeply a value that is written out may be nested.
const maxDepth = 1000

// Fits reports whether v consists of at most budget values and is not nested too deeply to be
// written out. It reduces the budget. Without this check a list that contains another one many
// times could take all memory, and a list that contains itself would never end.
func Fits(v any, budget *int) bool { return fitsIn(v, budget, maxDepth) }

func fitsIn(v any, budget *int, depth int) bool {
	if *budget--; *budget < 0 || depth < 0 {
		return false
	}
	all := func(vs []any) bool {
		for _, e := range vs {
			if !fitsIn(e, budget, depth-1) {
				return false
			}
		}
		return true
	}
	switch x := v.(type) {
	case *value.Dict:
		if raw, ok := x.Untouched(); ok {
			*budget -= len(raw) / 64
			return *budget >= 0
		}
		for _, e := range x.AllKeys() {
			if !fitsIn(e, budget, depth-1) {
				return false
			}
		}
	case *value.List:
		if raw, ok := x.Untouched(); ok {
			*budget -= len(raw) / 64
			return *budget >= 0
		}
		return all(x.Values())
	case value.Tuple:
		return all(x)
	case *value.Set:
		return all(x.Values())
	case string:
		*budget -= len(x) / 64
	case Holder:
		return fitsIn(x.Held(), budget, depth-1)
	}
	return *budget >= 0
}

// CheckSize fails for a container that is too large to be visited completely.
func CheckSize(v any) error {
	switch v.(type) {
	case *value.Dict, *value.List, value.Tuple, *value.Set, Holder:
		budget := MaxNodes
		if !Fits(v, &budget) {
			return exception.New(exception.MemoryError, "value is too large")
		}
	}
	return nil
}

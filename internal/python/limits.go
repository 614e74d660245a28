package python

import (
	"time"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Bounds of one evaluation. They are far above what manifests need; beyond
// them the evaluation fails instead of using up the machine.
const (
	MaxSteps    = 4_000_000 // loop passes, calls, elements, and bytes of long texts by 64
	MaxLen      = 64 << 20  // bytes of a text, elements of a list
	MaxIntBits  = 1 << 20   // of an integer
	MaxNodes    = 2_000_000 // values inside a value, those that stand in it twice counted twice
	MaxDuration = 10 * time.Second
)

// timeEvery is after how many steps the clock is looked at.
const timeEvery = 256

// Step counts work and fails when there was too much of it.
func (s *Thread) Step(n int) error {
	if s.steps += n; s.steps > MaxSteps || n < 0 {
		return exception.New(exception.MemoryError, "template does too much work")
	}
	if s.steps < s.check {
		return nil
	}
	s.check = s.steps + timeEvery
	now := time.Now()
	if s.deadline.IsZero() {
		s.deadline = now.Add(MaxDuration)
	}
	if now.After(s.deadline) {
		return exception.New(exception.MemoryError, "template runs too long")
	}
	return nil
}

// Spend counts a result: long texts cost as much as many steps.
func (s *Thread) Spend(v any) error {
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
	return s.Step(n / 64)
}

// Room fails when a result would be too large.
func Room(n int) error {
	if n < 0 || n > MaxLen {
		return exception.New(exception.MemoryError, "result of the template is too large")
	}
	return nil
}

// maxDepth is how deep values may be nested to be written out.
const maxDepth = 1000

// Fits reports whether a value holds no more values than the budget and is not
// nested too deeply. Lists that hold one another many times may be larger than
// memory when written out, and one that holds itself has no end.
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

// Holder is an object that shows another value when it is written out, and is counted with it.
type Holder interface{ Held() any }

// CheckSize fails for a value that is too large to go through.
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

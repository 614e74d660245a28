package python

import (
	"math/big"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Limits of one run. They are far above what manifests need. A run that exceeds one fails with a
// MemoryError instead of using up the machine.
const (
	MaxSteps   = 4_000_000 // see Step
	MaxLen     = 64 << 20  // bytes of a text, elements of a list
	MaxIntBits = 1 << 20   // bits of an integer
)

// A step is a call, a pass of a loop, a value that is visited, textStep bytes of a text or itemStep
// elements of a container: some 50 ns, and 64 bytes of memory at most.
const (
	textStep = 32
	itemStep = 8
	bitStep  = 512 // bits of an integer
)

// Step counts n units of work. It fails when the thread exceeds MaxSteps.
func (th *Thread) Step(n int) error {
	if th.steps += n; th.steps > MaxSteps || n < 0 {
		th.steps = MaxSteps + 1
		return exception.New(exception.MemoryError, "template does too much work")
	}
	return nil
}

// Steps is the work so far.
func (th *Thread) Steps() int { return th.steps }

// unnoticed is the size in steps below which Spend counts nothing: the call is a step already.
const unnoticed = 32

// Spend counts the work of reading or making a value, without that of the values in it. Each
// operation and each call of a Builtin spends its operands before its work and the result after it.
func (th *Thread) Spend(v any) error {
	if n := bulk(v); n >= unnoticed {
		return th.Step(n)
	}
	return nil
}

// SpendText is Spend for a text of n bytes.
func (th *Thread) SpendText(n int) error {
	if n < unnoticed*textStep {
		return nil
	}
	return th.Step(n / textStep)
}

// bulk is the size of a value in steps, without what is in it.
func bulk(v any) int {
	switch v := v.(type) {
	case string:
		return len(v) / textStep
	case pytext.Markup:
		return len(v) / textStep
	case *value.List:
		return v.Bulk() / itemStep
	case *value.Dict:
		return v.Bulk() / itemStep
	case value.Tuple:
		return len(v) / itemStep
	case *value.Set:
		return v.Len() / itemStep
	case value.Bytes:
		return len(v) / textStep
	case *big.Int:
		words := v.BitLen() / bitStep
		return words * words / itemStep // of a multiplication
	case *DictView:
		return v.D.Bulk() / itemStep
	case Mapping:
		return v.Dict().Bulk() / itemStep
	}
	return 0
}

// Weigh counts the work of going through all of a value, before it is done. A value that occurs
// twice counts twice. It fails for a value that is too large or too deeply nested.
func (th *Thread) Weigh(v any) error {
	switch v.(type) {
	case nil, bool, int64, float64:
		return nil
	case *value.Dict, *value.List, value.Tuple, *value.Set, Holder:
	default:
		return th.Spend(v)
	}
	all := th.left()
	left := all
	if !Fits(v, &left) {
		th.steps = MaxSteps + 1
		return exception.New(exception.MemoryError, "value is too large")
	}
	return th.Step(all - left)
}

func (th *Thread) left() int { return max(MaxSteps-th.steps, 0) }

// settle counts the work of a comparison that began with the given rest of the thread's steps.
func (th *Thread) settle(rest int) error { return th.Step(rest - th.meter.Left) }

// Room fails if a text of n bytes or a list of n elements would be too large. Callers pass -1 for a
// size that overflows.
func Room(n int) error {
	if n < 0 || n > MaxLen {
		return exception.New(exception.MemoryError, "result of the template is too large")
	}
	return nil
}

// Grow counts a piece of n bytes of a text that has size bytes with it, and fails if the text would
// be too large.
func (th *Thread) Grow(n, size int) error {
	if err := th.SpendText(n); err != nil {
		return err
	}
	return Room(size)
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
			*budget -= len(raw) / textStep
			return *budget >= 0
		}
		for k, e := range x.AllKeys() {
			if !fitsIn(k, budget, depth-1) || !fitsIn(e, budget, depth-1) {
				return false
			}
		}
	case *value.List:
		if raw, ok := x.Untouched(); ok {
			*budget -= len(raw) / textStep
			return *budget >= 0
		}
		for _, e := range x.All() {
			if !fitsIn(e, budget, depth-1) {
				return false
			}
		}
	case value.Tuple:
		return all(x)
	case *value.Set:
		return all(x.Values())
	case Holder:
		return fitsIn(x.Held(), budget, depth-1)
	default:
		*budget -= bulk(v)
	}
	return *budget >= 0
}

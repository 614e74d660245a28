package python

import (
	"time"

	"anytap/internal/value"
)

// Thread is one run of Python code. It holds the arguments of its calls and counts its work, which
// has a limit. Functions that call others, go through values or read the clock take a Thread. A
// Thread is used by one goroutine at a time.
type Thread struct {
	Stack []any            // arguments of the calls in progress; a caller removes what it has pushed
	Hooks *Hooks           // never nil
	Host  any              // the program that runs on the thread; its functions find it here
	Clock func() time.Time // nil: time.Now
	steps int
	meter value.Meter // of a comparison
}

// Hooks are what the host provides. They are functions because the packages that implement them
// import this one.
type Hooks struct {
	// Methods gives the methods of a value's type; package method has Python's.
	Methods func(v any) map[string]*Builtin
	// Property gives an attribute that is not a method; package method has Python's.
	Property func(v any, name string) (x any, ok bool)
	// Attr and Item look up "{0.name}" and "{0[arg]}" in a format of str.format.
	Attr func(th *Thread, v any, name string) (any, error)
	Item func(th *Thread, v, arg any) (any, error)
}

// Start prepares the thread for a run of host.
func (th *Thread) Start(host any, h *Hooks) { th.Host, th.Hooks = host, h }

// Reset clears the thread for another Start. The stack keeps its capacity.
func (th *Thread) Reset() {
	stack := th.Stack[:cap(th.Stack)]
	clear(stack)
	*th = Thread{Stack: stack[:0]}
}

// Allow limits the thread to n more steps.
func (th *Thread) Allow(n int) { th.steps = MaxSteps - n }

// Now reads the thread's clock, in UTC and cut to microseconds.
func (th *Thread) Now() time.Time {
	if th.Clock == nil {
		return time.Now().UTC().Truncate(time.Microsecond)
	}
	return th.Clock().UTC().Truncate(time.Microsecond)
}

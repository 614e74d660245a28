package python

import "time"

// Thread is one run of Python code: its arguments, its clock, and what it has used up of the bounds.
type Thread struct {
	Stack    []any // arguments of the calls under way; who pushes them takes them off again
	Hooks    *Hooks
	Host     any // what runs on the thread
	Clock    func() time.Time
	steps    int
	check    int // steps at which the clock is looked at next
	deadline time.Time
}

// Hooks are what a thread asks of who made it.
type Hooks struct {
	Methods  func(any) map[string]*Builtin                     // of the type of a value
	Property func(v any, name string) (x any, ok bool)         // an attribute that is not a method
	Attr     func(th *Thread, v any, name string) (any, error) // of a field of str.format
	Item     func(th *Thread, v, arg any) (any, error)         // of a field of str.format
}

// Start makes the thread of host ready.
func (th *Thread) Start(host any, h *Hooks) { th.Host, th.Hooks, th.check = host, h, timeEvery }

// Reset makes the thread ready to run anew. It keeps the room of the stack.
func (th *Thread) Reset() {
	stack := th.Stack[:cap(th.Stack)]
	clear(stack)
	*th = Thread{Stack: stack[:0]}
}

// Allow leaves n steps to the thread.
func (th *Thread) Allow(n int) { th.steps = MaxSteps - n }

// Now is the time of the thread's clock, in UTC and whole microseconds.
func (th *Thread) Now() time.Time {
	if th.Clock == nil {
		return time.Now().UTC().Truncate(time.Microsecond)
	}
	return th.Clock().UTC().Truncate(time.Microsecond)
}

package jinja

import "time"

// thread is one run of Python code: its arguments, its clock, and what it has used up of the bounds.
type thread struct {
	stack    []any // arguments of the calls under way; who pushes them takes them off again
	hooks    *hooks
	host     any // what runs on the thread
	clock    func() time.Time
	steps    int
	check    int // steps at which the clock is looked at next
	deadline time.Time
}

// hooks are what a thread asks of who made it.
type hooks struct {
	methods  func(any) map[string]*builtin                     // of the type of a value
	property func(v any, name string) (x any, ok bool)         // an attribute that is not a method
	attr     func(th *thread, v any, name string) (any, error) // of a field of str.format
	item     func(th *thread, v, arg any) (any, error)         // of a field of str.format
}

// start makes the thread of host ready.
func (th *thread) start(host any, h *hooks) { th.host, th.hooks, th.check = host, h, timeEvery }

// reset makes the thread ready to run anew. It keeps the room of the stack.
func (th *thread) reset() {
	stack := th.stack[:cap(th.stack)]
	clear(stack)
	*th = thread{stack: stack[:0]}
}

// allow leaves n steps to the thread.
func (th *thread) allow(n int) { th.steps = maxSteps - n }

// now is the time of the thread's clock, in UTC and whole microseconds.
func (th *thread) now() time.Time {
	if th.clock == nil {
		return time.Now().UTC().Truncate(time.Microsecond)
	}
	return th.clock().UTC().Truncate(time.Microsecond)
}

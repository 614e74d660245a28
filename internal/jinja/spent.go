package jinja

import (
	"strings"
	"sync/atomic"

	"anytap/internal/python/exception"
	"anytap/internal/python/literal"
)

// Limits of the evaluations of one page together. An evaluation has limits of its own, see package
// python; those alone would let a page of a thousand records take all time and memory.
const (
	freeSteps = 10_000      // of an evaluation, which do not count: some 0.5 ms
	pageSteps = 100_000_000 // beyond those: some 10 s
	pageBytes = 128 << 20   // of results that templates make; a record holds them twice
)

// elementBytes is what an element of a list takes. freeBytes is the size of a text that does not
// count: the record that gets it takes more.
const (
	elementBytes = 48
	freeBytes    = 256
)

// spent counts what the evaluations of a page take.
type spent struct{ steps, bytes atomic.Int64 }

// OfPage makes e the variables of one page: evaluations with it and its children have limits
// together. It returns e.
func (e *Env) OfPage() *Env {
	e.page = &spent{}
	return e
}

// NextPart lets the limits of a page begin anew, for a page that is read in parts.
func (e *Env) NextPart() {
	if e != nil && e.page != nil {
		e.page.steps.Store(0)
		e.page.bytes.Store(0)
	}
}

// spend counts the steps of an evaluation, and the bytes of its result.
func (e *Env) spend(steps, bytes int) error {
	if e == nil || e.page == nil {
		return nil
	}
	if bytes > freeBytes && e.page.bytes.Add(int64(bytes)) > pageBytes {
		return exception.New(exception.MemoryError, "templates make more than %d MB of the records of one page", pageBytes>>20)
	}
	if steps > freeSteps && e.page.steps.Add(int64(steps-freeSteps)) > pageSteps {
		return exception.New(exception.MemoryError, "templates do too much work for one page")
	}
	return nil
}

// textBytes is what a text takes that is the result of so many steps; also as a list, if it will be
// read as one. A text that took fewer steps than making it takes belongs to a variable.
func textBytes(v any, steps int) int {
	s, ok := v.(string)
	if !ok || len(s) <= freeBytes || steps == 0 || len(s) > 4<<10 && steps < len(s)/64 {
		return 0
	}
	if !literal.MayBe(s) {
		return len(s)
	}
	return len(s) + strings.Count(s, ",")*elementBytes
}

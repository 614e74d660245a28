package tap

import (
	"fmt"
	"time"

	"anytap/internal/value"
	"anytap/state"
)

// A run that ends by a budget must have got somewhere, or all runs that follow it end in the same
// place. A stream got further if, compared with the bookmark that it began with,
//
//   - its cursor's state moved, or a window or partition was finished,
//   - a slice was finished, or one was written behind the position that it began at,
//   - it has no cursor, was read to its end, and gave records.
//
// A slice that had to be read from its first page again is only further where it comes behind its
// old position.

// gotFurther reports whether the stream got further than the bookmark that it began with.
func (r *reader) gotFurther() bool {
	if r.remembered() != r.beginning {
		return true
	}
	if r.progress.ended && r.reading.Cursor.State() == nil {
		return r.records > 0
	}
	return r.Stream.Resumable && r.progress.advanced()
}

// remembered is what the cursor remembers, as a text that changes when it gets further.
func (r *reader) remembered() string {
	b := &state.Bookmark{}
	if r.abilities.Leave != nil && r.Stream.Resumable {
		r.abilities.Leave(b)
	}
	b.Begun, b.Newest, b.From, b.Cursor = time.Time{}, nil, nil, r.reading.Cursor.State()
	d := b.Dict()
	if d == nil {
		return ""
	}
	return string(value.Append(nil, d))
}

// advanced reports whether a slice is further than it was when the read began.
func (p *progress) advanced() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.further {
		return true
	}
	for _, o := range p.open {
		if o.advanced() {
			return true
		}
	}
	return false
}

func (o *openSlice) advanced() bool {
	if o.begun == nil {
		return true
	}
	now, before := o.Position, o.begun.Position
	if !o.anew {
		return !value.Equal(now.Token, before.Token) || !value.Equal(now.LastID, before.LastID)
	}
	n, counts := now.Token.(int64)
	had, counted := before.Token.(int64)
	if counts && counted {
		return n > had || n == had && !value.Equal(now.LastID, before.LastID)
	}
	return o.Records > o.begun.Records
}

// standstill is the error of a run that a budget ended before any stream got further; nil for all
// other runs.
func standstill(readers []*reader) error {
	var budget *BudgetError
	for _, r := range readers {
		if r.advanced {
			return nil
		}
		if budget == nil && !r.limited() { // nobody takes a few records for all
			budget = r.budget
		}
	}
	if budget == nil {
		return nil
	}
	return &Error{
		Kind: Config,
		Message: fmt.Sprintf("%s is too small: the run ended (%s) before any stream got further than the state that it began with, and so would the next one",
			budget.Limit, budget.Used),
		Hint: "raise " + budget.Limit,
	}
}

package tap

import (
	"context"
	"errors"
	"log/slog"
)

// ErrNotSent is the error of a request that a dry run keeps back.
var ErrNotSent = errors.New("a dry run sends no request")

// Asked is a request that is about to be sent, without secrets.
type Asked struct {
	Stream  string // as in Exchange
	Method  string
	Address string
	Headers []string // "Name: value", by name
	Body    string
	Login   bool // it asks for a token
}

// Plan is how a read of a stream would begin.
type Plan struct {
	Slices      int    // that were counted
	More        bool   // there are more
	First, Last *Slice // of those; nil: there are none
	Finished    int    // slices that an earlier run has read
	// Unknown says that the slices are made of what the API answers, so that they are not known.
	Unknown bool
}

// mostPlanned is how many slices a plan counts.
const mostPlanned = 100_000

// PlanOf opens a stream as Read does, and begins with its first slice. It is meant for a source
// that sends no request (Environment.Asking).
func PlanOf(ctx context.Context, s Selection, log *slog.Logger) (p Plan, err error) {
	r := &reader{Selection: s}
	if err := r.open(log); err != nil {
		return p, err
	}
	for slice, err := range r.reading.Cursor.Slices(ctx) {
		if err != nil {
			p.Unknown = errors.Is(err, ErrNotSent)
			return p, withoutNotSent(err)
		}
		if r.abilities.Ended != nil {
			r.abilities.Ended(slice) // those behind it may wait for that
		}
		from, finished := r.progress.resume(slice)
		if finished {
			p.Finished++
			continue
		}
		if p.Slices == mostPlanned {
			p.More = true
			break
		}
		if p.Slices++; p.First == nil {
			slice.Resume = from
			p.First = slice
		}
		p.Last = slice
	}
	if p.First == nil {
		return p, nil
	}
	for page, err := range r.reading.Retriever.Pages(ctx, p.First) {
		if page.Release != nil {
			page.Release()
		}
		return p, withoutNotSent(err)
	}
	return p, nil
}

func withoutNotSent(err error) error {
	if errors.Is(err, ErrNotSent) {
		return nil
	}
	return err
}

package rest

import (
	"context"
	"time"
)

// Clock tells the time of a run, and waits.
type Clock interface {
	// Now is what the run takes as now: what templates and windows see. It may stand still.
	Now() time.Time
	// Wall is the clock of waits and limits, which goes on.
	Wall() time.Time
	// Sleep waits for d on the wall's clock; it returns early with ctx's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// MachineClock is the machine's clock. The run's own now may be another one.
type MachineClock struct {
	// RunNow is what Now gives; nil: the machine's time.
	RunNow func() time.Time
}

var _ Clock = MachineClock{}

// Now is the run's.
func (c MachineClock) Now() time.Time {
	if c.RunNow != nil {
		return c.RunNow()
	}
	return time.Now()
}

// Wall is the machine's time.
func (MachineClock) Wall() time.Time { return time.Now() }

// Sleep waits in real time.
func (MachineClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"anytap/internal/tap"
)

// jobRun works off the slices of one read. It belongs to one goroutine.
type jobRun struct {
	*Loop
	ctx     context.Context
	next    func() (*tap.Slice, error, bool)
	waiting *tap.Slice // taken, but no slot was free for it
	drained bool       // there are no more slices
	open    []*jobSlice
	errs    []error // why the stream is incomplete
	yield   func(*tap.Slice, *job) bool
	stopped bool // the consumer wants no more
}

// jobSlice is a slice on the way, and its present job. It holds a slot until its last job has
// ended.
type jobSlice struct {
	slice   *tap.Slice
	job     *job
	attempt int
}

// run gives each slice to yield when its job is done, in the order in which that happens. It asks
// for no more slices while all slots are taken: a parent stream of these slices may need one
// itself. The error says which could not be completed.
func (l *Loop) run(ctx context.Context, slices iter.Seq2[*tap.Slice, error], yield func(*tap.Slice, *job) bool) error {
	next, stop := iter.Pull2(slices)
	defer stop()
	r := &jobRun{Loop: l, ctx: ctx, next: next, yield: yield}
	defer r.release()
	for {
		for _, step := range []func() error{r.create, r.poll} {
			if err := step(); err != nil {
				r.abortAll(err)
				return err
			}
		}
		r.settle()
		if r.stopped {
			return nil
		}
		if r.drained && r.waiting == nil && len(r.open) == 0 {
			return r.failure()
		}
		if err := r.pause(); err != nil {
			return err
		}
	}
}

// ends tells errors that end the stream at once from those of one job: the reference runtime goes
// on to the other jobs unless the user must act.
func (r *jobRun) ends(err error) bool {
	_, spent := errors.AsType[*tap.BudgetError](err)
	return spent || r.ctx.Err() != nil || tap.KindOf(err) == tap.Config
}

// create creates failed jobs anew, and those of new slices.
func (r *jobRun) create() error {
	now := r.Runtime.Wall()
	for _, s := range r.open {
		if s.job.finished() && !now.Before(s.job.retryAt) {
			if err := r.begin(s); err != nil {
				return err
			}
		}
	}
	for {
		if err := r.pull(); err != nil {
			return err
		}
		if r.waiting == nil || !r.Slots.take() {
			return nil
		}
		s := &jobSlice{slice: r.waiting}
		r.waiting = nil
		r.open = append(r.open, s)
		if err := r.begin(s); err != nil {
			return err
		}
	}
}

// pull takes the next slice, if there is a slot for it.
func (r *jobRun) pull() error {
	if r.waiting != nil || r.drained || r.Slots.full() {
		return nil
	}
	slice, err, ok := r.next()
	switch {
	case !ok:
		r.drained = true
	case err != nil && r.ends(err):
		return err
	case err != nil:
		r.drained = true
		r.errs = append(r.errs, err)
	default:
		r.waiting = slice
	}
	return nil
}

// begin creates a slice's job. One that can not be created counts as one that failed.
func (r *jobRun) begin(s *jobSlice) error {
	s.attempt++
	j, err := r.start(r.ctx, s.slice)
	if err != nil && r.ends(err) {
		return err
	}
	if err != nil {
		r.report(err)
		j = &job{slice: s.slice, status: Failed, uncreated: true, why: err}
	}
	s.job = j
	return nil
}

// report tells of a job that could not be created.
func (r *jobRun) report(err error) {
	r.Runtime.Logger().Warn("a job could not be created", "stream", r.Stream, "error", err)
	if r.Runtime.Report != nil {
		r.Runtime.Report(r.Stream, err)
	}
}

// The reference runtime asks again at once, and until the job's time is over, where asking fails or
// the answer says nothing that it knows; we ask at the usual pace, and take the time as over after
// so many times in a row.
const unansweredPolls = 12

// mostErrors are kept for the message at the end.
const mostErrors = 20

// poll asks after the running jobs.
func (r *jobRun) poll() error {
	for _, s := range r.open {
		j := s.job
		if j.status != Running {
			continue
		}
		if r.Runtime.Wall().Sub(j.began) > r.timeout() {
			j.status = TimedOut
			continue
		}
		err := r.ask(r.ctx, j)
		if err == nil {
			j.unanswered = 0
			continue
		}
		if r.ends(err) {
			return err
		}
		r.Runtime.Logger().Warn("a job could not be asked after", "stream", r.Stream, "error", err)
		if j.why = err; len(r.errs) < mostErrors {
			r.errs = append(r.errs, err)
		}
		if j.unanswered++; j.unanswered >= unansweredPolls {
			j.status = TimedOut
		}
	}
	return nil
}

func (l *Loop) timeout() time.Duration {
	if l.Timeout == 0 {
		return DefaultTimeout
	}
	return l.Timeout
}

// settle hands on what is done, and sees which of the failed jobs get another try. Those come first
// then.
func (r *jobRun) settle() {
	var again, open []*jobSlice
	for _, s := range r.open {
		switch {
		case r.stopped:
			open = append(open, s)
		case s.job.status == Running:
			open = append(open, s)
		case s.job.status == Completed:
			r.Slots.give()
			r.hand(s)
		case s.job.status == Skipped:
			r.Slots.give()
			r.Runtime.Logger().Info("a job was skipped: there is nothing to download", "stream", r.Stream)
		default:
			if s.job.status == TimedOut {
				r.abort(s.job)
			}
			if s.attempt >= Attempts {
				r.Slots.give()
				r.giveUp(s)
				continue
			}
			if s.job.status == Failed && !s.job.uncreated && s.job.retryAt.IsZero() {
				s.job.retryAt = r.Runtime.Wall().Add(r.RetryAfter)
			}
			again = append([]*jobSlice{s}, again...)
		}
	}
	r.open = append(again, open...)
}

// hand hands on a slice whose job is done. Nobody can ask after the other jobs meanwhile, so that
// time is not theirs.
func (r *jobRun) hand(s *jobSlice) {
	from := r.Runtime.Wall()
	r.stopped = !r.yield(s.slice, s.job)
	passed := r.Runtime.Wall().Sub(from)
	for _, other := range r.open {
		other.job.began = other.job.began.Add(passed)
	}
}

func (r *jobRun) giveUp(s *jobSlice) {
	err := fmt.Errorf("slice %s: the last of %d jobs ended as %s", s.slice.Key(), s.attempt, s.job.status)
	if s.job.why != nil {
		err = fmt.Errorf("%w: %w", err, s.job.why)
	}
	r.errs = append(r.errs, err)
}

// abort stops a job at the API. That it can not is no failure of the stream.
func (r *jobRun) abort(j *job) {
	if err := r.stopJob(r.ctx, j); err != nil {
		r.Runtime.Logger().Warn("a job could not be aborted", "stream", r.Stream, "error", err)
	}
}

// abortAll stops the jobs that are running when the stream ends, if requests are still possible.
func (r *jobRun) abortAll(err error) {
	_, spent := errors.AsType[*tap.BudgetError](err)
	if spent || r.ctx.Err() != nil {
		return
	}
	for _, s := range r.open {
		if s.job != nil && (s.job.status == Running || s.job.status == TimedOut) {
			r.abort(s.job)
		}
	}
}

// release gives the slots of unfinished slices back.
func (r *jobRun) release() {
	for range r.open {
		r.Slots.give()
	}
}

// pause waits until the next poll: at most until a job may be created again or, where no job is
// open, until a slot is free.
func (r *jobRun) pause() error {
	wait := jobPoll
	now := r.Runtime.Wall()
	for _, s := range r.open {
		if until := s.job.retryAt.Sub(now); !s.job.retryAt.IsZero() && r.RetryAfter > 0 {
			wait = min(wait, max(until, 0))
		}
	}
	ctx := r.ctx
	if len(r.open) == 0 {
		if !r.Slots.full() {
			return ctx.Err()
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
		defer r.Slots.onGive(cancel)()
	}
	if err := r.Runtime.Sleep(ctx, wait); err != nil && r.ctx.Err() != nil {
		return err
	}
	return nil
}

// failure is the error of a stream of which not everything was read.
func (r *jobRun) failure() error {
	if len(r.errs) == 0 {
		return nil
	}
	return tap.Errorf(tap.System, "stream %s: not all asynchronous jobs were completed: %w", r.Stream, errors.Join(r.errs...))
}

package paging

import (
	"context"
	"fmt"
	"math"
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
)

// Shrink says how pages get smaller when the API refuses them (page_size_reduction).
type Shrink struct {
	Factor  float64 // what the page size is divided by; above 1
	Minimum int     // the smallest page size that is tried; from 1
	// Attempts is how many times in a row the size is reduced without a page coming through.
	Attempts int
	// Backoff is the wait before the next try, times the tries made in a row.
	Backoff time.Duration
	// RetriesAtMinimum is how often a page is asked for again as it is once it can not get smaller.
	RetriesAtMinimum int
	// FailureMessage is added to the error when no size is small enough.
	FailureMessage string
	// Restore goes back to the whole size after each page that came through
	// (AFTER_SUCCESSFUL_PAGE).
	Restore bool
}

// shrinker is the page size while one slice is read. A nil shrinker never changes it.
type shrinker struct {
	*Shrink
	r          *reading
	configured int // 0: the paginator sends none
	current    int // 0: the configured one
	tries      int // in a row without a page
	atMinimum  int // tries at the minimum
}

func newShrinker(r *reading) (*shrinker, error) {
	if r.Shrink == nil {
		return nil, nil
	}
	size, err := r.paginator.PageSize()
	if err != nil {
		return nil, err
	}
	return &shrinker{Shrink: r.Shrink, r: r, configured: size}, nil
}

// override is the page size to ask for; 0: the paginator's own.
func (s *shrinker) override() int {
	if s == nil {
		return 0
	}
	return s.current
}

// passed is called after each page that came through.
func (s *shrinker) passed() {
	if s == nil {
		return
	}
	s.tries, s.atMinimum = 0, 0
	if s.Restore {
		s.current = 0
	}
}

// reduce makes the next request's page smaller, or says why that is not possible. emitted are the
// records of the refused page that were handed on already.
func (s *shrinker) reduce(ctx context.Context, stream string, emitted int, refused *rest.ActionError) error {
	switch {
	case s == nil:
		return &tap.Error{
			Kind:    tap.Config,
			Message: fmt.Sprintf("stream %s: the error handler asks for smaller pages, which this stream can not give", stream),
			Hint:    "add page_size_reduction to the retriever, or remove REDUCE_PAGE_SIZE",
			Err:     refused,
		}
	case emitted > 0:
		return s.r.failf(tap.Config, "a smaller page was asked for in the middle of a page; asking again would repeat its records: %w", refused)
	case s.configured == 0:
		return s.r.failf(tap.Config, "pages can not get smaller where no page size is sent: set page_size and page_size_option: %w", refused)
	}
	now := s.current
	if now == 0 {
		now = s.configured
	}
	smaller := max(s.Minimum, floorDivide(now, s.Factor))
	if smaller >= now {
		return s.again(ctx, now, refused)
	}
	s.tries++
	if s.tries > s.Attempts {
		return s.refusedAt(now, "at every page size tried", refused)
	}
	s.r.log.Info("the API refused a page; a smaller one is asked for", "stream", stream, "from", now, "to", smaller)
	s.current = smaller
	return s.wait(ctx, s.tries)
}

// again tries a page that can not get smaller as it is.
func (s *shrinker) again(ctx context.Context, now int, refused *rest.ActionError) error {
	if s.atMinimum < s.RetriesAtMinimum {
		s.atMinimum++
		s.r.log.Info("the API refused the smallest page; it is asked for again", "stream", s.r.Stream, "size", now, "try", s.atMinimum)
		return s.wait(ctx, s.atMinimum)
	}
	if s.current == 0 && s.Minimum > 1 {
		return s.r.failf(tap.Config, "the page size %d is not above minimum_page_size %d, so that no smaller page can be asked for: %w", now, s.Minimum, refused)
	}
	return s.refusedAt(now, "at the smallest page size allowed", refused)
}

func (s *shrinker) refusedAt(size int, where string, refused *rest.ActionError) error {
	return &tap.Error{
		Kind:    tap.Transient,
		Message: withAdvice(fmt.Sprintf("stream %s: the API refuses pages %s, down to %d records", s.r.Stream, where, size), s.FailureMessage),
		Err:     refused,
	}
}

func (s *shrinker) wait(ctx context.Context, times int) error {
	return s.r.sleep(ctx, "the API refused the size of a page", s.Backoff*time.Duration(times))
}

// floorDivide is Python's n // f for a whole and a broken number.
func floorDivide(n int, f float64) int {
	a := float64(n)
	quotient := (a - math.Mod(a, f)) / f
	floor := math.Floor(quotient)
	if quotient-floor > 0.5 {
		floor++
	}
	return int(floor)
}

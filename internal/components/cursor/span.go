package cursor

import (
	"errors"
	"slices"
)

// span is a part of the cursor field's axis that was read. T is the type of the cursor's values.
type span[T any] struct {
	start, end T
	// most is the greatest value in a record of the span, if hasMost is true.
	most    T
	hasMost bool
	onward  onward
	windows bool // it has windows of a read that has not come to its end
	// until, if late is true, is the greatest value that the state may have once the read has come
	// to its end: what is a lookback older may have come after an earlier run read its place.
	until T
	late  bool
}

// onward says where reading goes on behind a span.
type onward int

const (
	// fromEnd is behind its end or, where nothing follows, a lookback before its end: what the
	// reference runtime does with spans of a state.
	fromEnd onward = iota
	// fromMost is its greatest value: its end was the present time once, and records of that moment
	// may have come since. What a read begins with is, less the lookback, of this kind.
	fromMost
	// fromBorder is behind its end, which is an inner border of a read.
	fromBorder
)

// axis orders cursor values. An error means that two values are of types that do not compare.
type axis[T any] interface {
	less(a, b T) (bool, error)
	// next returns the value at which a span must begin at the latest to leave no gap after v.
	next(v T) (T, error)
	// truthy is false for values that the reference runtime treats as absent, such as 0.
	truthy(v T) bool
}

// merge sorts spans, and joins those that overlap or leave no gap.
func merge[T any](a axis[T], spans []span[T]) ([]span[T], error) {
	sorted, err := sortSpans(a, spans)
	if err != nil || len(sorted) == 0 {
		return nil, err
	}
	merged := sorted[:1]
	for _, s := range sorted[1:] {
		last := &merged[len(merged)-1]
		reach, err := a.next(last.end)
		if err != nil {
			return nil, err
		}
		apart, err := a.less(reach, s.start)
		if err != nil {
			return nil, err
		}
		if apart {
			merged = append(merged, s)
			continue
		}
		if err := last.join(a, s); err != nil {
			return nil, err
		}
	}
	return merged, nil
}

// join extends s by another span, which does not begin before it.
func (s *span[T]) join(a axis[T], other span[T]) error {
	longer, err := a.less(s.end, other.end)
	if err != nil {
		return err
	}
	if longer {
		s.end, s.onward = other.end, other.onward
	}
	s.windows = s.windows || other.windows
	if err := s.limit(a, other); err != nil {
		return err
	}
	switch {
	case !other.seen(a):
		if !s.seen(a) {
			s.hasMost = s.hasMost || other.hasMost
		}
		return nil
	case !s.seen(a):
		s.most, s.hasMost = other.most, true
		return nil
	}
	less, err := a.less(other.most, s.most)
	if err == nil && !less {
		s.most = other.most
	}
	return err
}

// limit takes over the lower until of two spans.
func (s *span[T]) limit(a axis[T], other span[T]) error {
	if !other.late {
		return nil
	}
	if s.late {
		if lower, err := a.less(other.until, s.until); err != nil || !lower {
			return err
		}
	}
	s.until, s.late = other.until, true
	return nil
}

func (s *span[T]) seen(a axis[T]) bool { return s.hasMost && a.truthy(s.most) }

// sortSpans returns a copy of the spans in the order of their starts, then ends.
func sortSpans[T any](a axis[T], spans []span[T]) ([]span[T], error) {
	sorted := slices.Clone(spans)
	var failed error
	order := func(x, y T) int {
		less, err := a.less(x, y)
		if err == nil && less {
			return -1
		}
		more, err2 := a.less(y, x)
		failed = errors.Join(failed, err, err2)
		if more {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(sorted, func(x, y span[T]) int {
		if c := order(x.start, y.start); c != 0 {
			return c
		}
		return order(x.end, y.end)
	})
	return sorted, failed
}

// reached is the value up to which everything was read: the greatest one in a record of the first
// span, but not above its until, else the span's start.
func reached[T any](a axis[T], spans []span[T]) T {
	first := &spans[0]
	if !first.seen(a) {
		return first.start
	}
	if first.late {
		if lower, err := a.less(first.until, first.most); err == nil && lower {
			return first.until
		}
	}
	return first.most
}

package paging

import "anytap/internal/rest"

// numbers are the tokens of a paginator that counts pages or records.
type numbers struct {
	rest.Counting
	first any // the token of the first page; nil: none is sent
}

// counting is how tokens count: as the paginator says, or as answers have shown; nil: they do not.
func (w *walk) counting() *rest.Counting {
	if w.counts != nil {
		return w.counts
	}
	return w.can.Counts
}

// numbers is how the paginator counts; ok is false where only answers tell.
func (w *walk) numbers() (n numbers, ok bool) {
	c := w.counting()
	if c == nil {
		return n, false
	}
	return numbers{*c, w.first}, true
}

// before gives the token of the page before; ok is false when there is none.
func (n numbers) before(token any) (any, bool) {
	at, ok := token.(int64)
	if !ok || at <= n.Start {
		return nil, false
	}
	if at-n.Step <= n.Start {
		return n.first, true
	}
	return at - n.Step, true
}

// index counts the pages before the token's.
func (n numbers) index(token any) int64 {
	at, ok := token.(int64)
	if !ok {
		return 0
	}
	return (at - n.Start) / n.Step
}

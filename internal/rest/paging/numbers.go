package paging

import (
	"anytap/internal/rest"
	"anytap/state"
)

// numbers are the tokens of a paginator that counts pages or records.
type numbers struct {
	first any   // the token of the first page; nil: none is sent
	start int64 // the number that stands for the first page
	step  int64
}

// countedBy tells how a paginator counts; ok is false where only answers tell.
func countedBy(p rest.Paginator) (n numbers, ok bool) {
	if k := p.Kind(); k != state.Page && k != state.Offset {
		return n, false
	}
	first, err := p.First()
	if err != nil {
		return n, false
	}
	second, ok1 := p.Ahead(first).(int64)
	third, ok2 := p.Ahead(second).(int64)
	if !ok1 || !ok2 || third <= second {
		return n, false
	}
	n = numbers{first: first, step: third - second}
	n.start = second - n.step
	return n, true
}

// before gives the token of the page before; ok is false when there is none.
func (n numbers) before(token any) (any, bool) {
	at, ok := token.(int64)
	if !ok || at <= n.start {
		return nil, false
	}
	if at-n.step <= n.start {
		return n.first, true
	}
	return at - n.step, true
}

// index counts the pages before the token's.
func (n numbers) index(token any) int64 {
	at, ok := token.(int64)
	if !ok {
		return 0
	}
	return (at - n.start) / n.step
}

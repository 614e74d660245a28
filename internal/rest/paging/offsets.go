package paging

import (
	"fmt"
	"slices"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Offsets begin at 0 or at 1, and grow by what came, or by what was asked for where the server
// leaves records out after it cut the page. What the configuration does not say, the answers show.

// oneBased notices that offsets begin at 1: the server was asked for 0 and says that it gave 1.
func (e *ending) oneBased(p *page) {
	w := e.w
	at, ok := w.token.(int64)
	if w.kind != state.Offset || !ok || at != 0 || e.good > 0 || p.response.Extracted <= 0 {
		return
	}
	if s := p.signs(); s.Offset.Known && s.Offset.N == 1 {
		e.w.log.Info("offsets begin at 1 here", "stream", w.Stream, "because", fmt.Sprintf("%s is 1 where 0 was asked for", s.Offset.Place))
		e.startAt(1)
		w.token = int64(1)
	}
}

// resumedAt takes the base of offsets from one that an earlier run came to.
func (e *ending) resumedAt(token any) {
	n, ok := e.w.numbers()
	if at, isNumber := token.(int64); ok && isNumber && e.w.kind == state.Offset && e.base == 0 && n.Step > 1 && at%n.Step == 1 {
		e.startAt(1)
	}
}

// keys are the keys of a page's records; nil: they have none.
func (e *ending) keys(p *page) []any {
	keys := make([]any, 0, len(p.records))
	for _, r := range p.records {
		if key := tap.KeyOf(e.w.PrimaryKey, r); key != nil {
			keys = append(keys, value.Own(key))
		}
	}
	return keys
}

// overlap leaves out the first records of a page by offset that came with the page before: offsets
// begin at 1 although nothing said so, or the server left records out after it had cut the page, so
// that the next offset must grow by what was asked for.
func (e *ending) overlap(p *page) {
	w := e.w
	if w.kind != state.Offset || !w.Settings.Strict || e.good == 0 || p.handed || w.seek.active || len(p.records) == 0 {
		return
	}
	if first := tap.KeyOf(w.PrimaryKey, p.records[0]); first == nil || len(e.tail) == 0 && !value.Equal(first, w.lastOut) {
		return
	}
	n := 0
	for n < len(p.records) && e.cameBefore(tap.KeyOf(w.PrimaryKey, p.records[n])) {
		n++
	}
	if n == 0 || n == len(p.records) {
		return
	}
	if len(e.tail) > 0 && n > 1 || e.good > 1 {
		e.cuts = true
		w.log.Info("the API leaves records out of its pages; offsets grow by the page size that is asked for", "stream", w.Stream)
	} else {
		w.log.Info("offsets begin at 1 here", "stream", w.Stream, "because", "the last record of the first page came again")
		e.startAt(1)
	}
	p.records, p.lastID = p.records[n:], w.lastOut
}

// cameBefore reports whether a record was on the page before, as far as its records are known.
func (e *ending) cameBefore(key any) bool {
	if key == nil {
		return false
	}
	return value.Equal(key, e.w.lastOut) || slices.ContainsFunc(e.tail, func(k any) bool { return value.Equal(k, key) })
}

// rebase takes the offset of the first record from a way of paging that was found.
func (e *ending) rebase() {
	if c := e.w.counting(); c != nil && e.w.kind == state.Offset && e.w.Settings.FirstOffset == 0 && e.good == 0 {
		e.base = c.Start
	}
}

// startAt sets the offset of the first record.
func (e *ending) startAt(base int64) {
	e.base = base
	if c := e.w.counting(); c != nil && e.w.kind == state.Offset {
		e.w.counts = &rest.Counting{Start: base, Step: c.Step}
	}
}

package paging

import (
	"bytes"
	"fmt"
	"net/http"

	"anytap/internal/rest"
	"anytap/state"
)

// The list of a stream that is not strict ends where the reference runtime would end it. If it does
// so against what its answers say, the user is warned of it once.

// mostRemarks is how many slices of a stream are looked at one by one, and everyRemark which of
// the others are, so that a hundred thousand short ones are not slower.
const (
	mostRemarks = 256
	everyRemark = 64
)

// noteTotal keeps the total that the second page of a slice tells, because the last may not tell
// one.
func (w *walk) noteTotal(p *page) {
	e := w.ending
	if e.good++; e.good != 2 || w.heard.early.Load() || !holdsObject(p.response) {
		return
	}
	if c, ok := p.signs().Total(); ok && !c.Weak {
		e.toldBefore = c
	}
}

// remark looks at the page that was the last of its slice.
func (w *walk) remark(p *page) {
	if w.Settings.Strict || w.fed || p.response == nil || w.heard.early.Load() || w.Properties != nil {
		return
	}
	if n := w.heard.slices.Add(1); w.ending.good < 2 && n > mostRemarks && n%everyRemark != 0 {
		return
	}
	if said := w.contradiction(p); said != "" {
		w.ending.warnEarly(said)
	}
}

// contradiction says what speaks against the end of the list; empty: nothing does.
func (w *walk) contradiction(p *page) string {
	r, e := p.response, w.ending
	came := int64(w.counted)
	if e.good > 1 && r.Extracted == 0 && r.Found.Kind == rest.NoRecords && r.Status != http.StatusNoContent {
		return fmt.Sprintf("it ended after %d records with an answer that has no place for records", max(came, 0))
	}
	if came >= 0 && e.toldBefore.N > came {
		return fmt.Sprintf("it ended after %d records, and %s told of %d", came, e.toldBefore.Place, e.toldBefore.N)
	}
	if !holdsObject(r) && len(r.Header) == 0 {
		return ""
	}
	s := p.signs()
	for _, c := range s.Records {
		if came >= 0 && c.N > came && w.kind != state.Opaque && w.kind != state.NextURL {
			return fmt.Sprintf("it ended after %d records, and %s tells of %d", came, c.Place, c.N)
		}
	}
	if f, ok := s.Flag(); ok && !f.Weak && f.More {
		return fmt.Sprintf("%s says that more follows", f.Place)
	}
	if next, ok := s.Pointer(); ok {
		return fmt.Sprintf("%s tells of a next page", next.Place)
	}
	return ""
}

// holdsObject reports whether an answer is a JSON object in memory, which can be looked at cheaply.
func holdsObject(r *rest.Response) bool {
	body, held := r.Held()
	return held && r.Found.Kind != rest.NotSaid && bytes.HasPrefix(bytes.TrimLeft(body[:min(len(body), 64)], " \t\r\n"), []byte("{"))
}

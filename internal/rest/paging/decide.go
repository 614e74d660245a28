package paging

import (
	"cmp"
	"fmt"

	"anytap/internal/value"
	"anytap/state"
)

// tellDecision logs why the list ends behind a page, or what comes next.
func (w *walk) tellDecision(p *page, next any) {
	args := []any{"stream", w.Stream}
	if w.slice.Partition.Len() > 0 || w.slice.Window.Len() > 0 {
		args = append(args, "slice", w.slice.Key())
	}
	at := "first"
	if w.token != nil {
		at = shownToken(w.sealed(w.token))
	}
	args = append(args, "page", at, "records", p.extracted())
	if p.extracted() != len(p.records) && p.first == nil {
		args = append(args, "kept", len(p.records))
	}
	because := cmp.Or(w.because, w.manifestsReason(p, next))
	w.because = ""
	if next == nil {
		w.log.Debug("the list ends", append(args, "because", because)...)
		return
	}
	w.log.Debug("the list goes on", append(args, "next", w.nextName(next), "because", because)...)
}

// nextName says which page is asked for next.
func (w *walk) nextName(next any) string {
	text := shownToken(w.sealed(next))
	switch w.kind {
	case state.Page:
		return "page " + text
	case state.Offset:
		return "offset " + text
	case state.NextURL:
		return "address " + text
	}
	return "token " + text
}

// manifestsReason is why a manifest's list ends or goes on: its paginator says so alone.
func (w *walk) manifestsReason(p *page, next any) string {
	switch {
	case w.fed:
		return "the last record is older than what is read (is_data_feed)"
	case next != nil:
		return "the paginator gives a next page"
	case w.kind == state.None:
		return "the stream has no pagination"
	case p.extracted() == 0:
		return "the page has no records"
	case w.complete(p):
		return "as many records came as the total tells of"
	}
	if size, err := w.paginator.PageSize(); err == nil && size > p.extracted() {
		return fmt.Sprintf("the page is short: %d of %d records", p.extracted(), size)
	}
	return "the paginator gives no next page"
}

// explain is why a strict list ends or goes on.
func (e *ending) explain(ev *evidence, next any) string {
	if next != nil {
		if reasons := ev.more(e.name); len(reasons) > 0 {
			return reasons[0]
		}
		switch {
		case e.verify != certain:
			return "it may have ended, which the next page shows"
		case ev.asked > 0 && ev.extracted >= ev.asked:
			return "the page is full"
		case e.promise != "":
			return e.promise
		}
		return "nothing says that it has ended"
	}
	switch {
	case ev.declared == no:
		return e.name("more") + " says that there is no more"
	case ev.extracted == 0:
		return "the page has no records"
	case ev.flag == no:
		return fmt.Sprintf("%s says that there is no more", ev.flagAt.Place)
	case e.w.kind == state.None:
		return "the stream has one page"
	case ev.total.N >= 0 && ev.total.N == ev.came:
		return fmt.Sprintf("%s tells of %d records, and all came", ev.total.Place, ev.total.N)
	case ev.pages.N >= 0 && ev.pages.N <= ev.index+1:
		return fmt.Sprintf("%s tells of %d pages", ev.pages.Place, ev.pages.N)
	case e.short(ev):
		return fmt.Sprintf("the page is short: %d of %d records", ev.extracted, e.full(ev))
	case ev.noPointer:
		return "the answer names no next page"
	case !value.Truth(ev.next):
		return e.name("next") + " is empty or missing"
	}
	return "nothing says that there is more"
}

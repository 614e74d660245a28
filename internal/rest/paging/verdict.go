package paging

import (
	"fmt"
	"strings"

	"anytap/internal/rest/signs"
	"anytap/internal/tap"
	"anytap/state"
)

// settingNames are what settings are called where the configuration does not say.
var settingNames = map[string]string{
	"records": "the path of the records", "next": "the pointer to the next page", "more": "the statement that more follows",
	"total": "the total", "pages": "the total of pages",
}

// name is what the user calls a setting.
func (e *ending) name(setting string) string {
	if name := e.w.Settings.Names[setting]; name != "" {
		return name
	}
	return settingNames[setting]
}

// write is the hint with a line for the configuration; empty where the user has written none.
func (e *ending) write(line string) string {
	if e.w.Settings.Names == nil {
		return ""
	}
	return "write " + line
}

// failure is the error of a list that can not be read on, with what the answer held.
func (e *ending) failure(p *page, hint, format string, args ...any) error {
	text := fmt.Sprintf("stream %s: ", e.w.Stream) + fmt.Sprintf(format, args...)
	if p.response.Value != nil && !p.response.Found.Bare {
		if v, err := p.response.Value(); err == nil {
			text += "; the answer holds " + signs.Held(v)
		}
	}
	return &tap.Error{Kind: tap.Config, Message: text, Hint: hint}
}

// shortfall judges an end before as many records came as were told. explicit says that the API says
// itself that it is the end.
func (e *ending) shortfall(p *page, ev *evidence, explicit bool) error {
	exact := false
	if ev.total.N < 0 || ev.came < 0 || ev.total.N <= ev.came {
		if e.toldBefore.N <= ev.came || ev.came < 0 {
			return nil
		}
		ev.total, ev.ours, exact = e.toldBefore, e.toldOurs, e.toldExact
	}
	if e.ignored {
		return nil
	}
	said := fmt.Sprintf("the list ended after %d records, and %s tells of %d", ev.came, ev.total.Place, ev.total.N)
	if !ev.ours && !exact && (explicit || e.varied || e.w.kind != state.Page && e.w.kind != state.Offset) {
		e.warnEarly(said)
		return nil
	}
	hint := ""
	if e.w.Settings.Names != nil {
		hint = "a later read may give all; if that number counts something else, write pagination.trust_total: false"
		if ev.ours {
			hint = "a later read may give all; if that number counts something else, leave out " + e.name("total")
		}
	}
	return &tap.Error{Kind: tap.Transient, Message: fmt.Sprintf("stream %s: %s", e.w.Stream, said), Hint: hint}
}

func (e *ending) warnEarly(said string) {
	if !e.w.heard.early.Swap(true) {
		e.w.log.Warn("the list may not be complete: "+said, "stream", e.w.Stream, "slice", e.w.slice.Key())
	}
}

// noToken judges a page behind which the configuration's pointer leads nowhere.
func (e *ending) noToken(p *page, ev *evidence) error {
	reasons := ev.more(e.name)
	known := e.w.heard.next.Load()
	if ev.extracted == 0 && e.byKey() && len(reasons) == 0 {
		return e.shortfall(p, ev, false)
	}
	if ev.came < 0 && e.w.came >= 0 && ev.total.N > e.w.came {
		e.warnEarly(fmt.Sprintf("it ended after %d records of this run and earlier ones, and %s tells of %d", e.w.came, ev.total.Place, ev.total.N))
	}
	if !known {
		// What no answer ever held is rather not there.
		switch {
		case ev.pointer.Value != nil && ev.flag != no, ev.declared == yes, ev.flag == yes:
			return e.failure(p, e.pointerHint(ev), "%s leads to no next page, although %s", e.name("next"), strings.Join(reasons, ", and "))
		case len(reasons) > 0 && (ev.ours || !e.short(ev) || e.rounded(ev)):
			return e.failure(p, e.pointerHint(ev), "%s leads to no next page in any answer, although %s", e.name("next"), strings.Join(reasons, ", and "))
		case len(reasons) == 0 && !e.w.heard.place.Load() && ev.asked > 0 && ev.extracted >= ev.asked && !ev.silenced() && !e.w.heard.unsure.Swap(true):
			e.w.log.Warn("the page is full, and "+e.name("next")+" leads to no next page in any answer: there may be more", "stream", e.w.Stream,
				"records", ev.extracted)
		case len(reasons) > 0:
			e.warnEarly(reasons[0])
		}
		return nil
	}
	switch {
	case ev.declared == yes, ev.flag == yes:
		return e.failure(p, e.pointerHint(ev), "%s leads to no next page, although %s", e.name("next"), strings.Join(reasons, ", and "))
	case ev.ours && ev.total.N > ev.came && ev.came >= 0:
		return e.shortfall(p, ev, true)
	case len(reasons) > 0 && ev.flag != no:
		e.warnEarly(reasons[0])
	}
	return nil
}

// pointerHint is the line that follows the pointer which an answer has.
func (e *ending) pointerHint(ev *evidence) string {
	p := ev.pointer
	switch {
	case p.Value == nil:
		return ""
	case p.Header == "Link":
		return e.write("pagination: {type: link_header}")
	case p.Header != "" && p.Address:
		return e.write(fmt.Sprintf("pagination: {type: next_url, cursor_header: %s}", p.Header))
	case p.Header != "":
		return e.write(fmt.Sprintf("pagination: {type: cursor, cursor_header: %s}", p.Header))
	case p.Address:
		return e.write(fmt.Sprintf("pagination: {type: next_url, cursor_path: %s}", p.Place))
	}
	return e.write(fmt.Sprintf("pagination.cursor_path: %s", p.Place))
}

// unheard fails where the list has ended and no answer of the stream held what the configuration
// names.
func (e *ending) unheard(p *page, ev *evidence) error {
	h, o := e.w.heard, &e.w.Settings
	if e.good == 0 && ev.extracted == 0 || o.Names == nil {
		return nil
	}
	missing := ""
	hint := ""
	switch {
	case o.Total.Len() > 0 && o.Names["total"] != "" && !h.total.Load():
		missing = "total"
		if c, ok := ev.Total(); ok {
			hint = e.write("total_path: " + c.Place.String())
		}
	case o.TotalPages.Len() > 0 && o.Names["pages"] != "" && !h.pages.Load():
		missing = "pages"
		if c, ok := ev.PageTotal(); ok {
			hint = e.write("pages_path: " + c.Place.String())
		}
	case o.More.Len() > 0 && o.Names["more"] != "" && !h.more.Load():
		missing = "more"
		if f, ok := ev.Flag(); ok {
			hint = e.write("has_more_path: " + f.Place.String())
		} else if e.good == 0 {
			return nil // some APIs leave it out where nothing follows
		}
	default:
		return nil
	}
	return e.failure(p, hint, "no answer held %s", e.name(missing))
}

// endless is the error of tokens that lead from one empty page to the next.
func (e *ending) endless() error {
	return &tap.Error{Kind: tap.Transient, Message: fmt.Sprintf("stream %s: %d empty pages in a row, each of which tells of another", e.w.Stream, e.empties+1),
		Hint: e.write("has_more_path or total_path, if the API tells where the list ends")}
}

// refusedAlthough is the error of a page that was promised and refused.
func (e *ending) refusedAlthough(err error) error {
	kind := tap.KindOf(err)
	return &tap.Error{Kind: kind, Message: fmt.Sprintf("stream %s: the next page was refused, although %s", e.w.Stream, e.promise), Err: err}
}

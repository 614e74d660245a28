package paging

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// doubt is an answer that may not be the page that was asked for: it is asked for again.
type doubt struct {
	reason string
	tries  int           // how often at most
	wait   time.Duration // what the answer asks for; 0: nothing
	final  error         // what it is if nothing changes; nil: it is a page without records after all
}

// Error is the reason.
func (d *doubt) Error() string { return d.reason }

// How often an answer is asked for again: one that looks as if it were meant, and one that is empty
// where something hints at records.
const (
	fewTries  = 1
	someTries = 2
)

// doubts gives a *doubt for an answer without records that does not agree with what is known; nil
// for a page.
func (e *ending) doubts(p *page) error {
	r := p.response
	if r == nil || !e.w.Settings.Strict || r.Extracted < 0 || r.Ignored {
		return nil
	}
	switch kind := r.Found.Kind; {
	case r.Extracted > 0 && kind != rest.WholeThere:
		return nil
	case kind == rest.WholeThere && r.Extracted > 0:
		return e.envelope(p)
	case r.Status == http.StatusAccepted:
		return e.again(r, "the answer 202 says that the page is not ready", e.most(), tap.Transient, "")
	case kind == rest.NoRecords:
		return e.noList(p)
	case kind == rest.NullThere && p.signs().Fault != "":
		return e.faulty(p)
	}
	return e.empty(p)
}

// most is how often an answer is asked for again that may well get better.
func (e *ending) most() int { return e.w.bodyRetries() }

// again is the doubt that becomes an error.
func (e *ending) again(r *rest.Response, reason string, tries int, kind tap.Kind, hint string) *doubt {
	return &doubt{reason, tries, e.w.retryAfter(r), &tap.Error{Kind: kind, Message: fmt.Sprintf("stream %s: %s", e.w.Stream, reason), Hint: hint}}
}

// noList judges an answer in which nothing stands where the records should be.
func (e *ending) noList(p *page) error {
	r, s := p.response, p.signs()
	if s.Fault != "" {
		if e.verify != certain {
			return nil
		}
		return e.faulty(p)
	}
	if e.verify != certain || e.agrees(p) {
		return nil
	}
	body, _ := r.Bytes()
	v, isJSON := rest.ParseJSON(body)
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0 && r.Status == http.StatusNoContent:
		return e.again(r, "the answer 204 holds nothing, although "+e.promise, e.most(), tap.Transient, "")
	case len(body) == 0:
		return e.again(r, fmt.Sprintf("the answer (status %d) is empty, where %s", r.Status, e.due()), e.most(), tap.Transient, e.emptyHint())
	case !isJSON && string(body) != "null":
		return e.again(r, "the answer is no JSON, where "+e.due(), e.most(), tap.Transient, "")
	}
	return e.elsewhere(r, v)
}

// due says what was expected.
func (e *ending) due() string {
	if e.promise != "" {
		return "a page was due: " + e.promise
	}
	return "a list of records was expected"
}

func (e *ending) emptyHint() string {
	if e.promise != "" || e.w.Settings.Names == nil {
		return ""
	}
	return "if such an answer means that there are no records, write records_optional: true"
}

// elsewhere judges JSON without the place of the records: it may hold them at another one.
func (e *ending) elsewhere(r *rest.Response, v any) error {
	tries := e.most()
	if e.good == 0 && e.promise == "" {
		tries = min(tries, someTries)
	}
	held := signs.Held(v)
	lists := signs.Lists(v)
	where := e.place(r)
	for _, l := range lists {
		if l.Len == 0 || len(lists) > 1 && e.good > 0 {
			continue
		}
		if e.good == 0 {
			tries = min(tries, fewTries)
		}
		return e.again(r, fmt.Sprintf("no list of records %s: the answer holds %s", where, held), tries, tap.Config, e.write("records_path: "+strings.Join(l.Path, ".")))
	}
	if _, isList := v.(*value.List); isList {
		return e.again(r, fmt.Sprintf("no record %s: the answer is %s itself", where, held), min(tries, fewTries), tap.Config, e.write("no records_path"))
	}
	kind := tap.Config
	if e.good > 0 {
		kind = tap.Transient
	}
	return e.again(r, fmt.Sprintf("no list of records %s: the answer holds %s", where, held), tries, kind, e.emptyHint())
}

// place says where the records were looked for.
func (e *ending) place(r *rest.Response) string {
	if len(r.Found.Path) == 0 {
		return "is there"
	}
	return "at " + e.name("records") + " (" + strings.Join(r.Found.Path, ".") + ")"
}

// agrees reports whether an answer without a place for records can be a page without any.
func (e *ending) agrees(p *page) bool {
	r, s := p.response, p.signs()
	body, _ := r.Bytes()
	// A header that leads on does not make a page of an answer whose body is missing.
	missing := len(body) == 0 && r.Status != http.StatusNoContent && !e.w.Settings.Optional
	if next, err := e.w.paginator.Next(r, 0, nil, p.request); err == nil && value.Truth(next) && !value.Equal(next, e.w.token) && !missing {
		return true
	}
	if e.promise != "" && (e.toldMore || e.w.kind == state.Page || e.w.kind == state.Offset) {
		return false
	}
	if r.Status == http.StatusNoContent || e.w.Settings.Optional {
		return true
	}
	if e.pastLast(p) {
		return true
	}
	if n, _, ok := e.amount(r, e.w.Settings.Total); ok {
		return n == 0 || e.reachedBefore() >= n
	}
	if c, ok := s.Total(); ok {
		return c.N == 0 || e.good > 0 && e.reachedBefore() >= c.N
	}
	f, ok := s.Flag()
	return ok && !f.Weak && !f.More && e.good > 0
}

// pastLast reports whether the page lies behind the last one that its answer tells of.
func (e *ending) pastLast(p *page) bool {
	n, counts := e.w.numbers()
	if !counts || e.w.kind != state.Page {
		return false
	}
	if pages, _, ok := e.amount(p.response, e.w.Settings.TotalPages); ok {
		return n.index(e.w.token) >= pages
	}
	c, ok := p.signs().PageTotal()
	return ok && n.index(e.w.token) >= c.N
}

// reachedBefore counts the records of the list before the page; -1: not known.
func (e *ending) reachedBefore() int64 {
	if e.w.kind == state.Offset {
		at, _ := e.w.token.(int64)
		return max(at-e.base, 0)
	}
	return int64(e.w.counted)
}

// faulty judges an answer that tells of an error in place of records.
func (e *ending) faulty(p *page) error {
	fault := p.signs().Fault
	tries := e.most()
	if e.good == 0 && !passing().MatchString(fault) {
		tries = min(tries, someTries)
	}
	return e.again(p.response, "the API answers with an error in place of records: "+fault, tries, tap.Transient, "")
}

// passing matches errors that a later try may not meet.
var passing = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)rate|limit|quota|thrott|too many|retry|again|tempor|timeout|timed out|time-out|internal|unavailable|busy|overload|429|50\d`)
})

// empty judges an empty list: it ends the list, unless records were told of.
func (e *ending) empty(p *page) error {
	if e.verify != certain {
		return nil
	}
	s := p.signs()
	total, told := s.Total()
	reason := ""
	switch {
	case e.toldMore:
		reason = "the page is empty, although " + e.promise
	case told && !total.Weak && e.w.kind != state.None && e.reachedBefore() >= 0 && total.N > e.reachedBefore() && !e.w.Settings.Distrust:
		reason = fmt.Sprintf("the page is empty, although %s tells of %d records, and %d came", total.Place, total.N, e.reachedBefore())
	case e.byKey() && e.toldBefore.N > e.reachedBefore() && e.reachedBefore() >= 0:
		reason = fmt.Sprintf("the page is empty, although %s told of %d records, and %d came", e.toldBefore.Place, e.toldBefore.N, e.reachedBefore())
	case e.stated && !told && len(s.More) == 0 && len(s.Next) == 0 && p.response.Found.Kind != rest.NotSaid:
		reason = "the page is empty and says nothing of an end, although " + e.promise
	default:
		return nil
	}
	if next, err := e.w.paginator.Next(p.response, 0, nil, p.request); err != nil || value.Truth(next) {
		return nil
	}
	return &doubt{reason: reason, tries: min(e.most(), someTries), wait: e.w.retryAfter(p.response)}
}

// envelope judges an answer that was taken for a record as a whole: it may be an error, or hold the
// records in a list.
func (e *ending) envelope(p *page) error {
	if len(e.w.PrimaryKey) > 0 && len(p.records) == 1 && tap.KeyOf(e.w.PrimaryKey, p.records[0]) != nil {
		return nil
	}
	s := p.signs()
	if s.Fault != "" {
		return e.faulty(p)
	}
	v, err := p.response.Value()
	if err != nil {
		return nil
	}
	lists := signs.Lists(v)
	tells := len(s.Records) > 0 || len(s.More) > 0 || len(s.Next) > 0 || len(s.Pages) > 0
	if len(lists) == 0 && (e.w.kind == state.None || len(e.w.PrimaryKey) == 0) || len(lists) > 0 && len(e.w.PrimaryKey) == 0 && !tells {
		return nil
	}
	hint := ""
	if len(lists) > 0 {
		hint = e.write("records_path: " + strings.Join(lists[0].Path, "."))
	}
	d := e.again(p.response, "the answer is an object, not a list of records: it holds "+signs.Held(v), min(e.most(), fewTries), tap.Config, hint)
	if e.good > 0 {
		d.tries = e.most()
	}
	return d
}

// mostAsked is the longest wait that an answer may ask for which came with a good status.
const mostAsked = time.Hour

// retryAfter is the wait that an answer asks for; 0: none, or one that is too long.
func (w *walk) retryAfter(r *rest.Response) time.Duration {
	if wait := rest.Moment(r.Header.Get("Retry-After"), w.Runtime.Wall()); wait <= mostAsked {
		return wait
	}
	return 0
}

package paging

import (
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	"anytap/internal/python/pyre"
	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/spelling"
	"anytap/internal/value"
	"anytap/state"
)

// Settings are settings of the page loop that the manifest language has no words for. A stream
// states them below its x-anytap key; the zero value changes nothing of what the reference runtime
// does.
type Settings struct {
	// Strict ends a slice at the first page that came before; otherwise Patience such pages are
	// read on, as the reference runtime reads on, before the slice ends with an error.
	Strict bool
	// ExpireAfter is the age from which a cursor that the API handed out is not tried any more; 0:
	// none.
	ExpireAfter time.Duration
	// Expired tells from an answer that the API does not take a cursor any more; nil:
	// DefaultExpiry.
	Expired *Expiry
	Judging
	// Total is the path of the count of all records in an answer, and TotalPages that of all pages.
	// What is known ends a read by numbers without asking for a page past the end.
	Total, TotalPages value.Path
	// Prefetch is how many pages of one slice may be asked for at a time: from 2 on the next page
	// is asked for while this one is handed over, from 3 on also those behind it, as far as it is
	// known that they are there. 1: one after the other. 0: as the run's settings and slots allow
	// (see tap.Slots), and only where that is sure to change nothing else.
	Prefetch int
	// Speculate lets Prefetch ask for pages that may lie past the end.
	Speculate bool
	// Count is the path of the count of all records, or CountHeader the header that holds it, where
	// it tells only that rows came or went between two pages of a read; none: Total does so too.
	Count       value.Path
	CountHeader string
	// Neighbours is how many pages behind are searched for the last record that an earlier run
	// wrote, when its page does not hold it any more; 0: DefaultNeighbours. Of those before ten
	// times as many are.
	Neighbours int
	// Changes says where answers hold a change token, with which the next read begins; nil: they
	// hold none.
	Changes *Changes
	// Sample is how many pages of a slice are read where only a sample is wanted: the first ones,
	// and the last one if its number is known. While requests are scarce it is one page. 0: all.
	// No stream states it.
	Sample int
	// Credits gives what the API charged for a page of so many records; nil: nothing is counted.
	Credits func(r *rest.Response, records int) float64

	// found is what is found out about the way of paging. All retrievers of the stream share it.
	found       *discovery
	creditsPath value.Path
	mostCredits func(size int) float64 // that a page of at most so many records (0: not known) may cost
}

// DefaultNeighbours is how many pages are searched for a record that moved.
const DefaultNeighbours = 5

// Patience is how many pages in a row may have come before until a read that is not strict gives
// up.
const Patience = 10

// Expiry tells answers that refuse a cursor because of its age.
type Expiry struct {
	Status []int                  // statuses that may mean it
	Text   func(text string) bool // whether the answer's text says so; nil: the status is enough
}

// DefaultExpiry is a status that refuses the request, with a text that says so of a cursor or
// token.
var DefaultExpiry = Expiry{
	Status: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity},
	Text:   func(text string) bool { return defaultExpiryText().MatchString(text) },
}

// defaultExpiryText is compiled when the first answer needs it.
var defaultExpiryText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)\b(cursor|(page|next|continuation|pagination|scroll)[\s_-]*(token|id)|scroll|token)\b.{0,60}?(expired|invalid|not valid|unknown|no longer|not found|stale|belongs to|mismatch|does not match)` +
		`|(expired|invalid|unknown|stale)[\s_-]+(cursor|(page|next|continuation|pagination|scroll)[\s_-]*(token|id)|scroll)` +
		`|cursor_(expired|invalid)|(expired|invalid)_cursor`)
})

// Matches reports whether an answer means that the cursor is refused for good.
func (e *Expiry) Matches(status int, text string) bool {
	known := false
	for _, s := range e.Status {
		known = known || s == status
	}
	return known && (e.Text == nil || e.Text(text))
}

func (o *Settings) expiry() *Expiry {
	if o.Expired != nil {
		return o.Expired
	}
	return &DefaultExpiry
}

func (o *Settings) neighbours() int {
	if o.Neighbours > 0 {
		return o.Neighbours
	}
	return DefaultNeighbours
}

// outdated reports whether a position's cursor is too old to be tried.
func (o *Settings) outdated(p *state.Position, now time.Time) bool {
	if o.ExpireAfter <= 0 || p.IssuedAt.IsZero() || p.Token == nil {
		return false
	}
	return (p.Kind == state.Opaque || p.Kind == state.NextURL) && now.Sub(p.IssuedAt) > o.ExpireAfter
}

// ParseSettings reads the settings from a stream's x-anytap value:
//
//	x-anytap:
//	  pages:
//	    strict: true
//	    expire_after: 86400            # seconds
//	    expired: {status: [400, 410], text: cursor_expired}
//	    total: [page, totalElements]
//	    total_pages: [page, totalPages]
//	    more: [has_more]               # true: another page follows; isLast and the like: false
//	    next: [links, next]            # where the paginator finds the next page
//	    first_offset: 1
//	    records_optional: true
//	    trust_total: false             # totals under usual names mean something else
//	    names: {records: records_path, next: pagination.cursor_path, total: pagination.total_path}
//	    count: [page, totalElements]   # or the name of a header
//	    prefetch: 3
//	    speculate: false
//	    neighbours: 5
//	    changes: {path: [nextSyncToken], address: false}   # the change token that the next read begins with; address: it is one
//	    credits: {path: [meta, credits_used], per: record, cost: 1}   # per: record or page, where the path holds nothing
//
// nil, or a value without pages, gives Settings that change nothing.
func ParseSettings(extension any) (Settings, error) {
	o := Settings{found: &discovery{}}
	e, ok := extension.(*value.Dict)
	if !ok {
		return o, nil
	}
	pages, ok := e.Get("pages")
	if !ok || pages == nil {
		return o, nil
	}
	d, ok := pages.(*value.Dict)
	if !ok {
		return o, fmt.Errorf("x-anytap: pages is a %s, expected an object", value.TypeName(pages))
	}
	if err := spelling.Check("x-anytap: pages", d, pageSettings...); err != nil {
		return o, err
	}
	for name, v := range d.All() {
		if err := o.set(name, v); err != nil {
			return o, fmt.Errorf("x-anytap: pages.%s: %w", name, err)
		}
	}
	return o, nil
}

// pageSettings are those that set and Judging.set read.
var pageSettings = []string{
	"strict", "expire_after", "expired", "total", "total_pages", "more", "next", "first_offset", "records_optional", "trust_total",
	"names", "count", "prefetch", "speculate", "neighbours", "changes", "credits",
}

func (o *Settings) set(name string, v any) (err error) {
	switch name {
	case "strict":
		o.Strict, err = typed[bool](v)
	case "expire_after":
		var seconds float64
		seconds, err = number(v)
		o.ExpireAfter = rest.Seconds(seconds)
	case "expired":
		o.Expired, err = parseExpiry(v)
	case "total":
		o.Total, err = value.PathOf(v)
	case "total_pages":
		o.TotalPages, err = value.PathOf(v)
	case "count":
		err = o.parseCount(v)
	case "prefetch":
		o.Prefetch, err = wholeNumber(v)
	case "speculate":
		o.Speculate, err = typed[bool](v)
	case "neighbours":
		o.Neighbours, err = wholeNumber(v)
	case "changes":
		o.Changes, err = parseChanges(v)
	case "credits":
		err = o.parseCredits(v)
	default:
		err = o.Judging.set(name, v)
	}
	return err
}

func parseExpiry(v any) (*Expiry, error) {
	d, err := typed[*value.Dict](v)
	if err != nil {
		return nil, err
	}
	if err := spelling.Check("", d, "status", "text"); err != nil {
		return nil, err
	}
	e := &Expiry{Status: DefaultExpiry.Status}
	if list, ok := d.Get("status"); ok {
		statuses, err := typed[*value.List](list)
		if err != nil {
			return nil, fmt.Errorf("status: %w", err)
		}
		e.Status = nil
		for _, s := range statuses.All() {
			n, err := wholeNumber(s)
			if err != nil {
				return nil, fmt.Errorf("status: %w", err)
			}
			e.Status = append(e.Status, n)
		}
	}
	if text, ok := d.Get("text"); ok {
		pattern, err := typed[string](text)
		if err != nil {
			return nil, fmt.Errorf("text: %w", err)
		}
		compiled, err := pyre.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("text: %w", err)
		}
		e.Text = func(text string) bool {
			found, err := compiled.Found(text)
			return found && err == nil // a search that takes too long says nothing of the cursor
		}
	}
	return e, nil
}

func (o *Settings) parseCredits(v any) error {
	d, err := typed[*value.Dict](v)
	if err != nil {
		return err
	}
	if err := spelling.Check("", d, "path", "per", "cost"); err != nil {
		return err
	}
	if p, ok := d.Get("path"); ok {
		if o.creditsPath, err = value.PathOf(p); err != nil {
			return fmt.Errorf("path: %w", err)
		}
	}
	perRecord, perPage := 0.0, 0.0
	if per, ok := d.Get("per"); ok {
		switch per {
		case "record":
			perRecord = 1
		case "page":
			perPage = 1
		default:
			return fmt.Errorf("per is %s, expected record or page", value.Repr(per))
		}
	}
	cost := 1.0
	if c, ok := d.Get("cost"); ok {
		if cost, err = number(c); err != nil {
			return fmt.Errorf("cost: %w", err)
		}
	}
	path := o.creditsPath
	o.Credits = func(r *rest.Response, records int) float64 {
		if n, ok := peekNumber(r, path); ok {
			return n
		}
		return cost * (perPage + perRecord*float64(records))
	}
	o.mostCredits = func(size int) float64 { return cost * (perPage + perRecord*float64(max(size, 1))) }
	return nil
}

// peekNumber is the number at a path of an answer, also where it stands there as a text.
func peekNumber(r *rest.Response, path value.Path) (float64, bool) {
	if path.Len() == 0 || r == nil || r.Value == nil {
		return 0, false
	}
	v, err := r.Value()
	if err != nil {
		return 0, false
	}
	v, _ = path.At(v)
	if n, _, ok := signs.Amount(v); ok {
		return float64(n), true
	}
	n, err := number(v)
	return n, err == nil
}

func typed[T any](v any) (T, error) {
	t, ok := v.(T)
	if !ok {
		return t, fmt.Errorf("is %s, a %s is expected", value.Repr(v), value.TypeName(any(t)))
	}
	return t, nil
}

func number(v any) (float64, error) {
	switch n := v.(type) {
	case int64:
		return float64(n), nil
	case float64:
		return n, nil
	}
	return 0, fmt.Errorf("is %s, a number is expected", value.Repr(v))
}

func wholeNumber(v any) (int, error) {
	n, ok := v.(int64)
	if !ok || n < 0 || n > 1<<31-1 {
		return 0, fmt.Errorf("is %s, a whole number from 0 is expected", value.Repr(v))
	}
	return int(n), nil
}

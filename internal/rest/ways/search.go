package ways

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/value"
)

// Finder finds out how an API pages.
type Finder struct {
	// Make makes the paginator of a way.
	Make func(*Way) rest.Paginator
	// Stream is the stream's name, for messages.
	Stream string
	// Beside are settings of the configuration that hold whatever the way.
	Beside *value.Dict
}

var _ rest.Finder = (*Finder)(nil)

// Known is rest.Finder's.
func (f *Finder) Known(settings *value.Dict) (*rest.Way, error) {
	w, err := Parse(settings)
	if err != nil {
		return nil, err
	}
	return f.found(w, f.Make(w), nil), nil
}

func (f *Finder) found(w *Way, p rest.Paginator, second any) *rest.Way {
	shown := w.Settings()
	if slices.ContainsFunc(w.Path, index) { // a list of links has the next one anywhere
		shown = value.DictOf("type", "auto")
	}
	if f.Beside != nil {
		for name, v := range f.Beside.All() {
			shown.Set(name, v)
		}
	}
	return &rest.Way{
		Paginator: p, Settings: w.Kept(), Shown: shown, Second: second, Addresses: w.Type == NextURL || w.Type == Link,
	}
}

// Look is rest.Finder's.
func (f *Finder) Look(first *rest.Sample) rest.Search {
	l := f.lookAt(first)
	if first.Response.Found.Kind == rest.WholeThere {
		return l.onePage
	}
	l.pointers(first)
	return l.search
}

// onePage is the search of an answer that is a record itself. Only its headers can tell of pages.
func (l *look) onePage(context.Context, rest.Ask) (*rest.Way, error) {
	for _, p := range l.signs.Next {
		if p.Header != "" && p.Value != nil {
			return nil, l.noRecord(p)
		}
	}
	return nil, nil
}

// size is the page size that the configuration asks for; 0: none.
func (f *Finder) size() int64 {
	if f.Beside == nil {
		return 0
	}
	return value.Member[int64](f.Beside, "page_size")
}

// trial is a way to try.
type trial struct {
	way       *Way
	paginator rest.Paginator
	second    any
	// guess says that the parameter's name is a guess: the API may ignore it.
	guess bool
	// own says that the guess goes with the name under which the answer has the token.
	own bool
}

// mostTrials bounds the requests of one search.
const mostTrials = 40

// search is rest.Search.
func (l *look) search(ctx context.Context, ask rest.Ask) (*rest.Way, error) {
	s := &searching{look: l, ask: ask}
	if l.rows == 0 && l.whole() {
		return nil, nil
	}
	why := l.more()
	for _, t := range l.trials {
		if way, err := s.follow(t); way != nil || err != nil {
			return way, err
		}
	}
	if s.last != nil && s.ignored {
		return s.found(s.last.way, s.last.paginator, s.last.second), nil
	}
	if len(why) == 0 && (l.done() || l.rows == 0) {
		return nil, nil
	}
	full := l.full()
	s.promised, s.thorough = len(why) > 0, len(why) > 0 || full != ""
	way, err := s.numbers()
	if way != nil || err != nil || !s.thorough {
		return way, err
	}
	if full != "" {
		why = append(why, full)
	}
	return nil, l.refusal(why)
}

// searching is a search under way.
type searching struct {
	*look
	ask   rest.Ask
	count int
	// promised says that the answer promises more, and thorough that it does, or that the page is
	// full.
	promised, thorough bool
	// last is a trial of a token that came to a page without records, and ignored says that
	// another one came to the first page again: then the API knows the parameter of the former,
	// and the list ends there. Some APIs have a token on the only page.
	last    *trial
	ignored bool
	// named are the parameters of numbers that were tried, and lenient says that the API took one.
	named   []string
	lenient bool
}

// page asks for the page of a trial; outcome says what came.
func (s *searching) page(t trial, token any) (got outcome, page *rest.Sample, err error) {
	if s.count++; s.count > mostTrials {
		return refused, nil, nil
	}
	page, refusal, err := s.ask(t.paginator, token, t.guess)
	switch {
	case err != nil:
		return refused, nil, err
	case refusal != nil:
		got = refused
		if !t.guess {
			s.failed = refusal
		}
	default:
		got = s.compare(page)
		s.lenient = true
	}
	if got != fresh {
		s.note(t.way, token, got)
	}
	return got, page, nil
}

// follow tries a way whose token the answer holds.
func (s *searching) follow(t trial) (*rest.Way, error) {
	got, page, err := s.page(t, t.second)
	if err != nil {
		return nil, err
	}
	s.ignored = s.ignored || t.guess && got == same
	if got == empty && t.own && s.last == nil && !s.counts() {
		s.last = &t
	}
	if got == fresh || got == empty && (!t.guess || !s.promises()) || got == same && s.moves(t, page) {
		return s.found(t.way, t.paginator, t.second), nil
	}
	return nil, nil
}

// counts reports whether the answer tells of more records than came.
func (s *searching) counts() bool {
	c, ok := s.signs.Total()
	return ok && c.N > int64(s.rows)
}

// moves reports whether an equal page is a new one all the same: its records have no keys, and it
// has another token.
func (s *searching) moves(t trial, page *rest.Sample) bool {
	if t.guess || !s.unkeyed || page.Response == nil {
		return false
	}
	next, err := t.paginator.Next(page.Response, len(page.Keys), page.Last, page.Request)
	return err == nil && !value.Equal(next, t.second)
}

// pointers makes the trials of the tokens and addresses that the answer holds.
func (l *look) pointers(first *rest.Sample) {
	var addresses, tokens, weak []trial
	for _, p := range l.signs.Next {
		switch {
		case p.Value == nil:
		case p.Address:
			addresses = append(addresses, l.addressTrials(p, first)...)
		case p.Weak:
			weak = append(weak, l.tokenTrials(p, first)...)
		default:
			tokens = append(tokens, l.tokenTrials(p, first)...)
		}
	}
	slices.SortStableFunc(addresses, func(a, b trial) int { return linksFirst(a) - linksFirst(b) })
	l.trials = append(addresses, tokens...)
	if !l.done() {
		l.trials = append(l.trials, weak...)
	}
}

func linksFirst(t trial) int {
	if t.way.Type == Link {
		return 0
	}
	return 1
}

// addressTrials are the ways to follow an address: as it is, and by its query alone, because an API
// behind a gateway names addresses that only it can reach.
func (l *look) addressTrials(p signs.Pointer, first *rest.Sample) []trial {
	way := Way{Type: NextURL, Path: p.Path, Header: p.Header}
	if p.Header == "Link" {
		way = Way{Type: Link}
	}
	byQuery := way
	byQuery.QueryOnly = true
	asIs, query := l.made(&way, first), l.made(&byQuery, first)
	switch {
	case asIs == nil || query == nil:
		return nil
	case value.Equal(asIs.second, query.second):
		return []trial{*asIs}
	case sameOrigin(value.Str(asIs.second), value.Str(query.second)):
		return []trial{*asIs, *query}
	}
	return []trial{*query, *asIs}
}

// made is the trial of a way whose token the first page holds; nil: its paginator finds none.
func (l *look) made(w *Way, first *rest.Sample) *trial {
	p := l.Make(w)
	next, err := p.Next(first.Response, len(first.Keys), first.Last, first.Request)
	if err != nil || !value.Truth(next) {
		return nil
	}
	return &trial{way: w, paginator: p, second: value.Own(next)}
}

// sameOrigin reports whether two addresses have the same scheme, host and port.
func sameOrigin(a, b string) bool { return origin(a) == origin(b) }

func origin(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.ToLower(scheme + "://" + rest)
}

// tokenTrials are the ways to send a token.
func (l *look) tokenTrials(p signs.Pointer, first *rest.Sample) []trial {
	var out []trial
	page := l.isNextPage(p.Value)
	name, header := p.Header, p.Header != ""
	if !header {
		name = lastName(p.Path)
	}
	add := func(w Way) {
		if page {
			w.Type, w.First = Page, l.signs.Page.N
		} else {
			w.Type, w.Path, w.Header = Cursor, p.Path, p.Header
			w.More = l.moreAt(p.Weak)
		}
		if t := l.made(&w, first); t != nil {
			t.guess = true
			t.own = !page && goesWith(name, w.Param[len(w.Param)-1])
			out = append(out, *t)
		}
	}
	if d, ok := p.Value.(*value.Dict); ok && !l.sent.body { // only JSON can carry it as it is
		if w := several(d, p.Path); w != nil {
			if t := l.made(w, first); t != nil {
				out = append(out, *t)
			}
		}
		return out
	}
	for _, name := range l.sent.variables {
		add(Way{Param: []string{"variables", name}, In: "body"})
	}
	for _, param := range paramsForToken(name, header) {
		if l.sent.body && len(l.sent.variables) == 0 {
			add(Way{Param: []string{param}, In: "body"})
		}
		if !l.sent.body {
			add(Way{Param: []string{param}})
		}
	}
	if header {
		add(Way{Param: []string{p.Header}, In: "header"})
	}
	return out
}

// isNextPage reports whether a token is the number behind that of the page, as the answer tells it:
// then pages are counted, and need not be read one by one.
func (l *look) isNextPage(token any) bool {
	n := l.signs.Page
	return n.Known && n.N <= 1 && value.Str(token) == strconv.FormatInt(n.N+1, 10)
}

// lastName is the last name of a path that is no index of a list.
func lastName(path []string) string {
	for _, name := range slices.Backward(path) {
		if name != "" && !index(name) {
			return name
		}
	}
	return "next"
}

// several is the way to send an object of several parameters.
func several(d *value.Dict, path []string) *Way {
	w := &Way{Type: Cursor}
	for name, v := range d.All() {
		switch v.(type) {
		case string, int64, float64:
			w.Params = append(w.Params, Param{strings.Clone(name), append(path[:len(path):len(path)], strings.Clone(name))})
		}
	}
	if len(w.Params) == 0 {
		return nil
	}
	return w
}

// moreAt is where the answer says whether more follows, for a token that the last page has too;
// nil: nowhere, or in the other sense.
func (l *look) moreAt(weak bool) []string {
	f, ok := l.signs.Flag()
	if !weak || !ok || !f.More || f.Header != "" || !l.positive {
		return nil
	}
	return f.Path
}

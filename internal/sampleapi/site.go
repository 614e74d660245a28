package sampleapi

import (
	"context"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	jsonType  = "application/json"
	tokenPath = "/v2/oauth2/token"
)

// site is one system's server. It counts and limits requests, lets faults strike, and otherwise
// lets the system's api answer.
type site struct {
	system System
	opt    *Options
	api    api
	done   chan struct{} // closed to end stalled answers

	mu        sync.Mutex
	faults    Faults
	stats     Stats
	log       []*Entry
	inFlight  int
	arrived   window // every API request
	admitted  window // those within the limit
	rows      map[string]rows
	struck    map[string]bool // faults that strike once and have
	cursors   map[uint64]string
	elsewhere map[string]bool // host names that redirections led to
}

func newSite(system System, opt *Options) *site {
	s := &site{system: system, opt: opt, faults: opt.Faults[system], done: make(chan struct{})}
	s.clear()
	return s
}

func (s *site) clear() {
	s.stats = Stats{ByPath: map[string]int{}}
	s.log = nil
	s.arrived, s.admitted = window{}, window{}
	s.rows = map[string]rows{}
	s.struck = map[string]bool{}
	s.cursors = map[uint64]string{}
	s.elsewhere = map[string]bool{}
}

func (s *site) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	if h, ok := s.api.(*helpScout); ok {
		h.tokens.reset()
	}
}

func (s *site) setFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

// call is what the server knows about a request.
type call struct {
	faults Faults
	number int // from 1, among the API or the token requests
	token  bool
	note   *rateNote // nil: no limit
	entry  *Entry
}

type callKey struct{}

// callOf gives the call of a request, which ServeHTTP has stored in its context.
func callOf(r *http.Request) *call {
	c, _ := r.Context().Value(callKey{}).(*call)
	return c
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" {
		respond(w, http.StatusOK, jsonType, []byte(`{"status":"ok"}`))
		return
	}
	c, err := s.begin(r)
	rec := &recorder{ResponseWriter: w}
	defer s.finish(c, rec)
	if err != nil {
		respond(rec, http.StatusBadRequest, "text/plain; charset=utf-8", []byte(err.Error()))
		return
	}
	r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	if c.faults.Latency > 0 {
		if s.opt.Sleep(r.Context(), c.faults.Latency) != nil {
			panic(http.ErrAbortHandler) // the client left
		}
	}
	if c.note != nil {
		c.note.write(rec.Header(), s.rateForm(c))
	}
	if s.strike(rec, r, c) {
		return
	}
	a := newAnswer(rec, r, c, s.done)
	s.api.ServeHTTP(a, r)
	a.finish()
}

// begin counts a request on its arrival, before anything delays it.
func (s *site) begin(r *http.Request) (*call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	c := &call{faults: s.faults, token: s.system == HelpScout && r.URL.Path == tokenPath}
	err := c.faults.Parse(r.Header.Get(FaultHeader))
	c.faults.Rows = max(1, c.faults.Rows)

	s.stats.ByPath[r.URL.Path]++
	s.inFlight++
	s.stats.MaxInFlight = max(s.stats.MaxInFlight, s.inFlight)
	if s.elsewhere[r.Host] {
		s.stats.Elsewhere++
		if r.Header.Get("Authorization") != "" || r.Header.Get("X-Api-Key") != "" {
			s.stats.LeakedCredentials++
		}
	}
	c.entry = &Entry{Time: now, Method: r.Method, URI: r.URL.RequestURI()}
	if s.opt.RequestLog > 0 {
		if len(s.log) >= s.opt.RequestLog {
			s.log = s.log[1:]
		}
		s.log = append(s.log, c.entry)
	}
	if c.token {
		s.stats.TokenRequests++
		c.number = s.stats.TokenRequests
		return c, err
	}
	s.stats.Requests++
	c.number = s.stats.Requests
	s.arrived.add(now)
	s.stats.MaxInWindow = max(s.stats.MaxInWindow, s.arrived.within(now, s.opt.StatsWindow))
	if c.faults.Rate > 0 {
		note := s.admitted.admit(now, c.faults.Rate, orElse(c.faults.Per, time.Minute))
		c.note = &note
	}
	return c, err
}

func (s *site) finish(c *call, rec *recorder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
	c.entry.Status = rec.status
	s.stats.Bytes += rec.bytes
	switch {
	case rec.status == http.StatusTooManyRequests:
		s.stats.Limited++
	case rec.status == http.StatusUnauthorized:
		s.stats.Unauthorized++
	case rec.status >= 500:
		s.stats.ServerErrors++
	}
}

// strike answers in place of the api when a fault says so.
func (s *site) strike(w http.ResponseWriter, r *http.Request, c *call) bool {
	f := c.faults
	if due(f.Close, c.number) {
		w.Header().Set("Connection", "close")
	}
	switch {
	case c.token:
		if !due(f.TokenFail, c.number) {
			return false
		}
		s.api.fail(w, r, problem{status: http.StatusInternalServerError, code: "internal_error", message: "Internal error"})
	case c.note != nil && c.note.limited:
		s.api.fail(w, r, tooMany)
	case due(f.Throttle, c.number):
		s.injected(c).write(w.Header(), s.rateForm(c))
		s.api.fail(w, r, tooMany)
	case due(f.Fail, c.number):
		s.api.fail(w, r, problem{status: orElse(f.FailStatus, http.StatusInternalServerError), code: "internal_error", message: "Internal error"})
	case due(f.Redirect, c.number):
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
	case due(f.RedirectHost, c.number):
		http.Redirect(w, r, "http://"+s.otherHost(r.Host)+r.URL.RequestURI(), http.StatusFound)
	case due(f.HTML, c.number):
		respond(w, http.StatusOK, "text/html; charset=utf-8", []byte("<!doctype html><title>Sign in</title><p>This network asks you to sign in."))
	default:
		return false
	}
	return true
}

var tooMany = problem{status: http.StatusTooManyRequests, code: "rate_limit_exceeded", message: "API rate limit exceeded"}

// injected is the rate note of a 429 that a fault has caused.
func (s *site) injected(c *call) rateNote {
	now := s.opt.Now()
	return rateNote{
		limit: orElse(c.faults.Rate, 200), window: orElse(c.faults.Per, time.Minute),
		now: now, reset: now.Add(orElse(c.faults.RetryAfter, time.Second)), limited: true,
	}
}

func (s *site) rateForm(c *call) RateForm {
	if c.faults.RateForm != "" {
		return c.faults.RateForm
	}
	if s.system == HelpScout {
		return RateMinute
	}
	return RateEpoch
}

// otherHost gives this server's address by another name, which clients must treat as another host.
func (s *site) otherHost(host string) string {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, "80"
	}
	if name == "localhost" {
		name = "127.0.0.1"
	} else {
		name = "localhost"
	}
	other := net.JoinHostPort(name, port)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.elsewhere[other] = true
	return other
}

// once is true at the first call for a name.
func (s *site) once(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.struck[name]
	s.struck[name] = true
	return first
}

// keepCursor stores the cursor of a query's first page, for RepeatCursor.
func (s *site) keepCursor(query uint64, cursor string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cursors[query] = cursor
}

func (s *site) keptCursor(query uint64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursors[query]
}

// rowsOf gives the rows that a list has now. size is that at the start.
func (s *site) rowsOf(name string, size int) rows {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rowsLocked(name, size)
}

func (s *site) rowsLocked(name string, size int) rows {
	if r, ok := s.rows[name]; ok {
		return r
	}
	return rows{end: size}
}

func (s *site) change(name string, size int, f func(rows) (rows, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := f(s.rowsLocked(name, size))
	if err == nil {
		s.rows[name] = r
	}
	return err
}

// page gives the rows for a request of that page, after the changes that faults make there.
func (s *site) page(r *http.Request, name string, size, page int) rows {
	f := callOf(r).faults
	change := func(kind string, from int, do func(rows) rows) {
		if reached(from, page) && s.once(kind+" "+name) {
			// The change can not fail, so there is no error to see.
			_ = s.change(name, size, func(r rows) (rows, error) { return do(r), nil })
		}
	}
	change("insert", f.Insert, func(r rows) rows { r.first -= f.Rows; return r })
	change("append", f.Append, func(r rows) rows { r.end += f.Rows; return r })
	change("remove", f.Remove, func(r rows) rows { return r.without(r.head(f.Rows)...) })
	change("edit", f.Edit, func(r rows) rows { return r.withEdit(s.opt.Now(), r.head(f.Rows)...) })
	return s.rowsOf(name, size)
}

// charge adds to the used credits. It gives false when there were none left.
func (s *site) charge(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opt.Credits > 0 && s.stats.Credits >= s.opt.Credits {
		return false
	}
	s.stats.Credits += n
	return true
}

// requestID is a disguise of the call's number: unique, and the same in every run.
func (s *site) requestID(r *http.Request) uint64 {
	return mix(s.opt.Seed<<32 ^ uint64(callOf(r).number))
}

// problem is an error before it has a system's form.
type problem struct {
	status        int
	code, message string
	field, detail string // what is wrong with which parameter
}

func respond(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

// wholeNumber reads a parameter. It gives other for an absent one, and false for what is no number
// from low on.
func wholeNumber(text string, other, low int) (int, bool) {
	if text == "" {
		return other, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= low && n <= math.MaxInt32
}

// pages is the number of pages of a size.
func pages(total, size int) int { return (total + size - 1) / size }

// cut gives the keys on a page; none past the end.
func cut(keys []int, page, size int) []int {
	if page > pages(len(keys), size) {
		return nil
	}
	return slices.Clip(keys[(page-1)*size : min(page*size, len(keys))])
}

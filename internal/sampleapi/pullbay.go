package sampleapi

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	defaultLimit = 50
	maxLimit     = 1000
	// managedPage is how many reviews the managed endpoint fetches at a time, which is what it
	// charges for.
	managedPage = 50
	flushAt     = 32 << 10
)

// pullbay is Pullbay's review API over generated records.
type pullbay struct {
	*site
	mux  *http.ServeMux
	seed uint64
}

func newPullbay(s *site) *pullbay {
	p := &pullbay{site: s, mux: http.NewServeMux(), seed: streamSeed(s.opt.Seed, "reviews")}
	for _, path := range []string{"/v1/app-store/reviews", "/appstore/reviews"} {
		p.mux.HandleFunc("GET "+path, p.standard)
		p.mux.HandleFunc("GET "+path+"/all", p.managed)
	}
	p.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { p.fail(w, r, notFound) })
	return p
}

func (p *pullbay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, ok := bearer(r)
	if !ok {
		key = r.Header.Get("X-Api-Key")
	}
	if subtle.ConstantTimeCompare([]byte(key), []byte(p.opt.Credentials.APIKey)) == 0 {
		p.fail(w, r, problem{status: http.StatusUnauthorized, code: "unauthorized", message: "Invalid API key"})
		return
	}
	p.mux.ServeHTTP(w, r)
}

func (p *pullbay) requestName(r *http.Request) string {
	return fmt.Sprintf("req_%016x", p.requestID(r))
}

func (p *pullbay) fail(w http.ResponseWriter, r *http.Request, pr problem) {
	var e encoder
	e.open("")
	e.open("error")
	e.str("code", pr.code)
	e.str("message", pr.message)
	e.str("request_id", p.requestName(r))
	e.close()
	e.close()
	respond(w, pr.status, jsonType, e.b)
}

func (p *pullbay) invalid(w http.ResponseWriter, r *http.Request, message string) {
	p.fail(w, r, problem{status: http.StatusBadRequest, code: "invalid_parameter", message: message})
}

var noCredits = problem{status: http.StatusPaymentRequired, code: "insufficient_credits", message: "No credits are left"}

// reviewQuery is what a request asks for.
type reviewQuery struct {
	business  business
	minRating int
	after     time.Time
	limit     int
	hash      uint64 // of endpoint and parameters without the cursor
}

// query reads the parameters. It gives false after it has answered that one is wrong.
func (p *pullbay) query(w http.ResponseWriter, r *http.Request) (reviewQuery, bool) {
	v := r.URL.Query()
	q := reviewQuery{hash: hashQuery(r.URL.Path, v)}
	var ok bool
	if q.business, ok = p.business(v.Get("business_id")); !ok {
		p.invalid(w, r, "business_id: no such business")
		return q, false
	}
	if q.minRating, ok = wholeNumber(v.Get("rating_min"), 0, 1); !ok || q.minRating > 5 {
		p.invalid(w, r, "rating_min: want a whole number from 1 to 5")
		return q, false
	}
	if q.limit, ok = wholeNumber(v.Get("limit"), defaultLimit, 1); !ok {
		p.invalid(w, r, "limit: want a whole number from 1")
		return q, false
	}
	q.limit = min(q.limit, maxLimit)
	if q.after, ok = momentOf(v); !ok {
		p.invalid(w, r, "created_after: want a date or a time (RFC 3339)")
		return q, false
	}
	return q, true
}

func momentOf(v url.Values) (time.Time, bool) {
	text := v.Get("created_after")
	if text == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (q reviewQuery) matches(r review) bool {
	return r.rating >= q.minRating && r.created.After(q.after)
}

// standard answers one page and the cursor of the next.
func (p *pullbay) standard(w http.ResponseWriter, r *http.Request) {
	q, ok := p.query(w, r)
	if !ok {
		return
	}
	at, ok := p.position(w, r, q)
	if !ok {
		return
	}
	spoilt := callOf(r).faults.list(at.page)
	now := p.page(r, q.business.list(), q.business.Reviews, at.page)
	var e encoder
	e.open("")
	openData(&e, spoilt)
	count, next, more := 0, now.end, false
	for key := range now.from(at.key) {
		rev := p.review(q.business, key)
		if !q.matches(rev) {
			continue
		}
		if count == q.limit {
			next, more = key, true
			break
		}
		count++
		if spoilt == "" {
			p.writeStandard(&e, &rev)
		}
	}
	if spoilt == "" {
		e.end()
	}
	if !p.charge(p.price(count, 1, count)) {
		p.fail(w, r, noCredits)
		return
	}
	p.pagination(&e, r, q, at, cursor{page: at.page + 1, key: next}, more, count)
	e.close()
	respond(w, http.StatusOK, jsonType, e.b)
}

// openData begins the list of reviews. A spoilt list is closed at once.
func openData(e *encoder, spoilt string) {
	switch spoilt {
	case "":
		e.list("data")
	case "null":
		e.null("data")
	case "empty":
		e.list("data")
		e.end()
	}
}

// pagination writes the object of that name, which is wrong if a fault says so.
func (p *pullbay) pagination(e *encoder, r *http.Request, q reviewQuery, at, next cursor, more bool, count int) {
	f := callOf(r).faults
	token := ""
	if more || f.CursorAtEnd {
		token = p.issue(q, next)
	}
	if f.RepeatCursor > 0 && at.page == 1 {
		p.keepCursor(q.hash, token)
	}
	switch {
	case reached(f.NoCursor, at.page):
		token, more = "", true
	case reached(f.StuckCursor, at.page):
		if token = r.URL.Query().Get("cursor"); token == "" {
			token = p.issue(q, at)
		}
		more = true
	case reached(f.RepeatCursor, at.page):
		token, more = p.keptCursor(q.hash), true
	}
	e.open("pagination")
	e.opt("next_cursor", token)
	e.flag("has_more", more)
	e.num("limit", q.limit)
	e.num("count", count)
	e.close()
}

// price is what count reviews on some pages cost. usual is what the endpoint charges in the
// vendor's examples.
func (p *pullbay) price(count, fetched, usual int) int {
	switch p.opt.Charge {
	case ChargeItems:
		return count
	case ChargeRequests:
		return fetched
	}
	return usual
}

// managed answers with all reviews, which it generates while it sends.
func (p *pullbay) managed(w http.ResponseWriter, r *http.Request) {
	q, ok := p.query(w, r)
	if !ok {
		return
	}
	if n, ok := wholeNumber(r.URL.Query().Get("timeout"), 120, 1); !ok || n > 600 {
		p.invalid(w, r, "timeout: want seconds from 1 to 600")
		return
	}
	if !p.charge(0) {
		p.fail(w, r, noCredits)
		return
	}
	w.Header().Set("Content-Type", jsonType)
	now := p.page(r, q.business.list(), q.business.Reviews, 1)
	spoilt := callOf(r).faults.list(1)
	e := encoder{b: make([]byte, 0, flushAt+4<<10)}
	e.open("")
	openData(&e, spoilt)
	total := 0
	for key := range now.all() {
		rev := p.review(q.business, key)
		if !q.matches(rev) {
			continue
		}
		total++
		if spoilt != "" {
			continue
		}
		p.writeManaged(&e, &rev)
		if len(e.b) >= flushAt {
			// The last byte stays, since it tells the encoder whether a comma must follow.
			last := len(e.b) - 1
			if _, err := w.Write(e.b[:last]); err != nil {
				return // the client has gone
			}
			e.b = append(e.b[:0], e.b[last])
		}
	}
	if spoilt == "" {
		e.end()
	}
	p.meta(&e, r, total)
	e.close()
	_, _ = w.Write(e.b)
}

func (p *pullbay) meta(e *encoder, r *http.Request, total int) {
	fetched := max(1, pages(total, managedPage))
	credits := p.price(total, fetched, fetched)
	p.charge(credits)
	e.open("meta")
	e.num("total_results", total)
	e.num("pages_fetched", fetched)
	e.num("credits_used", credits)
	e.str("request_id", p.requestName(r))
	e.close()
}

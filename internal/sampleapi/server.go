package sampleapi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// System names one of the imitated systems, as in the configuration's source.
type System string

// The systems that there are.
const (
	HelpScout       System = "helpscout"
	JSONPlaceholder System = "jsonplaceholder"
	Pullbay         System = "pullbay"
)

// Systems lists the systems in their usual order.
func Systems() []System { return []System{HelpScout, JSONPlaceholder, Pullbay} }

// Options choose data and behaviour. With the zero value a server has no faults.
type Options struct {
	// Seed varies the generated data; 0 counts as 1.
	Seed uint64
	// Now is the clock (default time.Now), for limits, tokens and cursors.
	Now func() time.Time
	// Sleep waits for Latency (default: a timer). It returns early when ctx ends.
	Sleep func(ctx context.Context, d time.Duration) error
	// Faults are each system's, for requests that do not set their own.
	Faults map[System]Faults
	// Ports to listen on; 0 or absent: any free one.
	Ports map[System]int
	// RegistryPort is that of the registry of connectors; 0: any free one.
	RegistryPort int
	// Credentials the systems accept; empty fields are filled with samples.
	Credentials Credentials

	// Businesses of Pullbay; nil: four, with 0, 3, 1,200 and 25,000 reviews.
	Businesses []Business
	// Credits is Pullbay's balance; 0: without end. Charge says what costs one.
	Credits int
	Charge  Charge

	// TokenLifetime of Help Scout's access tokens (default 48 h), CursorLifetime of Pullbay's
	// cursors (default 24 h).
	TokenLifetime, CursorLifetime time.Duration

	// StatsWindow is the window of Stats.MaxInWindow (default a minute), RequestLog how many of the
	// latest requests Stats.Log keeps (default none).
	StatsWindow time.Duration
	RequestLog  int
}

// Business is a business of Pullbay and how many reviews it has.
type Business struct {
	ID      string
	Reviews int
}

// Credentials are what a system accepts. Code and RefreshToken can be used once. The use of a
// refresh token makes the next one.
type Credentials struct {
	ClientID, ClientSecret string
	Code, RefreshToken     string
	APIKey                 string
}

// Charge says what one of Pullbay's credits pays for.
type Charge string

const (
	// ChargeAsDocumented charges an item on the standard endpoint and a fetched page on the managed
	// one, as the vendor's examples do.
	ChargeAsDocumented Charge = ""
	// ChargeItems charges each review on both endpoints.
	ChargeItems Charge = "items"
	// ChargeRequests charges each request or fetched page.
	ChargeRequests Charge = "requests"
)

// Record is one record as the server sends it.
type Record struct {
	// ID is the record's id as text, Partition its conversation's or business's.
	ID, Partition string
	JSON          json.RawMessage
}

// Server imitates the three systems. Its handlers may be mounted anywhere; Start gives each a
// listener of its own.
type Server struct {
	opt   Options
	sites map[System]*site
}

// api is what each system implements for its site.
type api interface {
	http.Handler
	// fail answers an error in the system's own form.
	fail(w http.ResponseWriter, r *http.Request, p problem)
	// streams lists the names that truth and list know.
	streams() []string
	// truth yields a stream's records as a full read gives them.
	truth(stream string) iter.Seq[Record]
	// list gives the size and the keys of ids of a stream, "stream/partition".
	list(name string) (list, bool)
}

// list is a collection before any change to it.
type list struct {
	size int
	key  func(id string) (key int, ok bool)
}

// New makes a server that does not listen yet.
func New(opt Options) *Server {
	if opt.Seed == 0 {
		opt.Seed = 1
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Sleep == nil {
		opt.Sleep = sleep
	}
	if opt.Businesses == nil {
		opt.Businesses = []Business{{"b-0", 0}, {"b-3", 3}, {"b-1200", 1200}, {"b-25000", 25000}}
	}
	opt.TokenLifetime = orElse(opt.TokenLifetime, 48*time.Hour)
	opt.CursorLifetime = orElse(opt.CursorLifetime, 24*time.Hour)
	opt.StatsWindow = orElse(opt.StatsWindow, time.Minute)
	c := &opt.Credentials
	c.ClientID = orElse(c.ClientID, "sample-client")
	c.ClientSecret = orElse(c.ClientSecret, "sample-secret")
	c.Code = orElse(c.Code, "sample-code")
	c.RefreshToken = orElse(c.RefreshToken, "sample-refresh-token")
	c.APIKey = orElse(c.APIKey, "sample-key")

	s := &Server{opt: opt, sites: map[System]*site{}}
	for _, system := range Systems() {
		s.sites[system] = newSite(system, &s.opt)
	}
	s.sites[HelpScout].api = newHelpScout(s.sites[HelpScout])
	s.sites[JSONPlaceholder].api = newJSONPlaceholder(s.sites[JSONPlaceholder])
	s.sites[Pullbay].api = newPullbay(s.sites[Pullbay])
	return s
}

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// HelpScout answers as Help Scout's Inbox API 2.0 does.
func (s *Server) HelpScout() http.Handler { return s.sites[HelpScout] }

// JSONPlaceholder answers as json-server 0.16 does, on request as 1.x.
func (s *Server) JSONPlaceholder() http.Handler { return s.sites[JSONPlaceholder] }

// Pullbay answers as Pullbay's review API does.
func (s *Server) Pullbay() http.Handler { return s.sites[Pullbay] }

// Credentials gives what the system accepts now: a used refresh token is replaced.
func (s *Server) Credentials(system System) Credentials {
	c := s.opt.Credentials
	switch system {
	case HelpScout:
		c.APIKey = ""
		c.RefreshToken = s.sites[HelpScout].api.(*helpScout).tokens.current()
	case Pullbay:
		c = Credentials{APIKey: c.APIKey}
	default:
		c = Credentials{}
	}
	return c
}

// SetFaults replaces a system's faults for the requests that follow.
func (s *Server) SetFaults(system System, f Faults) { s.sites[system].setFaults(f) }

// Streams lists the streams of a system that Truth knows.
func (s *Server) Streams(system System) []string {
	return slices.Clone(s.sites[system].api.streams())
}

// Truth yields every record that a full read of a stream (all partitions, no filter) must give now,
// in the server's natural order. An unknown stream yields nothing. Pullbay's reviews differ by
// endpoint: "reviews" are those of the standard one, "reviews_managed" those of the managed one.
func (s *Server) Truth(system System, stream string) iter.Seq[Record] {
	if !slices.Contains(s.sites[system].api.streams(), stream) {
		return func(func(Record) bool) {}
	}
	return s.sites[system].api.truth(stream)
}

// Insert puts n new records before a list's first. A list is a stream's name, followed by "/" and
// the partition where it has partitions: "posts", "conversation_threads/2100000007", "reviews/b-3".
func (s *Server) Insert(system System, list string, n int) error {
	return s.change(system, list, func(r rows) (rows, error) { r.first -= n; return r, nil })
}

// Append adds n new records after a list's last. They are newer than all others.
func (s *Server) Append(system System, list string, n int) error {
	return s.change(system, list, func(r rows) (rows, error) { r.end += n; return r, nil })
}

// Remove deletes records by id.
func (s *Server) Remove(system System, list string, ids ...string) error {
	return s.changeKeys(system, list, ids, func(r rows, keys []int) rows { return r.without(keys...) })
}

// Edit marks records as modified at a time. This moves them in lists that are sorted by that time.
func (s *Server) Edit(system System, list string, at time.Time, ids ...string) error {
	return s.changeKeys(system, list, ids, func(r rows, keys []int) rows { return r.withEdit(at, keys...) })
}

func (s *Server) changeKeys(system System, name string, ids []string, f func(rows, []int) rows) error {
	l, _ := s.sites[system].api.list(name) // change gives an error when there is no such list
	return s.change(system, name, func(r rows) (rows, error) {
		var keys []int
		for _, id := range ids {
			key, ok := l.key(id)
			if !ok || !r.has(key) {
				return r, fmt.Errorf("%s: no record %q in %s", system, id, name)
			}
			keys = append(keys, key)
		}
		return f(r, keys), nil
	})
}

func (s *Server) change(system System, name string, f func(rows) (rows, error)) error {
	site := s.sites[system]
	l, ok := site.api.list(name)
	if !ok {
		return fmt.Errorf("%s: no list %q", system, name)
	}
	return site.change(name, l.size, f)
}

// Reset undoes all changes of the data, and forgets counts, tokens and which faults have struck.
// Faults and credentials stay.
func (s *Server) Reset() {
	for _, site := range s.sites {
		site.reset()
	}
}

// Stats are what a system's server has seen.
type Stats struct {
	// Requests counts API requests, TokenRequests those to the token endpoint, to which limits and
	// faults of the API do not apply.
	Requests, TokenRequests int
	// ByPath counts all by path, without the query.
	ByPath map[string]int
	// MaxInWindow is the most API requests, answered or refused, that came within any window of
	// Options.StatsWindow; MaxInFlight the most at one time.
	MaxInWindow, MaxInFlight int
	// Limited counts answers 429, Unauthorized answers 401, ServerErrors 5xx.
	Limited, Unauthorized, ServerErrors int
	// Elsewhere counts requests to the host name of a redirection, LeakedCredentials those of them
	// that carried credentials.
	Elsewhere, LeakedCredentials int
	// Credits that Pullbay charged.
	Credits int
	// Bytes of bodies as the handlers wrote them, before compression.
	Bytes int64
	// Log holds the latest requests, the oldest first.
	Log []Entry
}

// Entry is one request of the log. Status is 0 while it is being answered.
type Entry struct {
	Time        time.Time
	Method, URI string
	Status      int
}

// Pages gives the request URIs of the log that begin with a path.
func (s Stats) Pages(path string) []string {
	var uris []string
	for _, e := range s.Log {
		if strings.HasPrefix(e.URI, path) {
			uris = append(uris, e.URI)
		}
	}
	return uris
}

// Stats gives a copy of a system's counts.
func (s *Server) Stats(system System) Stats {
	site := s.sites[system]
	site.mu.Lock()
	defer site.mu.Unlock()
	stats := site.stats
	stats.ByPath = maps.Clone(stats.ByPath)
	stats.Log = make([]Entry, 0, len(site.log))
	for _, e := range site.log {
		stats.Log = append(stats.Log, *e)
	}
	return stats
}

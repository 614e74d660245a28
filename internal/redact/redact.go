package redact

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Redactor replaces secrets in texts by Mask: those it was made with, and those that were added
// since. It knows them as they are and in other spellings (spelling.go), whatever is escaped of
// them and however often (unescape.go). A secret that is a usual word or a short number is hidden
// where it stands for itself only. It is safe for concurrent use.
type Redactor struct {
	mu     sync.RWMutex
	fixed  []string
	recent []string // a ring: tokens may be made anew for each request
	next   int
	known  map[string][]*needle // the spellings of each secret
	names  map[string]string    // of secrets, for Seal
	index  index                // of all spellings
}

// Mask stands where a secret was.
const Mask = "****"

const (
	// shortestSecret keeps texts legible where a credential is a letter or two.
	shortestSecret = 4
	// recentSecrets is how many added secrets are remembered.
	recentSecrets = 64
)

// New makes a Redactor of secrets. Those of less than four bytes are not hidden: they occur
// everywhere.
func New(secrets ...string) *Redactor {
	r := &Redactor{known: map[string][]*needle{}, names: map[string]string{}, index: index{byStart: map[uint32][]*needle{}}}
	for _, s := range secrets {
		if r.isNew(s) {
			r.fixed = append(r.fixed, s)
			r.learn(s)
		}
	}
	return r
}

// learn makes a secret known; callers hold mu or are alone.
func (r *Redactor) learn(secret string) {
	r.known[secret] = spellings(secret)
	for _, n := range r.known[secret] {
		r.index.add(n)
	}
}

// forget is the opposite of learn.
func (r *Redactor) forget(secret string) {
	for _, n := range r.known[secret] {
		r.index.remove(n)
	}
	delete(r.known, secret)
	delete(r.names, secret)
}

// Text is text without secrets. Secrets that overlap are hidden together.
func (r *Redactor) Text(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found := r.find(text)
	if found == nil {
		return text
	}
	var b strings.Builder
	end := 0
	for _, f := range joined(found) {
		b.WriteString(text[end:f.from])
		b.WriteString(Mask)
		end = f.to
	}
	b.WriteString(text[end:])
	return b.String()
}

// finding is a secret in a text.
type finding struct {
	from, to int
	needle
}

// find lists the secrets in a text by where they begin, the longest first; callers hold mu.
func (r *Redactor) find(text string) []finding {
	var all []finding
	if len(r.known) == 0 {
		return nil
	}
	(&level{text: text}).walk(func(l *level) bool {
		take := func(group []match) bool {
			for _, m := range group {
				f := finding{l.from(m.at), l.to(m.at + len(m.text) - 1), *m.needle}
				if l.packed > 0 {
					f.spelling = within
				}
				all = append(all, f)
			}
			return true
		}
		return r.index.scan(l.text, take) && r.index.scanCuts(l.text, take)
	})
	slices.SortStableFunc(all, byPlace)
	return all
}

// byPlace is the order in which findings begin, the longest first.
func byPlace(a, b finding) int { return cmp.Or(a.from-b.from, b.to-a.to) }

// joined makes one of findings that overlap. It then belongs to no secret, unless one of them holds
// all others.
func joined(all []finding) []finding {
	var out []finding
	for _, f := range all {
		if n := len(out); n > 0 && f.from < out[n-1].to {
			if f.to > out[n-1].to {
				out[n-1].to, out[n-1].needle = f.to, needle{}
			}
			continue
		}
		out = append(out, f)
	}
	return out
}

// Holds reports whether text holds a secret.
func (r *Redactor) Holds(text []byte) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.known) == 0 {
		return false
	}
	whole := &level{text: string(text), blind: true}
	return !whole.walk(func(l *level) bool { return r.index.scan(l.text, func([]match) bool { return false }) })
}

// Add makes further secrets known. Of those that were added, the latest 64 are remembered.
func (r *Redactor) Add(secrets ...string) {
	r.mu.RLock()
	news := slices.ContainsFunc(secrets, r.isNew)
	r.mu.RUnlock()
	if !news {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range secrets {
		if !r.isNew(s) {
			continue
		}
		if len(r.recent) < recentSecrets {
			r.recent = append(r.recent, s)
		} else {
			r.forget(r.recent[r.next])
			r.recent[r.next] = s
			r.next = (r.next + 1) % recentSecrets
		}
		r.learn(s)
	}
}

func (r *Redactor) isNew(s string) bool { return len(s) >= shortestSecret && r.known[s] == nil }

package redact

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Redactor replaces secrets in texts by Mask: those it was made with, and those that were added
// since. It knows them as they are and in other spellings (spelling.go). It is safe for concurrent
// use.
type Redactor struct {
	mu       sync.RWMutex
	fixed    []string
	recent   []string // a ring: tokens may be made anew for each request
	next     int
	known    map[string]bool   // of recent
	names    map[string]string // of secrets, for Seal
	needles  []needle          // every secret in every spelling, the longest first
	replacer *strings.Replacer // tells quickly whether a text holds any
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
	r := &Redactor{known: map[string]bool{}, names: map[string]string{}}
	for _, s := range secrets {
		if len(s) >= shortestSecret {
			r.fixed = append(r.fixed, s)
		}
	}
	r.rebuild()
	return r
}

// rebuild lists the needles; callers hold mu or are alone. The longest come first: of a secret that
// begins with another one, the rest would stay in sight.
func (r *Redactor) rebuild() {
	var all []needle
	for _, s := range append(slices.Clone(r.fixed), r.recent...) {
		all = append(all, spellings(s)...)
	}
	slices.SortStableFunc(all, func(a, b needle) int {
		return cmp.Or(len(b.text)-len(a.text), strings.Compare(a.text, b.text))
	})
	r.needles = slices.CompactFunc(all, func(a, b needle) bool { return a.text == b.text })
	pairs := make([]string, 0, 2*len(r.needles))
	for _, n := range r.needles {
		pairs = append(pairs, n.text, Mask)
	}
	r.replacer = strings.NewReplacer(pairs...)
}

// Text is text without secrets. Secrets that overlap are hidden together.
func (r *Redactor) Text(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if !r.matches(text) {
		return text
	}
	var b strings.Builder
	end := 0
	for _, f := range joined(r.find(text)) {
		b.WriteString(text[end:f.from])
		b.WriteString(Mask)
		end = f.to
	}
	b.WriteString(text[end:])
	return b.String()
}

// matches reports whether text holds a secret; callers hold mu.
func (r *Redactor) matches(text string) bool { return r.replacer.Replace(text) != text }

// finding is a secret in a text.
type finding struct {
	from, to int
	needle
}

// find lists the secrets in a text by where they begin, the longest first; callers hold mu.
func (r *Redactor) find(text string) []finding {
	var all []finding
	for _, n := range r.needles {
		for at := 0; ; {
			i := strings.Index(text[at:], n.text)
			if i < 0 {
				break
			}
			all = append(all, finding{at + i, at + i + len(n.text), n})
			at += i + 1
		}
	}
	sortFindings(all)
	return all
}

// sortFindings puts findings in the order in which they begin, the longest first.
func sortFindings(all []finding) {
	slices.SortStableFunc(all, func(a, b finding) int { return cmp.Or(a.from-b.from, b.to-a.to) })
}

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
	return slices.ContainsFunc(r.needles, func(n needle) bool { return bytes.Contains(text, []byte(n.text)) })
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
			old := r.recent[r.next]
			delete(r.known, old)
			if !slices.Contains(r.fixed, old) {
				delete(r.names, old)
			}
			r.recent[r.next] = s
			r.next = (r.next + 1) % recentSecrets
		}
		r.known[s] = true
	}
	r.rebuild()
}

func (r *Redactor) isNew(s string) bool { return len(s) >= shortestSecret && !r.known[s] }

package redact

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Redactor replaces secrets in texts by Mask: those it was made with, and those that were added
// since. It knows them as they are, escaped as in addresses, and in Base64. It is safe for
// concurrent use.
type Redactor struct {
	mu       sync.RWMutex
	fixed    []string
	recent   []string // a ring: tokens may be made anew for each request
	next     int
	known    map[string]bool // of recent
	needles  []string        // every secret in every spelling, the longest first
	replacer *strings.Replacer
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
	r := &Redactor{known: map[string]bool{}}
	for _, s := range secrets {
		if len(s) >= shortestSecret {
			r.fixed = append(r.fixed, s)
		}
	}
	r.rebuild()
	return r
}

// rebuild makes the replacer; callers hold mu or are alone. It tries secrets in order, so that the
// longest come first: of a secret that begins with another one, the rest would stay in sight.
func (r *Redactor) rebuild() {
	var all []string
	for _, s := range append(slices.Clone(r.fixed), r.recent...) {
		all = append(all, s, url.QueryEscape(s), url.PathEscape(s), base64.StdEncoding.EncodeToString([]byte(s)))
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	r.needles = slices.Compact(all)
	pairs := make([]string, 0, 2*len(r.needles))
	for _, s := range r.needles {
		pairs = append(pairs, s, Mask)
	}
	r.replacer = strings.NewReplacer(pairs...)
}

// Text is text without secrets.
func (r *Redactor) Text(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.replacer.Replace(text)
}

// Holds reports whether text holds a secret.
func (r *Redactor) Holds(text []byte) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.ContainsFunc(r.needles, func(s string) bool { return bytes.Contains(text, []byte(s)) })
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
			delete(r.known, r.recent[r.next])
			r.recent[r.next] = s
			r.next = (r.next + 1) % recentSecrets
		}
		r.known[s] = true
	}
	r.rebuild()
}

func (r *Redactor) isNew(s string) bool { return len(s) >= shortestSecret && !r.known[s] }

package frontend

import (
	"strings"
	"sync/atomic"
)

// Secrets hides secrets in texts once they are known, which is when the source is open. The zero Secrets knows none. It is safe for
// concurrent use.
type Secrets struct{ redactor atomic.Pointer[Redactor] }

// Learn makes the given texts the secrets.
func (s *Secrets) Learn(secrets []string) { s.redactor.Store(NewRedactor(secrets)) }

// Hide returns text without secrets.
func (s *Secrets) Hide(text string) string { return s.redactor.Load().Text(text) }

// Redactor replaces secrets in texts for people.
type Redactor struct{ replacer *strings.Replacer }

// NewRedactor hides the given texts; those shorter than four bytes are too common to be hidden.
func NewRedactor(secrets []string) *Redactor {
	var pairs []string
	for _, s := range secrets {
		if len(s) >= 4 {
			pairs = append(pairs, s, "****")
		}
	}
	return &Redactor{strings.NewReplacer(pairs...)}
}

// Text returns s without secrets. A nil Redactor hides nothing.
func (r *Redactor) Text(s string) string {
	if r == nil {
		return s
	}
	return r.replacer.Replace(s)
}

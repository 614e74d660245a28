package frontend

import (
	"sync/atomic"

	"anytap/internal/redact"
)

// Secrets hides secrets in texts once they are known, which is when the source is open. The zero
// Secrets knows none. It is safe for concurrent use.
type Secrets struct {
	redactor atomic.Pointer[redact.Redactor]
}

// Learn makes the given texts the secrets.
func (s *Secrets) Learn(secrets []string) { s.redactor.Store(redact.New(secrets...)) }

// Hide returns text without secrets.
func (s *Secrets) Hide(text string) string {
	if r := s.redactor.Load(); r != nil {
		return r.Text(text)
	}
	return text
}

package frontend

import "sync/atomic"

// Secrets hides secrets in texts once they are known, which is when the source is open. The zero
// Secrets knows none. It is safe for concurrent use.
type Secrets struct {
	hide atomic.Pointer[func(string) string]
}

// Use makes hide take secrets out of texts; nil: there are none.
func (s *Secrets) Use(hide func(text string) string) {
	if hide != nil {
		s.hide.Store(&hide)
	}
}

// Hide returns text without secrets.
func (s *Secrets) Hide(text string) string {
	if hide := s.hide.Load(); hide != nil {
		return (*hide)(text)
	}
	return text
}

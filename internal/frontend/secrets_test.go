package frontend

import (
	"testing"

	"anytap/internal/redact"
)

func TestSecretsAreHiddenOnceTheyAreKnown(t *testing.T) {
	var s Secrets
	const text = "key=s3cr3t, token=s3cr3t-token, id=abc"
	s.Use(nil)
	if got := s.Hide(text); got != text {
		t.Errorf("before: %q", got)
	}
	known := redact.New("s3cr3t", "abc")
	s.Use(known.Text)
	if got, want := s.Hide(text), "key=****, token=****-token, id=abc"; got != want {
		t.Errorf("after: %q, want %q: not the short one", got, want)
	}
	known.Add("s3cr3t-token")
	if got, want := s.Hide(text), "key=****, token=****, id=abc"; got != want {
		t.Errorf("once a token was fetched: %q, want %q", got, want)
	}
}

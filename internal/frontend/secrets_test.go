package frontend

import "testing"

func TestRedactorHidesAllButTheShortestSecrets(t *testing.T) {
	r := NewRedactor([]string{"s3cr3t", "abc"})
	if got := r.Text("key=s3cr3t abc"); got != "key=**** abc" {
		t.Errorf("got %q, want the long secret hidden", got)
	}
}

func TestSecretsAreHiddenOnceTheyAreKnown(t *testing.T) {
	var s Secrets
	if got := s.Hide("key=s3cr3t"); got != "key=s3cr3t" {
		t.Errorf("before: %q", got)
	}
	s.Learn([]string{"s3cr3t"})
	if got := s.Hide("key=s3cr3t"); got != "key=****" {
		t.Errorf("after: %q, want the secret hidden", got)
	}
}

package frontend

import "testing"

func TestSecretsAreHiddenOnceTheyAreKnown(t *testing.T) {
	var s Secrets
	const text = "key=s3cr3t, token=s3cr3t-token, id=abc"
	if got := s.Hide(text); got != text {
		t.Errorf("before: %q", got)
	}
	s.Learn([]string{"s3cr3t", "s3cr3t-token", "abc"})
	if got, want := s.Hide(text), "key=****, token=****, id=abc"; got != want {
		t.Errorf("after: %q, want %q: all of the longer secret, and not the short one", got, want)
	}
}

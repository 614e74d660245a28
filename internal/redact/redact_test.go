package redact

import (
	"fmt"
	"testing"
)

func TestTextHidesSecrets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fixed, added []string
		text, want   string
	}{
		"none":                               {text: "key=abcd", want: "key=abcd"},
		"as it is":                           {fixed: []string{"s3cr3t"}, text: "key=s3cr3t!", want: "key=****!"},
		"too short to be hidden":             {fixed: []string{"abc"}, added: []string{"xyz"}, text: "abc xyz", want: "abc xyz"},
		"escaped in a query":                 {fixed: []string{"a b+c/d"}, text: "?key=a+b%2Bc%2Fd", want: "?key=****"},
		"escaped in a path":                  {fixed: []string{"a b?c"}, text: "/a%20b%3Fc/x", want: "/****/x"},
		"in Base64":                          {fixed: []string{"user:secret"}, text: "Basic dXNlcjpzZWNyZXQ=", want: "Basic ****"},
		"added later":                        {added: []string{"token-1"}, text: "Bearer token-1", want: "Bearer ****"},
		"one begins with another":            {fixed: []string{"abcd", "abcdefgh"}, text: "abcdefgh abcd", want: "**** ****"},
		"an added one begins with a fixed":   {fixed: []string{"abcd"}, added: []string{"abcdefgh"}, text: "abcdefgh", want: "****"},
		"a fixed one begins with an added":   {fixed: []string{"abcdefgh"}, added: []string{"abcd"}, text: "abcdefgh", want: "****"},
		"one holds another":                  {fixed: []string{"cdef", "abcdefgh"}, text: "abcdefgh", want: "****"},
		"they overlap in the middle":         {fixed: []string{"abcdef", "efghij"}, text: "x abcdefghij y", want: "x **** y"},
		"three overlap":                      {fixed: []string{"abcd", "cdef", "efgh"}, text: "abcdefgh", want: "****"},
		"one overlaps itself":                {fixed: []string{"abab"}, text: "xababababy", want: "x****y"},
		"next to each other":                 {fixed: []string{"abcd"}, text: "abcdabcd", want: "********"},
		"small letters in escapes":           {fixed: []string{"a+b/c"}, text: "k=a%2bb%2fc", want: "k=****"},
		"Base64 without padding":             {fixed: []string{"user:secret"}, text: "k=dXNlcjpzZWNyZXQ!", want: "k=****!"},
		"inside longer Base64":               {fixed: []string{"very-secret"}, text: "eyJrIjoidmVyeS1zZWNyZXQifQ==", want: "eyJrIjoi****ifQ=="},
		"in JSON":                            {fixed: []string{`a"b\c`}, text: `"a\"b\\c"`, want: `"****"`},
		"a spelling begins with another one": {fixed: []string{"a%20", "a b c"}, text: "a%20b%20c", want: "****"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := New(test.fixed...)
			r.Add(test.added...)
			if got := r.Text(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	r := New("s3cr3t")
	for text, want := range map[string]bool{"key=s3cr3t": true, "key=s3cr3": false, "czNjcjN0": true} {
		if r.Holds([]byte(text)) != want {
			t.Errorf("Holds(%q) is %v", text, !want)
		}
	}
}

func TestTheLatestAddedSecretsAreRemembered(t *testing.T) {
	t.Parallel()
	r := New("fixed")
	for i := range recentSecrets + 1 {
		r.Add(fmt.Sprintf("token-%03d", i))
	}
	if got, want := r.Text("fixed token-000 token-001 token-064"), "**** token-000 **** ****"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

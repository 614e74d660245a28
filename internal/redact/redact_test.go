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
		"one overlaps itself":                {fixed: []string{"abab12ab"}, text: "xabab12abab12aby", want: "x****y"},
		"next to each other":                 {fixed: []string{"abcd"}, text: "abcdabcd", want: "********"},
		"small letters in escapes":           {fixed: []string{"a+b/c"}, text: "k=a%2bb%2fc", want: "k=****"},
		"Base64 without padding":             {fixed: []string{"user:secret"}, text: "k=dXNlcjpzZWNyZXQ!", want: "k=****!"},
		"inside longer Base64":               {fixed: []string{"very-secret"}, text: "eyJrIjoidmVyeS1zZWNyZXQifQ==", want: "eyJrIjoi****ifQ=="},
		"in JSON":                            {fixed: []string{`a"b\c`}, text: `"a\"b\\c"`, want: `"****"`},
		"a word in a word":                   {fixed: []string{"test"}, text: "the latest test-case of tests", want: "the latest test-case of tests"},
		"a word for itself":                  {fixed: []string{"test"}, text: `key=test&a=1 {"key":"Test"} %22test%22 \\ntest`, want: `key=****&a=1 {"key":"****"} %22****%22 \\n****`},
		"a word beside another secret":       {fixed: []string{"expected", "k-1234567"}, text: "unexpected expectedk-1234567", want: "unexpected ********"},
		"cut off":                            {fixed: []string{"CANARY-SECRET-77"}, text: "no key CANARY-SEC… or CANARY-SECRET-7... or CAN…", want: "no key ****… or ****... or CAN…"},
		"cut off in Base64":                  {fixed: []string{"CANARY-SECRET-77"}, text: "Q0FOQVJZLVNF…", want: "****…"},
		"words":                              {fixed: []string{"no access"}, text: "there is no access, no accesses", want: "there is ****, no accesses"},
		"a short number":                     {fixed: []string{"1000"}, text: "1000 of 10000 records", want: "**** of 10000 records"},
		"in other letters":                   {fixed: []string{"Sk_Live_4eC39Hq"}, text: "SK_LIVE_4EC39HQ sk_live_4ec39hq", want: "**** ****"},
		"with blanks around it":              {fixed: []string{" s3cr3t-1\n"}, text: "key=s3cr3t-1", want: "key=****"},
		"a line of a private key":            {fixed: []string{"-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END KEY-----\n"}, text: "-----BEGIN KEY----- MIIEvQIBADANBgkqhkiG -----END KEY-----", want: "-----BEGIN KEY----- **** -----END KEY-----"},
		"a plus that was read as a blank":    {fixed: []string{"a+b/c+d=1"}, text: "no such key: a b/c d=1", want: "no such key: ****"},
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

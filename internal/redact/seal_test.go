package redact

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	key   = "EAAB-very-secret-token"
	newer = "another/key+1"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// named is a redactor of one secret with a name.
func named(secret string) *Redactor {
	r := New(secret)
	r.Name("auth.key", secret)
	return r
}

func TestSeal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, sealed, changed string }{
		"no secret":                  {"https://a/b?after=1", "https://a/b?after=1", "https://a/b?after=1"},
		"in a query":                 {"https://a/b?k=" + key + "&n=1", "https://a/b?k=«secret:auth.key|query»&n=1", "https://a/b?k=another%2Fkey%2B1&n=1"},
		"in a path":                  {"https://a/" + key + "/b", "https://a/«secret:auth.key|path»/b", "https://a/another%2Fkey+1/b"},
		"in a relative address":      {"/b?k=" + key, "/b?k=«secret:auth.key|query»", "/b?k=another%2Fkey%2B1"},
		"in an opaque token":         {"20:" + key, "20:«secret:auth.key»", "20:" + newer},
		"twice":                      {key + " " + key, "«secret:auth.key» «secret:auth.key»", newer + " " + newer},
		"in Base64":                  {"c=" + b64(key), "c=«secret:auth.key|base64»", "c=" + b64(newer)},
		"within Base64":              {b64(`{"k":"` + key + `","after":20}`), `«base64:std:{"k":"«secret:auth.key»","after":20}»`, b64(`{"k":"` + newer + `","after":20}`)},
		"within Base64, another way": {b64(`{"ke":"` + key + `","after":20}`), `«base64:std:{"ke":"«secret:auth.key»","after":20}»`, b64(`{"ke":"` + newer + `","after":20}`)},
		"the signs themselves":       {"«secret:auth.key» " + key + "»", "«lt»secret:auth.key«gt» «secret:auth.key»«gt»", "«secret:auth.key» " + newer + "»"},
		"the signs without a secret": {"«x»", "«lt»x«gt»", "«x»"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := named(key)
			sealed := r.Seal(test.text)
			if sealed != test.sealed {
				t.Errorf("sealed:  %s\nwant     %s", sealed, test.sealed)
			}
			if whole, missing := r.Unseal(sealed, r.Named); whole != test.text || missing != "" {
				t.Errorf("put back: %s, missing %q\nwant      %s", whole, missing, test.text)
			}
			other := named(newer)
			if whole, missing := other.Unseal(sealed, other.Named); whole != test.changed || missing != "" {
				t.Errorf("with another secret: %s, missing %q\nwant                 %s", whole, missing, test.changed)
			}
		})
	}
}

func TestUnseal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, whole, missing string }{
		"never sealed":          {"a «b» «secret» «base64:x:y»", "a «b» «secret» «base64:x:y»", ""},
		"a name that is gone":   {"x«secret:old.key»y", "xy", "old.key"},
		"what cannot be put":    {"x«secret:?»y", "xy", "?"},
		"no such spelling":      {"«secret:auth.key|rot13»", "", "auth.key"},
		"cut off":               {"a«secret:auth.k", "a«secret:auth.k", ""},
		"cut off inside Base64": {"«base64:std:«secret:auth.key»", b64(key), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := named(key)
			if whole, missing := r.Unseal(test.text, r.Named); whole != test.whole || missing != test.missing {
				t.Errorf("got %q, missing %q; want %q, %q", whole, missing, test.whole, test.missing)
			}
		})
	}
}

// TestWhatIsSealedHoldsNoSecret seals secrets in any surroundings, and puts them back.
func TestWhatIsSealedHoldsNoSecret(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[a-c/+%« »=?&]{0,9}`)
		secret := rapid.StringMatching(`[a-c/+%ü ]{4,12}`).Draw(t, "secret")
		r := named(secret)
		text := part.Draw(t, "before")
		for range rapid.IntRange(0, 3).Draw(t, "secrets") {
			s := rapid.SampledFrom([]spelling{plain, inQuery, inPath, lowQuery, inBase64, rawURL64}).Draw(t, "spelling")
			spelled, _ := s.write(secret)
			if rapid.Bool().Draw(t, "within Base64") {
				spelled = b64(part.Draw(t, "x") + spelled + part.Draw(t, "y"))
			}
			text += spelled + part.Draw(t, "behind")
		}
		sealed := r.Seal(text)
		if r.Holds([]byte(sealed)) && !Usual(secret) && !strings.Contains("secret:auth.key|base64:rawstdurlltgt", secret) {
			t.Fatalf("%q is sealed as %q", text, sealed)
		}
		whole, missing := r.Unseal(sealed, r.Named)
		if missing == "" && whole != text {
			t.Fatalf("%q came back as %q from %q", text, whole, sealed)
		}
	})
}

func FuzzUnseal(f *testing.F) {
	f.Add("«base64:std:a«secret:auth.key|query»b»«lt»")
	f.Fuzz(func(t *testing.T, text string) {
		r := named(key)
		r.Unseal(text, r.Named)
		if whole, missing := r.Unseal(r.Seal(text), r.Named); missing == "" && whole != text {
			t.Errorf("%q came back as %q", text, whole)
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	r := New("config-secret")
	r.Name("a|«b»", "config-secret")
	r.Name("too late", "config-secret")
	r.Name("request.header.X", "obtained-1")
	r.Name("request.header.X", "obtained-2")
	r.Name("short", "abc")
	if got, want := r.Seal("config-secret obtained-1 obtained-2 abc"), "«secret:a__b_» «secret:request.header.X» «secret:request.header.X» abc"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if s, ok := r.Named("a__b_"); s != "config-secret" || !ok {
		t.Errorf("got %q", s)
	}
	if s, ok := r.Named("request.header.X"); ok {
		t.Errorf("a token that was obtained is %q", s)
	}
}

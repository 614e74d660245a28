package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// each writes every character of a text in one form.
func each(form string) func(string) string {
	return func(text string) string {
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, form, r)
		}
		return b.String()
	}
}

// eachByte writes every byte of a text in one form.
func eachByte(form string) func(string) string {
	return func(text string) string {
		var b strings.Builder
		for i := range len(text) {
			fmt.Fprintf(&b, form, text[i])
		}
		return b.String()
	}
}

func marshalled(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// ways write a text so that it can be read again.
var ways = map[string]func(string) string{
	"as it is":               func(s string) string { return s },
	"query":                  url.QueryEscape,
	"path":                   url.PathEscape,
	"JSON":                   marshalled,
	"a quoted text":          strconv.Quote,
	"JSON with every slash":  func(s string) string { return strings.ReplaceAll(marshalled(s), "/", `\/`) },
	"HTML":                   html.EscapeString,
	"Base64":                 b64,
	"Base64 without padding": func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
	"Base64 for addresses":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"Base64 shifted by one":  func(s string) string { return b64("x" + s + "yz") },
	"Base64 shifted by two":  func(s string) string { return b64("xy" + s) },
	"hex":                    func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hex in large letters":   func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"percent":                eachByte("%%%02x"),
	"percent, large":         eachByte("%%%02X"),
	"percent, as a script":   each("%%u%04x"),
	`\u`:                     each(`\u%04x`),
	`\u, large`:              each(`\u%04X`),
	`\U`:                     each(`\U%08x`),
	`\x`:                     eachByte(`\x%02x`),
	"entities":               each("&#%d;"),
	"entities in hex":        each("&#x%x;"),
	"entities in large hex":  each("&#X%X;"),
}

// TestEverySpellingIsHidden writes secrets in each way, and in each way twice. Nothing else is
// hidden.
func TestEverySpellingIsHidden(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"s3cr3t", "CANARY-SECRET-77", "a+b/c=d e&f<g>\"h'1", "EAAB/very+secret=token", "geheimnis-größe-1", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "correct horse battery staple"} {
		r := New(secret)
		for first, one := range ways {
			for second, two := range ways {
				spelled := two(one(secret))
				text := "refused: [" + spelled + "] (42)"
				got := r.Text(text)
				if !strings.HasPrefix(got, "refused: [") || !strings.HasSuffix(got, "] (42)") || !strings.Contains(got, Mask) {
					t.Errorf("%s, then %s, of %q: %q is hidden as %q", first, second, secret, text, got)
				}
				if left := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(got, "refused: ["), "] (42)"), Mask, ""); len(left) > 64 || strings.Contains(left, secret[2:]) {
					t.Errorf("%s, then %s, of %q: of %q is left %q", first, second, secret, text, left)
				}
				if !r.Holds([]byte(text)) {
					t.Errorf("%s, then %s, of %q: not held by %q", first, second, secret, text)
				}
			}
		}
	}
}

// TestNoOtherTextIsDamaged hides secrets that occur by chance in texts that do not have them.
func TestNoOtherTextIsDamaged(t *testing.T) {
	t.Parallel()
	texts := []string{
		"streams[0].pagination.limit: expected a whole number from 1 to 1000, found test5",
		`GET https://api.test/v1/items?page=2&per_page=100&order=created%20desc answered 404 Not Found: {"error":"not_found","detail":"unexpected \u0022id\u0022"}`,
		`GET https://api.test/A%2FB?next=https%3A%2F%2Fapi.test%2Fx%3Fa%3D1 answered 500 Internal Server Error: &lt;html&gt; \x41\/ 100% \ & a; 50%2`,
		"cursor eyJwYWdlIjoyLCJsaW1pdCI6MTAwfQ== of 2026-11-30T12:00:00.000000+00:00, request ID 4f1c2a7be3d94c0f9d2a1b3c4d5e6f70",
		"stream reviews: 1000 records, 10 requests; trusted, latest, contestant, expectedly",
	}
	secrets := []string{"tested", "true", "expected1", "est", "page1", "item-key", "created2", "orders", "limits", "htm", "ders", "review", "token", "aaaaaaaaaaaa", "00000000", "1234"}
	r := New(secrets...)
	for _, text := range texts {
		if got := r.Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
		if got, missing := r.Unseal(r.Seal(text), r.Named); got != text || missing != "" {
			t.Errorf("%q was sealed and became %q", text, got)
		}
	}
}

// TestNoSecretIsInSight hides several secrets in a text, which may overlap and hold one another.
func TestNoSecretIsInSight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[a-zA-Z0-9/+=" ]{4,24}`)
		r := New(rapid.SliceOfN(secret, 1, 4).Draw(t, "secrets")...)
		text := ""
		for _, s := range r.fixed {
			text += rapid.StringMatching(`[a-c%\\&;" ]{0,8}`).Draw(t, "before") + s
		}
		hidden := r.Text(text)
		for _, s := range r.fixed {
			if !Usual(s) && strings.Contains(hidden, s) && !strings.Contains(Mask, s) {
				t.Fatalf("%q is in sight in %q, of %q", s, hidden, text)
			}
		}
	})
}

func TestUsual(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"test": true, "expected": true, "client_credentials": true, "application/json": true, "no access": true, "12345": true, "2026-11": true, "v1.2": true, "größe": true,
		"s3cr3t": false, "CANARY-SECRET-77": false, "hunter2": false, "correct horse battery staple": false, "12345678": false, "p@ssword": false, "abcdefghijklmnopqrstuvwxyz": false,
	} {
		if Usual(text) != want {
			t.Errorf("Usual(%q) is %v", text, !want)
		}
	}
}

// FuzzUnescape checks that the places of each level lie in the text, in their order.
func FuzzUnescape(f *testing.F) {
	for _, text := range []string{"%41%2541%u0041", `\u0041\ud83d\ude00\ud83d\U0001f600\x41\n\\u0041`, "&lt;&#65;&#x41;&amp;lt;&notanentity;&#0;&#x110000;", "%", `\`, "&", "&;", "%zz", `\u12`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		(&level{text: text}).walk(func(l *level) bool {
			for i, last := 0, 0; i < len(l.text); i++ {
				from, to := l.from(i), l.to(i)
				if from < last || to <= from || to > len(text) {
					t.Fatalf("byte %d of %q stands at %d to %d of %q, behind %d", i, l.text, from, to, text, last)
				}
				last = from
			}
			return true
		})
		New("s3cr3t-1", "test").Text(text)
	})
}

func BenchmarkText(b *testing.B) {
	r := New("CANARY-SECRET-77", "s3cr3t/client+secret=")
	for i := range recentSecrets {
		r.Add(fmt.Sprintf("token-%03d-0123456789abcdef0123456789abcdef", i))
	}
	for name, text := range map[string]string{
		"address":         "https://api.example.com/v1/organizations/1234567/items?page=17&per_page=100&sort=created_at",
		"escaped address": "https://api.example.com/v1/items?after=2026-11-30T12%3A00%3A00%2B00%3A00&q=a%20b&per_page=100&sort=created_at",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Text(text)
			}
		})
	}
	body := []byte(strings.Repeat(`{"id": 1234567, "name": "A \"name\" of \u00e9", "at": "2026-11-30T12:00:00Z", "url": "https:\/\/a\/b"},`, 10000))
	b.Run("body", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			r.Holds(body)
		}
	})
	b.Run("new token", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			r.Add(fmt.Sprintf("fresh-%09d-0123456789abcdef0123456789abcdef", i))
		}
	})
}

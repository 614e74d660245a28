package redact

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzText writes a secret into a text in one way and then another, where it is hidden. A text
// without it stays as it is.
func FuzzText(f *testing.F) {
	f.Add("CANARY-SECRET-77", "key=", "&a=1", uint8(0), uint8(3))
	f.Add("a+b/c=d e&f<g>\"h'1", `{"k":"`, `"}`, uint8(5), uint8(0))
	f.Add("geheimnis-größe-1", "%25", "…", uint8(9), uint8(9))
	names := slices.Sorted(maps.Keys(ways))
	f.Fuzz(func(t *testing.T, secret, before, behind string, first, second uint8) {
		if len(secret) < longEnoughWithin || len(secret) > 1000 || len(before)+len(behind) > 1000 || Usual(secret) || strings.TrimSpace(secret) != secret || !utf8.ValidString(secret) {
			return
		}
		r := New(secret)
		one, two := names[int(first)%len(names)], names[int(second)%len(names)]
		spelled := ways[two](ways[one](secret))
		text := before + " [" + spelled + "] " + behind
		got := r.Text(text)
		if strings.Contains(got, spelled) && !strings.Contains(Mask, spelled) {
			t.Errorf("%s, then %s, of %q: %q is hidden as %q", one, two, secret, text, got)
		}
		if clean := before + " [] " + behind; !r.Holds([]byte(clean)) && !strings.ContainsAny(clean, "….") && r.Text(clean) != clean {
			t.Errorf("%q became %q, and has no secret", clean, r.Text(clean))
		}
	})
}

package wire

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// recorded is how Python's requests prepares things; testdata/prepare.py made it.
type recorded struct {
	Joins     [][3]string          `json:"joins"`
	Addresses [][2]*string         `json:"addresses"`
	Bodies    [][3]json.RawMessage `json:"bodies"`
}

func loadRecorded(t *testing.T) recorded {
	t.Helper()
	data, err := os.ReadFile("testdata/prepare.json")
	if err != nil {
		t.Fatal(err)
	}
	var r recorded
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestJoinURL(t *testing.T) {
	t.Parallel()
	for _, c := range loadRecorded(t).Joins {
		if got := Join(c[0], c[1]); got != c[2] {
			t.Errorf("JoinURL(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// withoutFragment is an address as it goes over the wire.
func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for _, c := range loadRecorded(t).Addresses {
		got, err := Parse(*c[0])
		switch {
		case c[1] == nil && err == nil:
			t.Errorf("%q: got %q, want an error", *c[0], got.URL)
		case c[1] != nil && err != nil:
			t.Errorf("%q: %v, want %q", *c[0], err, *c[1])
		case c[1] != nil && strings.Replace(withoutFragment(*c[1]), "u:p@", "", 1) != got.URL.String():
			t.Errorf("%q: got %q, want %q", *c[0], got.URL, *c[1])
		}
	}
}

func TestEncodeBody(t *testing.T) {
	t.Parallel()
	for _, c := range loadRecorded(t).Bodies {
		var want, kind *string
		_ = json.Unmarshal(c[1], &want)
		_ = json.Unmarshal(c[2], &kind)
		v, err := value.Decode(c[0])
		if err != nil {
			t.Fatal(err)
		}
		o := &rest.Parts{}
		for name, part := range v.(*value.Dict).All() {
			switch part := part.(type) {
			case string:
				o.Text = part
			case *value.Dict:
				if name == "json" {
					o.JSON = part
				} else {
					o.Form = part
				}
			}
		}
		got, err := EncodeBody(o)
		if err != nil {
			t.Fatal(err)
		}
		if !holds(o.JSON) && !holds(o.Form) && o.Text == "" {
			if got.Data != nil {
				t.Errorf("%s: got a body %q", c[0], got.Data)
			}
			continue
		}
		if string(got.Data) != *want || kind != nil && got.ContentType != *kind {
			t.Errorf("%s: got %q (%s), want %q", c[0], got.Data, got.ContentType, *want)
		}
	}
}

func TestWithoutSame(t *testing.T) {
	t.Parallel()
	params := value.DictOf("page", int64(2), "q", "a b", "x", "1", "none", nil)
	got := withoutSame(params, firstValues("page=2&q=a+b&x=9&x=1&none=None&blank="))
	if text := string(appendForm(nil, got)); text != "x=1" {
		t.Errorf("got %q, want x=1", text)
	}
	if params.Len() != 4 {
		t.Error("the given parameters were changed")
	}
}

func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"http://h/a%zz?x=%", "http://[::1]/", "http://h:99999/", "//x", "http:///a", "http://h/\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Parse(s)
		if err == nil && got.URL.Host == "" {
			t.Errorf("%q: no host and no error", s)
		}
		_ = Resolve("http://h/a/b", s)
	})
}

func TestEncodeUnwritableNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		v  any
		ok bool
	}{
		"NaN":      {math.NaN(), false},
		"Infinity": {math.Inf(-1), false},
		"a text":   {"NaN and Infinity", true},
	} {
		if _, err := EncodeBody(&rest.Parts{JSON: value.DictOf("a", c.v)}); err == nil != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

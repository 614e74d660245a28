package pyre

import (
	"strings"
	"testing"
	"time"
)

func TestSearchFollowsPythonsDialect(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		pattern, text, want string // want "-": no match
	}{
		"plain":                              {"b+", "abbc", "bb"},
		"no match":                           {"x", "abc", "-"},
		"look-ahead":                         {"a(?=b)", "acab", "a"},
		"negative look-ahead":                {`^(?!.*\.test$).*`, "a.test", "-"},
		"look-behind":                        {"(?<=/)[a-z]+", "/users/1", "users"},
		"named group":                        {"(?P<n>[0-9]+)-(?P=n)", "12-12", "12-12"},
		"named groups are numbered in order": {`(?P<a>x)(y)\2`, "xyy", "xyy"},
		"condition on a group":               {"(a)?(?(1)b|c)", "c", "c"},
		"end of the text":                    {`a\Z`, "a\n", "-"},
		"dollar before a last line break":    {"a$", "a\n", "a"},
		"digits of another script":           {`\d+`, "x٣٤", "٣٤"},
		"only ASCII digits":                  {`(?a)\d+`, "٣4", "4"},
		"letters outside ASCII in a word":    {`\w+`, "-héllo-", "héllo"},
		"word boundary":                      {`\bcat\b`, "concat cat", "cat"},
		"possessive quantifier":              {"a++a", "aaa", "-"},
		"brace that is no quantifier":        {"a{,x}", "a{,x}", "a{,x}"},
		"quantifier without a lower bound":   {"^a{,2}$", "aa", "aa"},
		"bracket in a class":                 {"[[]", "a[", "["},
		"comment":                            {"a(?#b)c", "ac", "ac"},
		"ignore case":                        {"(?i)É", "é", "é"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Compile(row.pattern)
			if err != nil {
				t.Fatal(err)
			}
			m, err := p.Search(row.text)
			if err != nil {
				t.Fatal(err)
			}
			got := "-"
			if m != nil {
				got, _ = m.Group(0)
			}
			if got != row.want {
				t.Errorf("%s in %q: got %q, want %q", row.pattern, row.text, got, row.want)
			}
			if found, err := p.Found(row.text); found != (m != nil) || err != nil {
				t.Errorf("Found says %v, error %v", found, err)
			}
		})
	}
}

func TestMatchIsAnchoredAtTheBeginning(t *testing.T) {
	t.Parallel()
	p, err := Compile("[0-9]+(?P<unit>[a-z])?")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"30s left": "30s", "7": "7", "in 30s": "-", "": "-"} {
		m, err := p.Match(text)
		if err != nil {
			t.Fatal(err)
		}
		got := "-"
		if m != nil {
			got, _ = m.Group(0)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestSubFollowsPython(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ pattern, replacement, text, want string }{
		"groups":                   {`(?P<a>\w)(\w)`, `\2\g<a>`, "abcd", "badc"},
		"empty matches":            {"x*", "-", "axb", "-a--b-"},
		"group that did not match": {"(a)|b", `<\1>`, "ab", "<a><>"},
		"escapes":                  {"a", `\n\\`, "a", "\n\\"},
	} {
		p, err := Compile(row.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Sub(row.replacement, row.text, nil); got != row.want || err != nil {
			t.Errorf("%s: got %q, error %v; want %q", name, got, err, row.want)
		}
	}
}

func TestInvalidPatternsAreRefused(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"(", ")", "a**", "*", "[a", `\`, `\q`, "(?P<1>a)", "(?P=x)", `(a)\2`, "a(?i)", "(?P<a>.)(?P<a>.)"} {
		if _, err := Compile(pattern); err == nil {
			t.Errorf("%s compiles", pattern)
		}
	}
}

func TestSearchThatTakesTooLongFails(t *testing.T) {
	t.Parallel()
	p, err := Compile("(a|aa)+$")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if _, err := p.Found(strings.Repeat("a", 60) + "b"); err == nil {
		t.Error("an exponential search did not fail")
	}
	if d := time.Since(start); d > 20*matchTimeout {
		t.Errorf("the search took %v", d)
	}
}

func BenchmarkFound(b *testing.B) {
	p, err := Compile("^/v[0-9]+/users/[^/]+$")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if found, err := p.Found("/v2/users/12345"); !found || err != nil {
			b.Fatal(found, err)
		}
	}
}

func TestErrorsNameThePattern(t *testing.T) {
	t.Parallel()
	_, err := Compile("(a")
	if err == nil || !strings.Contains(err.Error(), "in the pattern '(a'") {
		t.Errorf("a wrong pattern: %v", err)
	}
	if _, err := Compile(strings.Repeat("(", maxPattern+1)); err == nil {
		t.Error("a pattern that is too long compiles")
	}
	p, err := Compile("((a|aa)+)+$")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Search(strings.Repeat("a", 60) + "b"); err == nil || !strings.Contains(err.Error(), "in the pattern") || strings.Contains(err.Error(), "aaaaaa") {
		t.Errorf("an exponential search: %v", err)
	}
}

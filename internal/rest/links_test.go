package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"anytap/internal/rest"
)

func TestLinks(t *testing.T) {
	tests := map[string]struct {
		lines []string
		want  string
	}{
		"none":                         {nil, ``},
		"quoted":                       {[]string{`<https://a/x?p=2>; rel="next"`}, `https://a/x?p=2 [next]`},
		"unquoted":                     {[]string{`<a>;rel=next`}, `a [next]`},
		"in single quotes":             {[]string{`<a>; rel='next'`}, `a [next]`},
		"upper case":                   {[]string{`<a>; REL="Next"`}, `a [next]`},
		"several relations":            {[]string{`<a>; rel="next last"`}, `a [next last]`},
		"parameters before":            {[]string{`<a>; title="page=2"; type="text/html"; rel="next"`}, `a [next]`},
		"blanks everywhere":            {[]string{` < a > ;  rel = "next" `}, `a [next]`},
		"no blanks":                    {[]string{`<a>;rel="prev",<b>;rel="next"`}, `a [prev], b [next]`},
		"two lines":                    {[]string{`<a>; rel="prev"`, `<b>; rel="next"`}, `a [prev], b [next]`},
		"comma in quotes":              {[]string{`<a>; title="one, <two>; rel=last"; rel="next"`}, `a [next]`},
		"escaped quote":                {[]string{`<a>; title="a\", <b>"; rel=next`}, `a [next]`},
		"comma in the address":         {[]string{`<a?f=1,2>; rel="next", <b>; rel="last"`}, `a?f=1,2 [next], b [last]`},
		"semicolon in the address":     {[]string{`<a;v=1?o=2>; rel="next"`}, `a;v=1?o=2 [next]`},
		"the first rel counts":         {[]string{`<a>; rel=next; rel=prev`}, `a [next]`},
		"parameter without a value":    {[]string{`<a>; crossorigin; rel=next`}, `a [next]`},
		"no relation":                  {[]string{`<a>`}, `a []`},
		"an address that never ends":   {[]string{`<a; rel=next`}, ` []`},
		"a quote that never ends":      {[]string{`<a>; rel="next`}, `a [next]`},
		"no address":                   {[]string{`rel=next`}, ``},
		"rubbish before a parameter":   {[]string{`<a> x; rel=next`}, `a [next]`},
		"an empty rel, then another":   {[]string{`<a>; rel=""; title=x, <b>; rel=next`}, `a [], b [next]`},
		"other parameters named alike": {[]string{`<a>; relation=next; hrel=next`}, `a []`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, l := range rest.Links(http.Header{"Link": test.lines}) {
				got = append(got, fmt.Sprint(l.URL, " ", l.Rel))
			}
			if text := strings.Join(got, ", "); text != test.want {
				t.Errorf("links are %s, expected %s", text, test.want)
			}
		})
	}
}

func TestNextLink(t *testing.T) {
	tests := map[string]string{
		"":                               "",
		`<a>; rel="last"`:                "",
		`<a>; rel="last", <b>; rel=next`: "b",
		`<>; rel="next"`:                 "",
	}
	for header, want := range tests {
		if got := rest.NextLink(http.Header{"Link": {header}}); got != want {
			t.Errorf("the next link of %q is %q, expected %q", header, got, want)
		}
	}
}

func FuzzLinks(f *testing.F) {
	f.Add(`<https://a/x?p=1,2>; rel="next", <b>; title="a\",;"; rel=last`)
	f.Add(`<a>;;;,,<;=,"'`)
	f.Fuzz(func(t *testing.T, header string) {
		links := rest.Links(http.Header{"Link": {header}})
		if most := strings.Count(header, "<"); len(links) > most {
			t.Errorf("%d links in %q", len(links), header)
		}
		for _, l := range links {
			if strings.ContainsAny(l.URL, ">") {
				t.Errorf("the address %q holds what ends it", l.URL)
			}
		}
	})
}

package paginator

import (
	"fmt"
	"net/http"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/value"
)

func TestLinks(t *testing.T) {
	tests := map[string]string{
		"":                                  `{}`,
		`<https://a/x?p=1,2>; rel="next"`:   `{"next":{"url":"https://a/x?p=1,2","rel":"next"}}`,
		`<a>; rel=next, <b>; rel='last'`:    `{"next":{"url":"a","rel":"next"},"last":{"url":"b","rel":"last"}}`,
		`<a>`:                               `{"a":{"url":"a"}}`,
		`a; rel=next; broken; title=x`:      `{"next":{"url":"a","rel":"next"}}`,
		`<a>; title="x=y"; rel=next,   <b>`: `{"a":{"url":"a"},"b":{"url":"b"}}`,
		`<a>; rel=""`:                       `{"a":{"url":"a","rel":""}}`,
		`<a>; REL="next"`:                   `{"a":{"url":"a","REL":"next"}}`,
	}
	for header, want := range tests {
		if got := string(value.Append(nil, links(header))); got != want {
			t.Errorf("%s gives %s, expected %s", header, got, want)
		}
	}
}

func TestRelations(t *testing.T) {
	tests := map[string]string{
		``:                               `{}`,
		`<a>; title="x=y"; rel="next"`:   `{"next":{"url":"a","rel":"next"}}`,
		`<a>; rel="Next last"`:           `{"next":{"url":"a","rel":"next"},"last":{"url":"a","rel":"last"}}`,
		`<a>; rel=next, <b>; rel="next"`: `{"next":{"url":"a","rel":"next"}}`,
	}
	for header, want := range tests {
		if got := string(value.Append(nil, relations(rest.Links(http.Header{"Link": {header}})))); got != want {
			t.Errorf("%s gives %s, expected %s", header, got, want)
		}
	}
}

func FuzzLinks(f *testing.F) {
	f.Add(`<https://a/x?p=1,2>; rel="next", <b>`)
	f.Add(`a;b=c;,<,<`)
	f.Fuzz(func(t *testing.T, header string) {
		for name, link := range links(header).All() {
			if _, ok := link.(*value.Dict); !ok {
				t.Errorf("%s is %s", name, fmt.Sprint(link))
			}
		}
	})
}

package ways

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/value"
	"anytap/state"
)

// TestSettings writes ways as a configuration states them, and reads what is kept of them again.
func TestSettings(t *testing.T) {
	tests := map[string]struct {
		way   Way
		shown string
	}{
		"pages":               {Way{Type: Page, Param: []string{"page"}, First: 1}, `{"type":"page","param":"page"}`},
		"pages from 0":        {Way{Type: Page, Param: []string{"page[number]"}}, `{"type":"page","param":"page[number]","first_page":0}`},
		"offsets":             {Way{Type: Offset, Param: []string{"$skip"}, Size: 50}, `{"type":"offset","param":"$skip"}`},
		"offsets from 1":      {Way{Type: Offset, Param: []string{"startIndex"}, First: 1}, `{"type":"offset","param":"startIndex","first_offset":1}`},
		"a token":             {Way{Type: Cursor, Param: []string{"cursor"}, Path: []string{"meta", "next"}}, `{"type":"cursor","param":"cursor","cursor_path":"meta.next"}`},
		"a token in a header": {Way{Type: Cursor, Param: []string{"after"}, Header: "X-Next"}, `{"type":"cursor","param":"after","cursor_header":"X-Next"}`},
		"a token in the body": {Way{Type: Cursor, Param: []string{"variables", "after"}, In: "body", Path: []string{"p", "endCursor"}, More: []string{"p", "hasNextPage"}},
			`{"type":"cursor","param":"variables.after","in":"body","cursor_path":"p.endCursor","has_more_path":"p.hasNextPage"}`},
		"the last record":    {Way{Type: Cursor, Param: []string{"starting_after"}, Field: []string{"id"}}, `{"type":"cursor","param":"starting_after","cursor_field":"id"}`},
		"several parameters": {Way{Type: Cursor, Params: []Param{{"a", []string{"continue", "a"}}}}, `{"type":"cursor","params":{"a":"continue.a"}}`},
		"an address":         {Way{Type: NextURL, Path: []string{"links", "next"}}, `{"type":"next_url","cursor_path":"links.next"}`},
		"a name with a dot":  {Way{Type: NextURL, Path: []string{"@odata.nextLink"}, QueryOnly: true}, `{"type":"next_url","cursor_path":["@odata.nextLink"],"next_base":"query"}`},
		"the Link header":    {Way{Type: Link}, `{"type":"link_header"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if shown := string(value.Append(nil, test.way.Settings())); shown != test.shown {
				t.Errorf("settings are %s, expected %s", shown, test.shown)
			}
			kept, err := value.DecodeString(string(value.Append(nil, test.way.Kept())))
			if err != nil {
				t.Fatal(err)
			}
			back, err := Parse(kept.(*value.Dict))
			if err != nil || !reflect.DeepEqual(*back, test.way) {
				t.Errorf("%s is read as %+v, error %v, expected %+v", value.Append(nil, kept), back, err, test.way)
			}
		})
	}
}

func TestParseRefusesWhatLeadsNowhere(t *testing.T) {
	for _, text := range []string{`{}`, `{"type": "pages"}`, `{"type": "page"}`, `{"type": "cursor", "param": "c"}`, `{"type": "next_url"}`, `{"type": "cursor", "params": 5}`, `{"type": "cursor", "params": {}}`} {
		v, err := value.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if w, err := Parse(v.(*value.Dict)); err == nil {
			t.Errorf("%s is read as %+v", text, w)
		}
	}
}

func TestParamsForToken(t *testing.T) {
	tests := map[string]struct {
		header bool
		first  string // the names that are tried first
	}{
		"next_cursor":       {false, "cursor next_cursor start_cursor"},
		"nextCursor":        {false, "cursor after nextCursor"},
		"nextPageToken":     {false, "pageToken"},
		"next_page_token":   {false, "page_token"},
		"endCursor":         {false, "after cursor"},
		"x":                 {false, "x cursor"},
		"":                  {false, "cursor"},
		"X-Next-Page":       {true, "page next_page"},
		"X-Ms-Continuation": {true, "continuation"},
		"X-Odd-Thing":       {true, "odd_thing cursor"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := paramsForToken(name, test.header)
			if text := strings.Join(got, " "); !strings.HasPrefix(text, test.first) {
				t.Errorf("%s, expected %s first", text, test.first)
			}
			if len(got) > mostNames || len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
				t.Errorf("too many, or twice: %q", got)
			}
		})
	}
}

// fakePaginator gives the same token for ever.
type fakePaginator struct{ rest.Paginator }

func (fakePaginator) Next(*rest.Response, int, *value.Dict, *rest.PageRequest) (any, error) {
	return "x", nil
}

func (fakePaginator) Kind() state.Kind { return state.Opaque }

func sampleOf(body string, n int) *rest.Sample {
	r := rest.NewResponse(200, nil, "https://api.test/items", []byte(body))
	v, _ := rest.ParseJSON([]byte(body))
	r.Value = func() (any, error) { return v, nil }
	s := &rest.Sample{Response: r, Names: map[string]int{"id": n}}
	for i := range n {
		s.Keys = append(s.Keys, uint64(i+1))
	}
	return s
}

// TestSearchEnds wants a search to end whatever the API answers, and trials to be few.
func TestSearchEnds(t *testing.T) {
	f := &Finder{Stream: "s", Make: func(*Way) rest.Paginator { return fakePaginator{} }}
	broken := errors.New("broken")
	for name, answer := range map[string]func() (*rest.Sample, error, error){
		"the same":  func() (*rest.Sample, error, error) { return sampleOf(`{}`, 20), nil, nil },
		"nothing":   func() (*rest.Sample, error, error) { return sampleOf(`{}`, 0), nil, nil },
		"a refusal": func() (*rest.Sample, error, error) { return nil, broken, nil },
		"an error":  func() (*rest.Sample, error, error) { return nil, nil, broken },
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			search := f.Look(sampleOf(`{"total": 50, "meta": {"next_cursor": "abc", "after": "x"}, "offset": 0, "page": 1}`, 20))
			way, err := search(context.Background(), func(rest.Paginator, any, bool) (*rest.Sample, error, error) {
				asked++
				return answer()
			})
			if way != nil || err == nil || asked > mostTrials {
				t.Errorf("after %d requests: %v, error %v", asked, way, err)
			}
			if name == "an error" && !errors.Is(err, broken) {
				t.Errorf("error %v, expected %v", err, broken)
			}
		})
	}
}

// FuzzLook looks at any body.
func FuzzLook(f *testing.F) {
	for _, body := range []string{`{"next": "https://api.test/?page=2"}`, `{"links": [{"rel": "next", "href": "x"}]}`, `{"continue": {"a": 1}}`, `{"": {"next": ""}}`, `[1]`, `{"page": 0, "size": 1, "offset": 0}`} {
		f.Add(body, 20)
	}
	finder := &Finder{Stream: "s", Make: func(*Way) rest.Paginator { return fakePaginator{} }}
	f.Fuzz(func(t *testing.T, body string, n int) {
		first := sampleOf(body, max(0, n)%200)
		answers := 0
		way, err := finder.Look(first)(context.Background(), func(rest.Paginator, any, bool) (*rest.Sample, error, error) {
			if answers++; answers%2 == 0 {
				return nil, errors.New("refused"), nil
			}
			return sampleOf(body, answers), nil, nil
		})
		if way != nil && err != nil {
			t.Errorf("%v and %v", way, err)
		}
		if way == nil {
			return
		}
		if _, err := finder.Known(way.Settings); err != nil {
			t.Errorf("%s is not known again: %v", fmt.Sprint(string(value.Append(nil, way.Settings))), err)
		}
	})
}

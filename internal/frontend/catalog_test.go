package frontend

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func readName(entry *value.Dict) (c Configured, selected bool, err error) {
	c.Name = value.Member[string](entry, "name")
	if c.Name == "" {
		return c, false, fmt.Errorf(".name is missing")
	}
	return c, value.Member[bool](entry, "selected"), nil
}

func TestReadCatalogTakesTheSelectedStreams(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		want  []string
		error string
	}{
		"selected streams in their order": {text: `{"streams":[{"name":"b","selected":true},{"name":"c"},{"name":"a","selected":true}],"more":1}`, want: []string{"b", "a"}},
		"no streams":                      {text: `{"streams":[]}`},
		"no object":                       {text: `[]`, error: "c.json: holds a list, expected an object with streams"},
		"streams is missing":              {text: `{}`, error: "c.json: streams is missing, expected a list"},
		"a stream is no object":           {text: `{"streams":[7]}`, error: "c.json: streams[0] is the number 7, expected an object"},
		"a stream is wrong":               {text: `{"streams":[{"name":"a"},{}]}`, error: "c.json: streams[1].name is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := value.Decode([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			all, _, err := readCatalog("c.json", v, readName)
			var got []string
			for _, c := range all {
				got = append(got, c.Name)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("streams %q, want %q", got, test.want)
			}
			if err != nil != (test.error != "") || err != nil && (err.Error() != test.error || tap.KindOf(err) != tap.Config) {
				t.Errorf("error %v, want %q of kind %s", err, test.error, tap.Config)
			}
		})
	}
}

func TestWantedJoinsTheCatalogAndTheStreams(t *testing.T) {
	streams := []*tap.Stream{{Name: "users"}, {Name: "events", CursorField: []string{"at"}}}
	for name, test := range map[string]struct {
		run     Run
		want    []string
		missing []string
	}{
		"every stream without a catalog":      {Run{}, []string{"users full", "events incremental"}, nil},
		"those that are named, without one":   {Run{Choice: Choice{Streams: []string{"events"}}}, []string{"events incremental"}, nil},
		"what the catalog says, in its order": {Run{CatalogFile: "c.json", catalog: []Configured{{Name: "events", FullRefresh: true}, {Name: "ghost"}, {Name: "users"}}}, []string{"events full", "users incremental"}, []string{"ghost"}},
		"nothing of an empty catalog":         {Run{CatalogFile: "c.json"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			wanted, missing, err := test.run.Wanted(streams)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range wanted {
				mode := "incremental"
				if w.FullRefresh {
					mode = "full"
				}
				got = append(got, w.Stream.Name+" "+mode)
			}
			if !slices.Equal(got, test.want) || !slices.Equal(missing, test.missing) {
				t.Errorf("wanted %q, missing %q; want %q and %q", got, missing, test.want, test.missing)
			}
		})
	}
}

func TestCatalogSelectsSomething(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		catalog     string
		said, error string
	}{
		"all selected":  {catalog: `{"streams":[{"name":"a","selected":true}]}`},
		"some selected": {catalog: `{"streams":[{"name":"a","selected":true},{"name":"b"},{"name":"c"}]}`, said: "streams that are not selected streams=b, c"},
		"none selected": {catalog: `{"streams":[{"name":"a"},{"name":"b"}]}`, error: "selects none of its streams (a, b), expected"},
		"no streams":    {catalog: `{"streams":[]}`, error: "streams is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			var said string
			print := func(_ slog.Level, text string) error { said += text; return nil }
			r := Run{CatalogFile: golden.TempFile(t, "catalog.json", test.catalog), Log: slog.New(LogHandler{Print: print})}
			if err := r.LoadCatalog(readName); err != nil {
				t.Fatal(err)
			}
			err := r.SelectsSomething()
			if said != test.said {
				t.Errorf("it said %q, want %q", said, test.said)
			}
			if (err == nil) != (test.error == "") || err != nil && !strings.Contains(err.Error(), test.error) {
				t.Errorf("error %v, want one with %q", err, test.error)
			}
		})
	}
}

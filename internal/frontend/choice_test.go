package frontend

import (
	"slices"
	"strings"
	"testing"

	"anytap/internal/tap"
)

func TestChoiceOfStreams(t *testing.T) {
	t.Parallel()
	streams := []*tap.Stream{{Name: "orders"}, {Name: "order_items"}, {Name: "crm/users"}, {Name: "odd[1]"}}
	catalog := []Configured{{Name: "orders"}, {Name: "ghost"}}
	for name, test := range map[string]struct {
		choice  Choice
		catalog []Configured
		want    string
		error   string
	}{
		"all":                           {want: "orders order_items crm/users odd[1]"},
		"a name":                        {choice: Choice{Streams: []string{"orders"}}, want: "orders"},
		"a pattern":                     {choice: Choice{Streams: []string{"order*"}}, want: "orders order_items"},
		"a star stands for a slash too": {choice: Choice{Streams: []string{"c*s"}}, want: "crm/users"},
		"a name that looks like one":    {choice: Choice{Streams: []string{"odd[1]"}}, want: "odd[1]"},
		"some without others":           {choice: Choice{Streams: []string{"o*"}, Exclude: []string{"*_items"}}, want: "orders odd[1]"},
		"all without some":              {choice: Choice{Exclude: []string{"o*"}}, want: "crm/users"},
		"of a catalog":                  {choice: Choice{Streams: []string{"o*"}}, catalog: catalog, want: "orders"},
		"what the source lacks":         {choice: Choice{Streams: []string{"ghost"}}, catalog: catalog, want: "-ghost"},
		"misspelt":                      {choice: Choice{Streams: []string{"ordrs"}}, error: `no stream is named "ordrs"; did you mean orders?`},
		"unlike any":                    {choice: Choice{Exclude: []string{"zz*"}}, error: `no stream is named "zz*", expected one or more of orders, order_items, crm/users, odd[1]`},
		"not in the catalog":            {choice: Choice{Streams: []string{"order_items"}}, catalog: catalog, error: "expected one or more of ghost, orders"},
		"nothing left":                  {choice: Choice{Exclude: []string{"*"}}, error: "--exclude leaves no stream to read"},
		"no pattern":                    {choice: Choice{Streams: []string{"a["}}, error: `--streams: "a[" is no pattern: a [ has no ]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Run{Choice: test.choice, catalog: test.catalog}
			if test.catalog != nil {
				r.CatalogFile = "catalog.json"
			}
			wanted, missing, err := r.Wanted(slices.Clone(streams))
			if (err == nil) != (test.error == "") || err != nil && !strings.Contains(err.Error(), test.error) {
				t.Fatalf("error %v, want one with %q", err, test.error)
			}
			var got []string
			for _, w := range wanted {
				got = append(got, w.Name)
			}
			for _, name := range missing {
				got = append(got, "-"+name)
			}
			if text := strings.Join(got, " "); err == nil && text != test.want {
				t.Errorf("read %q, want %q", text, test.want)
			}
		})
	}
}

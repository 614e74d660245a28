package restsource_test

import (
	"fmt"
	"strings"
	"testing"

	"anytap/internal/tap"
)

// TestKeysThatRecordsLack reads pages of records whose primary key is named wrong, or is missing.
func TestKeysThatRecordsLack(t *testing.T) {
	first := func(pages ...string) func(apiPage) string {
		return func(p apiPage) string { return fmt.Sprintf(`{"data": %s}`, pages[p.page-1]) }
	}
	for name, test := range map[string]struct {
		key, paging, want, err string
		answer                 func(apiPage) string
	}{
		"as it should be":  {key: `"id"`, answer: answering(`{"data": [{"id": 1}, {"id": 2}]}`), want: "1 2"},
		"another name":     {key: `["uuid"]`, answer: answering(`{"data": [{"id": 1, "name": "a"}]}`), err: "stream items: a record has no uuid, which primary_key names; it has id, name"},
		"one record":       {key: `"id"`, answer: answering(`{"data": [{"id": 1}, {"name": "a"}]}`), err: "a record has no id, which primary_key names; it has name"},
		"null":             {key: `"id"`, answer: answering(`{"data": [{"id": null}]}`), err: "a record has null as id"},
		"of two":           {key: `["id", "part"]`, answer: answering(`{"data": [{"id": 1}]}`), err: "a record has no part"},
		"nested":           {key: `"node.id"`, answer: answering(`{"data": [{"node": {"id": 1}, "id": 7}]}`), want: "7"},
		"nested, a list":   {key: `[["node", "id"], "id"]`, answer: answering(`{"data": [{"node": {"id": 1}, "id": 7}]}`), want: "7"},
		"nested nowhere":   {key: `"node.uuid"`, answer: answering(`{"data": [{"node": {"id": 1, "b": 2}}]}`), err: "a record has no node.uuid, which primary_key names; its node has id, b"},
		"below no object":  {key: `"id.x"`, answer: answering(`{"data": [{"id": 1}]}`), err: "a record has no id.x, which primary_key names; what stands at id is no object"},
		"a name with dots": {key: `"@odata.id"`, answer: answering(`{"data": [{"@odata.id": "x", "id": 3}]}`), want: "3"},
		"another one":      {key: `"account.id"`, answer: answering(`{"data": [{"account.id": "x", "id": 3}]}`), want: "3"},
		"the last record of a later page": {key: `"id"`, paging: `, "pagination": {"type": "page"}`, want: "1",
			answer: first(`[{"id": 1}]`, `[{"id": 2}, {"name": "a"}]`, `[]`), err: "a record has no id"},
	} {
		t.Run(name, func(t *testing.T) {
			config := strings.Replace(configOf(`"schema": {"type": "object"}`+test.paging, ""), `"primary_key": ["id"]`, `"primary_key": `+test.key, 1)
			s, err := open(t, api{first: 1, answer: test.answer}.transport(), config)
			if err != nil {
				t.Fatal(err)
			}
			ids, _, err := s.read(t, nil)
			if got := strings.Join(ids, " "); got != test.want {
				t.Errorf("records are %s, want %s", got, test.want)
			}
			switch {
			case test.err == "" && err != nil:
				t.Error(err)
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err) || tap.KindOf(err) != tap.Config):
				t.Errorf("error is %v, want %q", err, test.err)
			}
		})
	}
}

// TestFirstPage wants no request behind the first page, and all that is wrong with that page.
func TestFirstPage(t *testing.T) {
	for name, test := range map[string]struct{ stream, err string }{
		"a page":            {`"pagination": {"type": "page", "size_param": "limit", "page_size": 2}`, ""},
		"offsets":           {`"pagination": {"type": "offset", "size_param": "limit", "page_size": 2}`, ""},
		"a cursor":          {`"pagination": {"type": "cursor", "cursor_path": "meta.next", "size_param": "limit", "page_size": 2}`, ""},
		"addresses":         {`"pagination": {"type": "next_url", "cursor_path": "meta.url", "size_param": "limit", "page_size": 2}`, ""},
		"a replication key": {`"pagination": {"type": "none"}, "replication_key": "nowhere"`, "replication_key is nowhere, but no record has it"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := open(t, api{records: 50, size: 2, first: 1}.transport(), configOf(test.stream, ""))
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			slices, err := tap.FirstPage(t.Context(), s.streams[0], func(records []tap.Record) error {
				n += len(records)
				return nil
			})
			if n != 2 || slices != 1 || len(s.transport.Log()) != 1 {
				t.Errorf("%d records of %d slices after %s, want 2 of one after one request", n, slices, s.requests())
			}
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error is %v, want %q", err, test.err)
			}
		})
	}
}

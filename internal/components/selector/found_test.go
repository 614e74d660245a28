package selector

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/rest"
	"anytap/internal/value"
)

func TestFound(t *testing.T) {
	const at, whole = `{type: DpathExtractor, field_path: [a, b]}`, `{type: DpathExtractor, field_path: []}`
	const looked, lists = `{type: FirstListExtractor}`, `{type: FirstListExtractor, lists_only: true}`
	const expanded = `{type: DpathExtractor, field_path: [a], record_expander: {type: RecordExpander, expand_records_from_field: [x]}}`
	const wild = `{type: DpathExtractor, field_path: [a, "*"]}`
	tests := []struct {
		extractor, body string
		want            rest.FoundKind
		path            string
	}{
		{at, `{"a": {"b": [{}]}}`, rest.ListThere, "a.b"},
		{at, `{"a": {"b": []}}`, rest.ListThere, "a.b"},
		{at, `{"a": {"b": null}}`, rest.NullThere, "a.b"},
		{at, `{"a": {"b": false}}`, rest.NullThere, "a.b"},
		{at, `{"a": {"b": {"id": 1}}}`, rest.OneThere, "a.b"},
		{at, `{"a": {}}`, rest.NoRecords, "a.b"},
		{at, `{"a": null}`, rest.NoRecords, "a.b"},
		{at, `{}`, rest.NoRecords, "a.b"},
		{at, ``, rest.NoRecords, "a.b"},
		{at, `null`, rest.NoRecords, "a.b"},
		{at, `<html>`, rest.NoRecords, "a.b"},
		{at, `[]`, rest.ListThere, "a.b"},
		{at, `[{"c": 1}]`, rest.NoRecords, "a.b"},
		{at, `[{"a": {"b": [{}]}}]`, rest.ListThere, "a.b"},
		{whole, `[]`, rest.ListThere, ""},
		{whole, `[{"id": 1}]`, rest.ListThere, ""},
		{whole, `{"id": 1}`, rest.WholeThere, ""},
		{whole, `{}`, rest.NoRecords, ""},
		{whole, `null`, rest.NoRecords, ""},
		{whole, ``, rest.NoRecords, ""},
		{looked, `[]`, rest.ListThere, ""},
		{looked, `{"data": []}`, rest.ListThere, "data"},
		{looked, `{"items": [{}], "data": null}`, rest.ListThere, "items"},
		{looked, `{"id": 1}`, rest.WholeThere, ""},
		{looked, `{}`, rest.NoRecords, ""},
		{looked, ``, rest.NoRecords, ""},
		{looked, `null`, rest.NoRecords, ""},
		{lists, `{"id": 1}`, rest.NoRecords, ""},
		{lists, `{"data": null}`, rest.NullThere, "data"},
		{expanded, `{"a": [{"x": [{}]}]}`, rest.ListThere, "a"},
		{expanded, `{"b": 1}`, rest.NoRecords, "a"},
		{wild, `{"b": 1}`, rest.NotSaid, ""},
	}
	for _, test := range tests {
		for _, held := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/%s/held %t", test.extractor, test.body, held), func(t *testing.T) {
				w := world{scope: contract.Scope{Looks: [][]string{}}}
				s := w.build(t, "type: RecordSelector\nextractor: "+test.extractor)
				r := rest.NewResponse(200, nil, "", []byte(test.body))
				if !held {
					r = &rest.Response{Status: 200, Body: io.NopCloser(strings.NewReader(test.body)), Extracted: -1}
				}
				streamed := !held && (test.extractor == at || test.extractor == whole)
				if got := w.selected(s, r); strings.Contains(got, "error") && !streamed {
					t.Fatal(got)
				}
				if streamed && (test.body == "" || test.body == "<html>") {
					return // what breaks off while it is read is an error
				}
				if r.Found.Kind != test.want || strings.Join(r.Found.Path, ".") != test.path {
					t.Errorf("found %+v, expected %d at %q", r.Found, test.want, test.path)
				}
			})
		}
	}
}

// TestReadingsOfAPath reads answers by a path whose dots may belong to names, in each way that
// there is to read one, and twice: the second answer is read by what the first one showed.
func TestReadingsOfAPath(t *testing.T) {
	path, err := value.PathOf("a.b.c")
	if err != nil {
		t.Fatal(err)
	}
	const cut, general = `{type: DpathExtractor, field_path: [a, b, c]}`, `{type: DpathExtractor, field_path: [a, b, c], record_expander: {type: RecordExpander, expand_records_from_field: [x], on_no_records: emit_parent}}`
	for body, at := range map[string]string{
		`{"a": {"b": {"c": [{"id": 1}]}}}`:                "a b c",
		`{"a.b.c": [{"id": 1}]}`:                          "a.b.c",
		`{"a.b": {"c": [{"id": 1}]}, "a": {}}`:            "a.b c",
		`{"a": {"b": 0, "b.c": [{"id": 1}]}}`:             "a b.c",
		`{"n": 1, "a": {"b": {}}}`:                        "a b c",
		`{"a.b.c": [{"id": 1}], "a": {"b": {"c": [{}]}}}`: "a.b.c",
	} {
		for _, extractor := range []string{cut, general} {
			for _, held := range []bool{true, false} {
				w := world{scope: contract.Scope{Looks: [][]string{}, Rows: contract.Rows{Path: path}}}
				s := w.build(t, "type: RecordSelector\nextractor: "+extractor)
				for range 2 {
					r := rest.NewResponse(200, nil, "", []byte(body))
					if !held {
						r = unheld(body)
					}
					want := ""
					if strings.Contains(body, "id") {
						want = `{"id":1}`
					}
					got := strings.ReplaceAll(w.selected(s, r), " ", "")
					if got != want || strings.Join(r.Found.Path, " ") != at {
						t.Errorf("%s of %s, held %t: %s at %q, want %s at %q", extractor, body, held, got, r.Found.Path, want, at)
					}
				}
			}
		}
	}
}

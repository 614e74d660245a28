package selector

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/rest"
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

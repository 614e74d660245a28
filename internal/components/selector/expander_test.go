package selector

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// wholeLists is a retriever that gives two elements for each record, none, or an error.
type wholeLists struct{ fails, none bool }

func (wholeLists) WrapCursor(c tap.Cursor) tap.Cursor { return c }
func (wholeLists) Resumable() bool                    { return true }
func (wholeLists) Router() tap.PartitionRouter        { return nil }
func (w wholeLists) Open(tap.Cursor) tap.Retriever    { return w }

func (w wholeLists) Pages(_ context.Context, s *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		parent, _ := s.Partition.Get("parent_record")
		id, _ := parent.(*value.Dict).Get("id")
		if w.fails {
			yield(tap.Page{}, errors.New("refused"))
			return
		}
		if !w.none {
			yield(tap.Page{Records: []tap.Record{{Data: value.DictOf("of", id, "n", 1)}, {Data: value.DictOf("of", id, "n", 2)}}}, nil)
		}
	}
}

func TestRecordExpander(t *testing.T) {
	const fetches = ", truncation_indicator_path: [more], truncated_list_retriever: {type: SimpleRetriever, requester: {type: HttpRequester}, record_selector: {type: RecordSelector}}"
	for name, c := range map[string]struct {
		options, body, want string
		lists               wholeLists
	}{
		"elements":        {"expand_records_from_field: [l]", `{"id":1,"l":[{"a":1},{"a":2}]}`, `{"a":1} {"a":2}`, wholeLists{}},
		"scalars":         {"expand_records_from_field: [l]", `{"id":1,"l":[1]}`, `error`, wholeLists{}},
		"no path":         {"expand_records_from_field: []", `{"id":1}`, `{"id":1}`, wholeLists{}},
		"nothing":         {"expand_records_from_field: [l]", `{"id":1}`, ``, wholeLists{}},
		"parent instead":  {"expand_records_from_field: [l], on_no_records: emit_parent", `{"id":1,"l":[]}`, `{"id":1,"l":[]}`, wholeLists{}},
		"wildcard":        {"expand_records_from_field: [l, '*', x]", `{"id":1,"l":[{"x":[{"a":1}]},{"x":[{"a":2}]},{"x":5}]}`, `{"a":1} {"a":2}`, wholeLists{}},
		"original":        {"expand_records_from_field: [l], remain_original_record: true", `{"id":1,"l":[{"a":1},5]}`, `{"a":1,"original_record":{"id":1,"l":[{"a":1},5]}} {"value":5,"original_record":{"id":1,"l":[{"a":1},5]}}`, wholeLists{}},
		"merge":           {"expand_records_from_field: [o, l], merge_parent: true", `{"id":1,"a":0,"o":{"l":[{"a":1}],"k":2}}`, `{"id":1,"a":1,"o":{"k":2}}`, wholeLists{}},
		"fields":          {"expand_records_from_field: [l], parent_fields: [{type: ParentFieldPath, parent_path: [o, '-1'], record_path: [p, q]}, {type: ParentFieldPath, parent_path: [missing], record_path: [z]}]", `{"id":1,"o":[7,8],"l":[{"a":1}]}`, `{"a":1,"p":{"q":8},"z":null}`, wholeLists{}},
		"field in scalar": {"expand_records_from_field: [l], parent_fields: [{type: ParentFieldPath, parent_path: [id], record_path: [a, b]}]", `{"id":1,"l":[{"a":1}]}`, `error`, wholeLists{}},
		"cut, no way":     {"expand_records_from_field: [l], truncation_indicator_path: [more]", `{"id":1,"more":true,"l":[{"a":1}]}`, `{"a":1}`, wholeLists{}},
		"cut, fetched":    {"expand_records_from_field: [l]" + fetches, `{"id":1,"more":true,"l":[{"a":1}]}`, `{"of":1,"n":1} {"of":1,"n":2}`, wholeLists{}},
		"whole":           {"expand_records_from_field: [l]" + fetches, `{"id":1,"more":false,"l":[{"a":1}]}`, `{"a":1}`, wholeLists{}},
		"fetched none":    {"expand_records_from_field: [l]" + fetches, `{"id":1,"more":true,"l":[{"a":1}]}`, `{"a":1}`, wholeLists{none: true}},
		"fetch fails":     {"expand_records_from_field: [l]" + fetches, `{"id":1,"more":true,"l":[{"a":1}]}`, `error`, wholeLists{fails: true}},
		"fetched, merged": {"expand_records_from_field: [l], merge_parent: true" + fetches, `{"id":1,"more":1,"l":[{"a":1}]}`, `{"id":1,"more":1,"of":1,"n":1} {"id":1,"more":1,"of":1,"n":2}`, wholeLists{}},
	} {
		cc := compiler(value.NewDict(0))
		cc.Table["SimpleRetriever"] = manifest.Entry{Build: manifest.As(func(*manifest.Compiler, *manifest.Node) (tap.RetrieverFactory, error) { return c.lists, nil })}
		text := "{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [], record_expander: {type: RecordExpander, " + c.options + "}}}"
		s, err := manifest.Build[rest.Selector](cc, parse(t, text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := (world{}).selected(s, held(c.body)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestElementsOfARecordShareNothing checks that a change of one element reaches neither its
// siblings nor the parent.
func TestElementsOfARecordShareNothing(t *testing.T) {
	w := world{}
	s := w.build(t, "{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [], record_expander: {type: RecordExpander, expand_records_from_field: [l], merge_parent: true, remain_original_record: true}}}",
		`{type: AddFields, fields: [{path: [o, z], value: "{{ record['a'] }}"}, {path: [n, z], value: "1"}]}`)
	got := w.selected(s, held(`{"o":{"k":1},"l":[{"a":1,"n":{}},{"a":2,"n":{}}]}`))
	original := `"original_record":{"o":{"k":1},"l":[{"a":1,"n":{}},{"a":2,"n":{}}]}`
	want := strings.ReplaceAll(`{"o":{"k":1,"z":1},"a":1,"n":{"z":1},@} {"o":{"k":1,"z":2},"a":2,"n":{"z":1},@}`, "@", original)
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

package selector

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/components/decoder"
	"anytap/internal/components/transformation"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// world is what a selector is built and asked in.
type world struct {
	scope  contract.Scope
	config *value.Dict
	keep   func(*tap.Slice, *value.Dict) bool
}

func compiler(config *value.Dict) *manifest.Compiler {
	table := Table()
	maps.Copy(table, decoder.Table())
	maps.Copy(table, transformation.Table())
	c := manifest.NewCompiler(table, config)
	c.Log = slog.New(slog.DiscardHandler)
	return c
}

func parse(t testing.TB, text string) *manifest.Node {
	t.Helper()
	root := manifesttest.Resolve(t, "test.yaml", text)
	return root
}

func (w world) build(t testing.TB, text string, changes ...string) rest.Selector {
	t.Helper()
	if w.config == nil {
		w.config = value.NewDict(0)
	}
	c := compiler(w.config)
	for _, change := range changes {
		tr, err := manifest.Build[contract.Transformer](c, parse(t, change))
		if err != nil {
			t.Fatal(err)
		}
		w.scope.Transformations = append(w.scope.Transformations, tr)
	}
	s, err := manifest.Build[rest.Selector](manifest.With(c, w.scope), parse(t, text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

func (w world) request() *rest.PageRequest {
	slice := tap.NewSlice(value.DictOf("p", "x"), nil, nil)
	env := jinja.NewEnv(func() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }).
		Set("config", w.config).Set("stream_slice", jinja.NewStreamSlice(slice.Partition, nil, nil)).Set("next_page_token", nil)
	return &rest.PageRequest{Slice: slice, Env: env, Keep: w.keep}
}

// selected gives all records, joined by spaces, with the error behind them.
func (w world) selected(s rest.Selector, r *rest.Response) string {
	var b []byte
	for batch, err := range s.Select(context.Background(), r, w.request()) {
		for _, record := range batch {
			b = append(value.Append(b, record.Data), ' ')
		}
		if err != nil {
			b = append(b, "error "...)
		}
	}
	return strings.TrimSuffix(string(b), " ")
}

func held(body string) *rest.Response { return rest.NewResponse(200, nil, "", []byte(body)) }

func unheld(body string) *rest.Response {
	return &rest.Response{Status: 200, Extracted: -1, Body: io.NopCloser(iotest.HalfReader(strings.NewReader(body)))}
}

// at is a selector with a path.
func at(path string) string {
	return "{type: RecordSelector, extractor: {type: DpathExtractor, field_path: " + path + "}}"
}

// answers has what becomes of an answer by a path.
var answers = map[string]struct {
	path, body, want string
	extracted        int // -1: an error
	response         string
}{
	"list at path":        {`[data]`, `{"data":[{"a":1},{}],"n":2}`, `{"a":1} {}`, 2, `{"data":[{"a":1},{}],"n":2}`},
	"object at path":      {`[data]`, `{"data":{"a":1}}`, `{"a":1}`, 1, `{"data":{"a":1}}`},
	"empty object":        {`[data]`, `{"data":{}}`, ``, 0, `{"data":{}}`},
	"null at path":        {`[data]`, `{"data":null}`, ``, 0, `{"data":null}`},
	"zero at path":        {`[data]`, `{"data":0}`, ``, 0, `{"data":0}`},
	"missing":             {`[data]`, `{"x":1}`, ``, 0, `{"x":1}`},
	"deep":                {`[a, b]`, `{"a":{"b":[{"c":1}],"k":2},"n":3}`, `{"c":1}`, 1, `{"a":{"b":[{"c":1}],"k":2},"n":3}`},
	"through list":        {`[a, b]`, `{"a":[{"b":[{"c":1}]}]}`, ``, 0, `{"a":[{"b":[{"c":1}]}]}`},
	"index":               {`[a, "1"]`, `{"a":[{"b":1},{"b":2}]}`, `{"b":2}`, 1, `{"a":[{"b":1},{"b":2}]}`},
	"index from end":      {`[a, "-1"]`, `{"a":[{"b":1},{"b":2}]}`, `{"b":2}`, 1, `{"a":[{"b":1},{"b":2}]}`},
	"wildcard":            {`[a, "*", b]`, `{"a":[{"b":[{"c":1}]},{"b":{"c":2}}]}`, `error`, -1, `{"a":[{"b":[{"c":1}]},{"b":{"c":2}}]}`},
	"wildcard last":       {`[a, "*"]`, `{"a":{"x":{"i":1},"y":{"i":2}}}`, `{"i":1} {"i":2}`, 2, `{"a":{"x":{"i":1},"y":{"i":2}}}`},
	"glob, two":           {`["a?"]`, `{"ab":[{"i":1}],"ac":[]}`, `error`, -1, `{"ab":[{"i":1}],"ac":[]}`},
	"template":            {`["{{ config['k'] }}"]`, `{"v":[{"i":1}]}`, `{"i":1}`, 1, `{"v":[{"i":1}]}`},
	"root object":         {`[]`, `{"a":1}`, `{"a":1}`, 1, `{"a":1}`},
	"root empty object":   {`[]`, `{}`, ``, 0, `{}`},
	"root list":           {`[]`, `[{"a":1},{},null,{"b":2}]`, `{"a":1} {"b":2}`, 2, `{"a":1}`},
	"root list of lists":  {`[]`, `[[{"a":1}],[]]`, `{"a":1}`, 1, `[{"a":1}]`},
	"root list, path":     {`[d]`, `[{"d":[{"a":1}]},{"d":{"b":2}},{"x":1},5]`, `{"a":1} {"b":2}`, 2, `{"d":[{"a":1}]}`},
	"root scalar":         {`[]`, `"text"`, `error`, -1, `"text"`},
	"root zero":           {`[]`, `0`, ``, 0, `0`},
	"scalars":             {`[d]`, `{"d":[1,"a"]}`, `error`, -1, `{"d":[1,"a"]}`},
	"null among records":  {`[d]`, `{"d":[{"a":1},null,{"a":2}]}`, `{"a":1} error`, -1, `{"d":[{"a":1},null,{"a":2}]}`},
	"empty key":           {`[d]`, `{"d":[{"":1}]}`, `{"":1}`, 1, `{"d":[{"":1}]}`},
	"empty key, no path":  {`[]`, `[{"":1}]`, `{"":1}`, 1, `{"":1}`},
	"name twice":          {`[d]`, `{"d":[{"a":1}],"d":[{"a":2}]}`, `{"a":2}`, 1, `{"d":[{"a":2}]}`},
	"spread out":          {`[d]`, "{ \"d\" : [\n{\"a\":1}\n] }", `{"a":1}`, 1, `{"d":[{"a":1}]}`},
	"nan":                 {`[d]`, `{"d":[{"a":NaN}]}`, `{"a":null}`, 1, `{"d":[{"a":null}]}`},
	"kept as it came":     {`[d]`, `{"d":[{"n":1.50,"big":123456789012345678901,"s":"\u00e9"}]}`, `{"n":1.50,"big":123456789012345678901,"s":"\u00e9"}`, 1, `{"d":[{"n":1.50,"big":123456789012345678901,"s":"\u00e9"}]}`},
	"list of one empty":   {`[d]`, `{"d":[[]]}`, `error`, -1, `{"d":[[]]}`},
	"deep, sibling first": {`[a, b]`, `{"z":0,"a":{"k":1,"b":[]}}`, ``, 0, `{"z":0,"a":{"k":1,"b":[]}}`},
}

// TestAnswersAreReadAlike reads each answer in every way that there is: cut in one pass, streamed,
// and decoded by the general way.
func TestAnswersAreReadAlike(t *testing.T) {
	for name, c := range answers {
		w := world{config: value.DictOf("k", "v")}
		plain := w.build(t, at(c.path))
		general := w.build(t, "{type: RecordSelector, extractor: {type: CombinedExtractor, extractors: [{type: DpathExtractor, field_path: "+c.path+"}]}}")
		streaming := w
		streaming.scope.Looks = [][]string{}
		stream := streaming.build(t, at(c.path))
		for way, do := range map[string]struct {
			s rest.Selector
			r *rest.Response
		}{"cut": {plain, held(c.body)}, "read whole": {plain, unheld(c.body)}, "general": {general, held(c.body)}, "streamed": {stream, unheld(c.body)}} {
			if way == "streamed" && (c.extracted < 0 || name == "name twice") {
				continue // what is streamed is not looked at beyond its records
			}
			got := w.selected(do.s, do.r)
			if got != c.want || c.extracted >= 0 && do.r.Extracted != c.extracted {
				t.Errorf("%s, %s: %s, %d extracted; want %s, %d", name, way, got, do.r.Extracted, c.want, c.extracted)
			}
			if way == "streamed" {
				continue
			}
			v, err := do.r.Value()
			if !value.Equal(v, decoded(t, []byte(c.response))) && name != "nan" || err != nil {
				t.Errorf("%s, %s: response %s, %v; want %s", name, way, value.Append(nil, v), err, c.response)
			}
		}
	}
}

func TestBrokenAnswersAreEmpty(t *testing.T) {
	w := world{}
	for name, body := range map[string]string{"none": "", "text": "oops", "cut": `{"d":[{"a":1}`, "mark": "\xef\xbb\xbf[1]", "latin-1": "{\"d\":[{\"a\":\"\xe9\"}]}", "null": "null"} {
		r := held(body)
		if got := w.selected(w.build(t, at("[d]")), r); got != "" || r.Extracted != 0 {
			t.Errorf("%s: %s, %d extracted", name, got, r.Extracted)
		}
		if v, err := r.Value(); err != nil || value.Repr(v) != "{}" {
			t.Errorf("%s: response %s, %v", name, value.Repr(v), err)
		}
	}
}

func TestRecordsAreFilteredTransformedAndCast(t *testing.T) {
	const filter = `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [d]}, record_filter: {type: RecordFilter, condition: %}}`
	newer := func(_ *tap.Slice, d *value.Dict) bool { v, _ := d.Get("t"); return value.Equal(v, int64(2)) }
	for name, c := range map[string]struct {
		manifest string
		changes  []string
		body     string
		w        world
		want     string
	}{
		"filter":                 {strings.Replace(filter, "%", `"{{ record['t'] > 1 }}"`, 1), nil, `{"d":[{"t":1},{"t":2}]}`, world{}, `{"t":2}`},
		"filter by slice":        {strings.Replace(filter, "%", `"{{ record['k'] == stream_partition['p'] and next_page_token is none }}"`, 1), nil, `{"d":[{"k":"x"},{"k":"y"}]}`, world{}, `{"k":"x"}`},
		"empty filter":           {strings.Replace(filter, "%", `""`, 1), nil, `{"d":[{"t":1}]}`, world{}, ``},
		"filter drops no object": {strings.Replace(filter, "%", `"{{ record is mapping }}"`, 1), nil, `{"d":[{"t":1},null,5]}`, world{}, `{"t":1}`},
		"filter fails":           {strings.Replace(filter, "%", `"{{ nope }}"`, 1), nil, `{"d":[{"t":1}]}`, world{}, `error`},
		"filter, then change":    {strings.Replace(filter, "%", `"{{ 'n' not in record }}"`, 1), []string{`{type: AddFields, fields: [{path: [n], value: "1"}]}`}, `{"d":[{"t":1}]}`, world{}, `{"t":1,"n":1}`},
		"change, then filter":    {strings.Replace(filter, "%", `"{{ 'n' not in record }}"`, 1), []string{`{type: AddFields, fields: [{path: [n], value: "1"}]}`}, `{"d":[{"t":1}]}`, world{scope: contract.Scope{ClientSide: true}}, ``},
		"said otherwise": {strings.Replace(filter, "%}}", `"{{ 'n' not in record }}"}, transform_before_filtering: false}`, 1), []string{`{type: AddFields, fields: [{path: [n], value: "1"}]}`},
			`{"d":[{"t":1}]}`, world{scope: contract.Scope{ClientSide: true}}, `{"t":1,"n":1}`},
		"cursor":                  {at("[d]"), nil, `{"d":[{"t":1},{"t":2}]}`, world{keep: newer, scope: contract.Scope{ClientSide: true}}, `{"t":2}`},
		"cursor and filter":       {strings.Replace(filter, "%", `"{{ record['k'] }}"`, 1), nil, `{"d":[{"t":2,"k":0},{"t":2,"k":1}]}`, world{keep: newer, scope: contract.Scope{ClientSide: true}}, `{"t":2,"k":1}`},
		"cursor and empty filter": {strings.Replace(filter, "%", `""`, 1), nil, `{"d":[{"t":1},{"t":2}]}`, world{keep: newer, scope: contract.Scope{ClientSide: true}}, `{"t":2}`},
		"changes in order": {at("[d]"), []string{`{type: AddFields, fields: [{path: [New Key], value: "{{ record['t'] }}"}]}`, `type: KeysToSnakeCase`, `{type: RemoveFields, field_pointers: [[t]]}`,
			`{type: AddFields, fields: [{path: [c], value: "{{ record['new_key'] }}"}]}`}, `{"d":[{"t":7}]}`, world{}, `{"new_key":7,"c":7}`},
		"change fails":        {at("[d]"), []string{`{type: AddFields, fields: [{path: [a, b], value: x}]}`}, `{"d":[{"x":1},{"a":null}]}`, world{}, `{"x":1,"a":{"b":"x"}} error`},
		"change of no object": {at("[d]"), []string{`type: KeysToLower`}, `{"d":[{"A":1},null]}`, world{}, `{"a":1} error`},
		"cast": {strings.Replace(at("[d]"), "}}", "}, schema_normalization: Default}", 1), nil, `{"d":[{"t":"1","u":"1"}]}`,
			world{scope: contract.Scope{Schema: fixedSchema{value.DictOf("properties", value.DictOf("t", value.DictOf("type", "integer")))}}}, `{"t":1,"u":"1"}`},
		"no cast": {strings.Replace(at("[d]"), "}}", "}, schema_normalization: None}", 1), nil, `{"d":[{"t":"1"}]}`,
			world{scope: contract.Scope{Schema: fixedSchema{value.DictOf("properties", value.DictOf("t", value.DictOf("type", "integer")))}}}, `{"t":"1"}`},
		"pairs are objects": {at("[d]"), nil, `{"d":[[],[["a",1],"bc"],""]}`, world{scope: contract.Scope{Schema: fixedSchema{value.DictOf("type", "object")}}}, `{} {"a":1,"b":"c"} {}`},
		"no pairs":          {at("[d]"), nil, `{"d":[[1]]}`, world{scope: contract.Scope{Schema: fixedSchema{value.DictOf("type", "object")}}}, `error`},
	} {
		if got := c.w.selected(c.w.build(t, c.manifest, c.changes...), held(c.body)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestCombinedExtractor(t *testing.T) {
	const two = "{type: RecordSelector, extractor: {type: CombinedExtractor, %, extractors: [{type: DpathExtractor, field_path: [a]}, {type: DpathExtractor, field_path: [b]}]}}"
	for name, c := range map[string]struct {
		options, body, want string
		extracted           int
	}{
		"union":             {"mode: union", `{"a":[{"i":1}],"b":[{"i":2}]}`, `{"i":1} {"i":2}`, 2},
		"first":             {"mode: first_match", `{"a":[],"b":[{"i":2}]}`, `{"i":2}`, 1},
		"first wins":        {"mode: first_match", `{"a":[{"i":1}],"b":[{"i":2}]}`, `{"i":1}`, 1},
		"skip":              {"skip_empty_records: true", `{"a":[null,{"i":1},{}],"b":[{"i":2}]}`, `{"i":1} {"i":2}`, 4},
		"first with nulls":  {"mode: first_match, skip_empty_records: true", `{"a":[null,null],"b":[null,{"i":2},{}]}`, `{"i":2}`, 3},
		"nothing":           {"mode: first_match", `{}`, ``, 0},
		"empties are kept":  {"mode: union", `{"a":[{}],"b":[]}`, `{}`, 1},
		"first, only nulls": {"mode: first_match", `{"a":[{}],"b":[{"i":1}]}`, `{}`, 1},
	} {
		w := world{}
		r := held(c.body)
		if got := w.selected(w.build(t, strings.Replace(two, "%", c.options, 1)), r); got != c.want || r.Extracted != c.extracted {
			t.Errorf("%s: %s, %d extracted; want %s, %d", name, got, r.Extracted, c.want, c.extracted)
		}
	}
}

func TestAnswersOfOtherDecoders(t *testing.T) {
	for name, c := range map[string]struct{ decoder, path, body, want string }{
		"jsonl": {"type: JsonlDecoder", "[d]", "{\"d\":{\"i\":1}}\n{\"d\":[{\"i\":2},{\"i\":3}]}", `{"i":1} {"i":2} {"i":3}`},
		"csv":   {"type: CsvDecoder", "[]", "a,b\n1,2\n", `{"a":"1","b":"2"}`},
		"xml":   {"type: XmlDecoder", "[r, i]", "<r><i>1</i><i><k>2</k></i></r>", `error`},
		"xml 2": {"type: XmlDecoder", "[r, i]", "<r><i><k>1</k></i><i><k>2</k></i></r>", `{"k":"1"} {"k":"2"}`},
		"gzip":  {"{type: GzipDecoder, decoder: {type: JsonDecoder}}", "[]", `[{"i":1}]`, `{"i":1}`},
	} {
		w := world{}
		d, err := manifest.Build[rest.Decoder](compiler(nil), parse(t, c.decoder))
		if err != nil {
			t.Fatal(err)
		}
		w.scope.Decoder = d
		if got := w.selected(w.build(t, at(c.path)), unheld(c.body)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWrongManifestsAreRefused(t *testing.T) {
	jsonl, err := manifest.Build[rest.Decoder](compiler(nil), parse(t, "type: JsonlDecoder"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		kind tap.Kind
	}{
		"combined over a stream": {"{type: RecordSelector, extractor: {type: CombinedExtractor, extractors: [{type: DpathExtractor, field_path: []}]}}", tap.Config},
		"no extractors":          {"{type: RecordSelector, extractor: {type: CombinedExtractor, extractors: []}}", tap.System},
		"truncation glob":        {"{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [], record_expander: {type: RecordExpander, expand_records_from_field: [a], truncation_indicator_path: ['a*']}}}", tap.System},
		"retriever alone":        {"{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [], record_expander: {type: RecordExpander, expand_records_from_field: [a], truncated_list_retriever: {type: SimpleRetriever}}}}", tap.System},
		"empty parent path":      {"{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [], record_expander: {type: RecordExpander, expand_records_from_field: [a], parent_fields: [{type: ParentFieldPath, parent_path: [], record_path: [a]}]}}}", tap.System},
		"normalization":          {"{type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}, schema_normalization: Strong}", tap.System},
	} {
		c2 := manifest.With(compiler(value.NewDict(0)), contract.Scope{Decoder: jsonl})
		_, err := manifest.Build[rest.Selector](c2, parse(t, c.text))
		if err == nil || tap.KindOf(err) != c.kind {
			t.Errorf("%s: %v of kind %s, want %s", name, err, tap.KindOf(err), c.kind)
		}
	}
}

func TestRecordsBeforeABreakAreHandedOn(t *testing.T) {
	w := world{scope: contract.Scope{Looks: [][]string{{"next"}}}}
	s := w.build(t, at("[d]"))
	fault := &rest.Fault{Kind: rest.CutBody, Err: errors.New("reset")}
	for name, c := range map[string]struct {
		body io.Reader
		want string
		same error
	}{
		"connection": {io.MultiReader(strings.NewReader(`{"d":[{"a":1},{"a":`), iotest.ErrReader(fault)), `{"a":1}`, fault},
		"text":       {strings.NewReader(`{"d":[{"a":1},{"a":`), `{"a":1}`, nil},
		"no json":    {strings.NewReader(`{"d":[{"a":1},oops]}`), `{"a":1}`, nil},
		"not utf-8":  {strings.NewReader("{\"d\":[{\"a\":1},{\"a\":\"\xff\"}]}"), `{"a":1}`, nil},
	} {
		var got []byte
		var last error
		for batch, err := range s.Select(context.Background(), &rest.Response{Body: io.NopCloser(c.body)}, w.request()) {
			for _, r := range batch {
				got = value.Append(got, r.Data)
			}
			last = err
		}
		if string(got) != c.want || last == nil || c.same != nil && !errors.Is(last, c.same) || errors.Is(last, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %s, %v", name, got, last)
		}
	}
}

func TestHeldAnswersAreOneBatchAndOthersSeveral(t *testing.T) {
	w := world{scope: contract.Scope{Looks: [][]string{}}}
	s := w.build(t, at("[]"))
	body := "[" + strings.Repeat(`{"a":1},`, 2500) + `{"a":2}]`
	for name, c := range map[string]struct {
		r    *rest.Response
		want int
	}{"held": {held(body), 1}, "streamed": {unheld(body), 3}} {
		batches, records := 0, 0
		for batch, err := range s.Select(context.Background(), c.r, w.request()) {
			if err != nil {
				t.Fatal(err)
			}
			batches++
			records += len(batch)
		}
		if batches != c.want || records != 2501 || c.r.Extracted != 2501 {
			t.Errorf("%s: %d batches, %d records, %d extracted", name, batches, records, c.r.Extracted)
		}
		if v, err := c.r.Value(); err != nil || value.Repr(v) != "{'a': 1}" {
			t.Errorf("%s: response %s, %v", name, value.Repr(v), err)
		}
	}
}

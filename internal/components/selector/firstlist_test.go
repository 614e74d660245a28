package selector

import (
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// firstListRecords reads a body with one selector, cut and extracted, and gives the records and
// what templates know as response.
func firstListRecords(t testing.TB, x *firstList, body string) (cut, extracted, response string) {
	t.Helper()
	s := &recordSelector{extractor: x, decoder: x.decoder}
	p := &rest.PageRequest{Slice: tap.NewSlice(nil, nil, nil), Env: jinja.NewEnv(time.Now)}
	r := rest.NewResponse(200, nil, "", []byte(body))
	var b strings.Builder
	for batch, err := range s.Select(t.Context(), r, p) {
		for _, record := range batch {
			fmt.Fprintf(&b, "%s;", compact(record.Data))
		}
		if err != nil {
			fmt.Fprintf(&b, "error: %v", err)
		}
	}
	cut = b.String()
	v, err := r.Value()
	if err != nil {
		t.Fatal(err)
	}
	response = compact(v)

	b.Reset()
	for v, err := range x.Extract(t.Context(), rest.NewResponse(200, nil, "", []byte(body))) {
		if err != nil {
			fmt.Fprintf(&b, "error: %v", err)
			break
		}
		if _, ok := v.(*value.Dict); !ok {
			fmt.Fprintf(&b, "error: %v", notObject(v))
			break
		}
		fmt.Fprintf(&b, "%s;", compact(v))
	}
	return cut, b.String(), response
}

// compact is a value's JSON text without the blanks between its parts.
func compact(v any) string { return string(rawjson.AppendCompact(nil, value.Append(nil, v))) }

func TestFirstList(t *testing.T) {
	tests := map[string]struct{ body, want, response string }{
		"bare list":            {`[{"id": 1}, {"id": 2}]`, `{"id":1};{"id":2};`, `{"id":1}`},
		"empty list":           {` [ ] `, ``, `{}`},
		"data":                 {`{"data": [{"id": 1}], "next": "x"}`, `{"id":1};`, `{"data":[{"id":1}],"next":"x"}`},
		"results":              {`{"count": 3, "results": [{"id": 1}, {"id": 2}]}`, `{"id":1};{"id":2};`, `{"count":3,"results":[{"id":1},{"id":2}]}`},
		"items":                {`{"items": [{"id": 1}]}`, `{"id":1};`, `{"items":[{"id":1}]}`},
		"records":              {`{"records": [{"id": 1}]}`, `{"id":1};`, `{"records":[{"id":1}]}`},
		"the order of names":   {`{"records": [{"id": 4}], "items": [{"id": 3}], "results": [{"id": 2}]}`, `{"id":2};`, ``},
		"an empty list counts": {`{"data": [], "results": [{"id": 1}]}`, ``, ``},
		"a member that is no list": {
			`{"data": {"id": 1}, "items": [{"id": 2}]}`, `{"id":2};`, `{"data":{"id":1},"items":[{"id":2}]}`,
		},
		"null is no list":         {`{"data": null, "records": [{"id": 2}]}`, `{"id":2};`, ``},
		"no list at all":          {`{"id": 7, "name": "x"}`, `{"id":7,"name":"x"};`, `{"id":7,"name":"x"}`},
		"lists of other names":    {`{"id": 7, "tags": ["a"]}`, `{"id":7,"tags":["a"]};`, ``},
		"deeper lists":            {`{"page": {"data": [{"id": 1}]}}`, `{"id":1};`, `{"page":{"data":[{"id":1}]}}`},
		"empty object":            {`{}`, ``, `{}`},
		"null":                    {`null`, ``, `{}`},
		"a number":                {`12`, ``, `12`},
		"no JSON":                 {`<html>`, ``, `{}`},
		"nothing":                 {``, ``, `{}`},
		"no UTF-8":                {"{\"data\": [{\"a\": \"\xff\"}]}", ``, `{}`},
		"a name twice":            {`{"data": [{"id": 1}], "data": [{"id": 2}]}`, `{"id":2};`, ``},
		"a name twice, no list":   {`{"data": [{"id": 1}], "data": 5, "items": [{"id": 3}]}`, `{"id":3};`, ``},
		"an escaped name":         {`{"d\u0061ta": [{"id": 1}]}`, `{"id":1};`, ``},
		"elements of other types": {`{"data": [{"id": 1}, 5]}`, `{"id":1};error: a record is the number 5, expected an object: the place of the records (records_path, field_path) holds something else`, ``},
		"lists in a bare list":    {`[[1]]`, `error: a record is a list, expected an object: the place of the records (records_path, field_path) holds something else`, ``},
		"values as they came":     {`{"data": [{"n": 1.50, "m": 1E2}]}`, `{"n":1.50,"m":1E2};`, ``},

		"OData":                       {`{"@odata.context": "x", "value": [{"ID": 1}]}`, `{"ID":1};`, ``},
		"OData 2":                     {`{"d": {"results": [{"ID": 1}], "__next": "x"}}`, `{"ID":1};`, ``},
		"Eve":                         {`{"_items": [{"_id": "1"}], "_links": {}, "_meta": {"total": 1}}`, `{"_id":"1"};`, ``},
		"SCIM":                        {`{"totalResults": 1, "Resources": [{"id": "1"}]}`, `{"id":"1"};`, ``},
		"CouchDB":                     {`{"total_rows": 1, "offset": 0, "rows": [{"id": "1"}]}`, `{"id":"1"};`, ``},
		"Spring":                      {`{"content": [{"id": 1}], "sort": [{"property": "id"}], "totalPages": 1}`, `{"id":1};`, ``},
		"HAL":                         {`{"_embedded": {"orders": [{"id": 1}]}, "_links": {"self": {"href": "/"}}}`, `{"id":1};`, ``},
		"Elasticsearch":               {`{"took": 1, "_shards": {"total": 1}, "hits": {"total": {"value": 1}, "hits": [{"_id": "1"}]}}`, `{"_id":"1"};`, ``},
		"Solr":                        {`{"responseHeader": {"params": {"q": "*"}}, "response": {"numFound": 1, "docs": [{"id": "1"}]}}`, `{"id":"1"};`, ``},
		"MediaWiki":                   {`{"continue": {"sroffset": 1}, "query": {"searchinfo": {"totalhits": 2}, "search": [{"pageid": 1}]}}`, `{"pageid":1};`, ``},
		"FHIR":                        {`{"resourceType": "Bundle", "id": "b", "total": 1, "link": [{"relation": "self"}], "entry": [{"fullUrl": "u"}]}`, `{"fullUrl":"u"};`, ``},
		"GraphQL, nodes":              {`{"data": {"repos": {"nodes": [{"id": 1}], "edges": [{"cursor": "c", "node": {"id": 1}}], "pageInfo": {}}}}`, `{"id":1};`, ``},
		"GraphQL, edges":              {`{"data": {"repos": {"edges": [{"cursor": "c", "node": {"id": 1}}], "pageInfo": {}}}}`, `{"id":1};`, ``},
		"inside of data":              {`{"data": {"items": [{"id": 1}], "total": 1}}`, `{"id":1};`, ``},
		"the only list, with a total": {`{"widgets": [{"a": 1}], "total": 1, "at": "today"}`, `{"a":1};`, ``},
		"the only list, alone":        {`{"widgets": [{"a": 1}]}`, `{"a":1};`, ``},
		"beside errors":               {`{"errors": [], "widgets": [{"a": 1}], "meta": {"warnings": [{"b": 1}]}}`, `{"a":1};`, ``},
		"a record with a list":        {`{"id": 1, "lines": [{"a": 1}], "total": 5}`, `{"id":1,"lines":[{"a":1}],"total":5};`, ``},
		"a record with a usual list":  {`{"id": 1, "entries": [{"a": 1}]}`, `{"id":1,"entries":[{"a":1}]};`, ``},
		"a thing with a list":         {`{"name": "x", "lines": [{"a": 1}]}`, `{"name":"x","lines":[{"a":1}]};`, ``},
		"values that are no records":  {`{"unit": "m", "values": [1, 2]}`, `{"unit":"m","values":[1,2]};`, ``},
		"several lists":               {`{"widgets": [{"a": 1}], "parts": [{"b": 1}], "count": 2}`, `error: stream : the answer holds several lists of objects, at "widgets", "parts": which of them are the records is not known (say in the stream's configuration where the records are, such as "records_path": "widgets")`, ``},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			x := newFirstList(rest.NewJSONDecoder(nil))
			for range 2 { // the second time the place is known
				cut, extracted, response := firstListRecords(t, x, test.body)
				if cut != test.want || extracted != test.want {
					t.Errorf("records are %s (extracted %s), expected %s", cut, extracted, test.want)
				}
				if test.response != "" && response != test.response {
					t.Errorf("response is %s, expected %s", response, test.response)
				}
			}
		})
	}
}

// TestFirstListStays wants the records of later answers where those of the first were.
func TestFirstListStays(t *testing.T) {
	tests := map[string]struct{ first, then, want string }{
		"an empty list":            {`{"widgets": [{"a": 1}], "total": 1}`, `{"widgets": [], "total": 1}`, ``},
		"null":                     {`{"widgets": [{"a": 1}], "total": 1}`, `{"widgets": null}`, ``},
		"none":                     {`{"widgets": [{"a": 1}], "total": 1}`, `{"message": "no more"}`, ``},
		"beside another list":      {`{"widgets": [{"a": 1}], "total": 1}`, `{"widgets": [{"a": 2}], "parts": [{"b": 1}]}`, `{"a":2};`},
		"an unknown other list":    {`{"items": [{"a": 1}]}`, `{"things": [{"b": 1}]}`, ``},
		"a list of another name":   {`{"items": [{"a": 1}]}`, `{"data": [{"a": 2}]}`, `{"a":2};`},
		"a bare list":              {`{"items": [{"a": 1}]}`, `[{"a": 2}]`, `{"a":2};`},
		"edges without a node":     {`{"data": {"x": {"edges": [{"node": {"a": 1}}]}}}`, `{"data": {"x": {"edges": [{"node": {"a": 2}}]}}}`, `{"a":2};`},
		"what stands before it":    {`{"rows": [{"a": 1}]}`, `{"data": [{"b": 1}], "rows": [{"a": 2}]}`, `{"a":2};`},
		"an object with an error":  {`{"rows": [{"a": 1}]}`, `{"error": {"message": "x"}}`, ``},
		"an object, then the list": {`{"a": 1}`, `{"rows": [{"a": 2}]}`, `{"a":2};`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			x := newFirstList(rest.NewJSONDecoder(nil))
			firstListRecords(t, x, test.first)
			if cut, extracted, _ := firstListRecords(t, x, test.then); cut != test.want || extracted != test.want {
				t.Errorf("records are %s (extracted %s), expected %s", cut, extracted, test.want)
			}
		})
	}
}

// TestFirstListByKey tells an envelope from a record by the primary key, and a list from others.
func TestFirstListByKey(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"the object has it":       {`{"no": 1, "lines": [{"a": 1}]}`, `{"no":1,"lines":[{"a":1}]};`},
		"the elements have it":    {`{"name": "x", "lines": [{"no": 1}]}`, `{"no":1};`},
		"one of two lists has it": {`{"parts": [{"a": 1}], "lines": [{"no": 1}]}`, `{"no":1};`},
		"the stream's name":       {`{"parts": [{"a": 1}], "things": [{"b": 1}]}`, `{"b":1};`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			x := newFirstList(rest.NewJSONDecoder(nil))
			x.search.key, x.search.stream = []string{"no"}, "things"
			if cut, extracted, _ := firstListRecords(t, x, test.body); cut != test.want || extracted != test.want {
				t.Errorf("records are %s (extracted %s), expected %s", cut, extracted, test.want)
			}
		})
	}
}

func TestFirstListListsOnly(t *testing.T) {
	root := manifesttest.Resolve(t, "manifest.yaml", "type: FirstListExtractor\nlists_only: true\n")
	var log strings.Builder
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	built, err := manifest.Build[rest.Extractor](c, root)
	if err != nil {
		t.Fatal(err)
	}
	x := built.(*firstList)
	for _, test := range []struct{ body, want string }{
		{`{"data": [{"id": 1}]}`, `{"id":1};`}, {`{"data": null}`, ``}, {`{"next": null}`, ``}, {`[{"id": 2}]`, `{"id":2};`}, {`{}`, ``},
	} {
		if cut, extracted, _ := firstListRecords(t, x, test.body); cut != test.want || extracted != test.want {
			t.Errorf("records of %s are %s (extracted %s), expected %s", test.body, cut, extracted, test.want)
		}
	}
	if log.Len() > 0 {
		t.Errorf("there was a list, and yet: %s", log.String())
	}
	x.place.Store(nil)
	for range 3 {
		_, _, _ = firstListRecords(t, x, `{"products": 1}`)
	}
	if n := strings.Count(log.String(), "records_path"); n != 1 {
		t.Errorf("%d warnings, expected one: %s", n, log.String())
	}
}

// linesOf is a decoder that makes an object of each line.
type linesOf struct{ rest.Decoder }

func (linesOf) Decode(r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		body, _ := r.Bytes()
		for line := range strings.Lines(string(body)) {
			if !yield(value.LazyDict([]byte(strings.TrimSpace(line))), nil) {
				return
			}
		}
	}
}

func (linesOf) Abilities() rest.DecoderAbilities { return rest.DecoderAbilities{Streams: true} }

func TestFirstListOfOtherDecoders(t *testing.T) {
	x := newFirstList(linesOf{})
	_, extracted, _ := firstListRecords(t, x, "{\"data\": [1]}\n{\"id\": 2}\n")
	if want := `{"data":[1]};{"id":2};`; extracted != want {
		t.Errorf("records are %s, expected %s", extracted, want)
	}
}

// FuzzFirstList compares what is cut with what is extracted.
func FuzzFirstList(f *testing.F) {
	for _, body := range []string{`[{"a": 1}]`, `{"data": [{"a": 1}], "items": [{}]}`, `{"results": null, "records": [{}, 5]}`, `{"a": NaN}`, `"x"`} {
		f.Add(body)
	}
	x := newFirstList(rest.NewJSONDecoder(nil))
	f.Fuzz(func(t *testing.T, body string) {
		if cut, extracted, _ := firstListRecords(t, x, body); cut != extracted {
			t.Errorf("%q: cut %s, extracted %s", body, cut, extracted)
		}
	})
}

func BenchmarkFirstList(b *testing.B) {
	body := []byte(`{"meta": {"next": "x"}, "items": [` + strings.TrimSuffix(strings.Repeat(`{"id": 1, "name": "somebody", "tags": ["a", "b"]},`, 500), ",") + `]}`)
	x := newFirstList(rest.NewJSONDecoder(nil))
	s := &recordSelector{extractor: x, decoder: x.decoder}
	p := &rest.PageRequest{Slice: tap.NewSlice(nil, nil, nil), Env: jinja.NewEnv(time.Now)}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range s.Select(b.Context(), rest.NewResponse(200, nil, "", body), p) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

package selector

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// benchBody is a page of records of about 1 KB each.
func benchBody(records int) []byte {
	var b strings.Builder
	b.WriteString(`{"data":[`)
	for i := range records {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"subject":"Ticket number %d about things that matter","status":"open","amount":"%d.50","count":%d,"secret":"s3cr3t","created_at":"2026-11-%02dT10:00:00Z",`+
			`"customer":{"id":%d,"first":"Ann","last":"Müller","email":"ann%d@example.com","tags":["a","b","c"]},"body":"%s","flags":[true,false,null],"score":%d.25}`,
			i, i, i, i, i%28+1, i*7, i, strings.Repeat("lorem ipsum dolor sit amet ", 22), i)
	}
	b.WriteString(`],"next":"abc","total":100000}`)
	return []byte(b.String())
}

func bench(b *testing.B, w world, text string, changes ...string) {
	b.Helper()
	benchBodyOf(b, w, w.build(b, text, changes...), benchBody(500))
}

func benchBodyOf(b *testing.B, w world, s rest.Selector, body []byte) {
	b.Helper()
	p := w.request()
	var out []byte
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		r := rest.NewResponse(200, nil, "", body)
		r.Release = func() {}
		for batch, err := range s.Select(context.Background(), r, p) {
			if err != nil {
				b.Fatal(err)
			}
			for _, r := range batch {
				out = value.Append(out[:0], r.Data)
			}
			n += len(batch)
		}
		if n == 0 {
			b.Fatal("no records")
		}
		r.Release()
	}
}

// BenchmarkSelectRaw cuts a page into records and writes them out.
func BenchmarkSelectRaw(b *testing.B) { bench(b, world{}, at("[data]")) }

// BenchmarkSelectTransformed filters, adds two fields, removes one and casts by a schema.
func BenchmarkSelectTransformed(b *testing.B) {
	schema := value.DictOf("properties", value.DictOf(
		"id", value.DictOf("type", "integer"), "amount", value.DictOf("type", value.NewList("null", "number")), "subject", value.DictOf("type", "string"),
		"status", value.DictOf("type", "string"), "score", value.DictOf("type", "number"),
		"customer", value.DictOf("type", "object", "properties", value.DictOf("id", value.DictOf("type", "integer"), "email", value.DictOf("type", "string")))))
	w := world{config: value.DictOf("shop", "main"), scope: contract.Scope{Schema: fixedSchema{schema}}}
	bench(b, w, `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}, record_filter: {type: RecordFilter, condition: "{{ record['status'] == 'open' }}"}, schema_normalization: Default}`,
		`{type: AddFields, fields: [{path: [shop], value: "{{ config['shop'] }}"}, {path: [customer_id], value: "{{ record['customer']['id'] }}"}]}`,
		`{type: RemoveFields, field_pointers: [[secret]]}`)
}

// BenchmarkSelectFiltered only looks at one field.
func BenchmarkSelectFiltered(b *testing.B) {
	bench(b, world{}, `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}, record_filter: {type: RecordFilter, condition: "{{ record['status'] == 'open' }}"}}`)
}

// BenchmarkSelectCast casts nothing, because everything fits.
func BenchmarkSelectCast(b *testing.B) {
	schema := value.DictOf("properties", value.DictOf("id", value.DictOf("type", "integer"), "subject", value.DictOf("type", "string"), "score", value.DictOf("type", "number")))
	bench(b, world{scope: contract.Scope{Schema: fixedSchema{schema}}}, `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}, schema_normalization: Default}`)
}

// wide is a page of records with nested objects and lists, and the schema that describes all of
// them.
func wide(records int) (body []byte, schema *value.Dict) {
	var b strings.Builder
	b.WriteString(`{"data":[`)
	for i := range records {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"uuid":"17e69b5a-c0ec-426d-aca9-6cf76f8b8190","status":"%s","is_read":true,"rating":%d,"amount":%d.74,"currency":"EUR","subject":"about fourteen crates 12\u00bd",`+
			`"body":"%s","created_at":"2023-12-31T23:00:07Z","updated_at":"2024-01-01T00:00:07Z","closed_at":null,`+
			`"customer":{"id":%d,"email":"user%d@example.test","name":"Zoë","address":{"city":"Bergen","zip":"51374","geo":{"lat":63.915449,"lon":17.056770}},"tags":["vip","t42"]},`+
			`"custom_fields":[{"id":1,"name":"plan","value":"p6"},{"id":2,"name":"seats","value":173},{"id":3,"name":"note","value":null}],`+
			`"metrics":{"views":%d,"score":6.508,"history":[47,88,16,52]}}`,
			i, []string{"open", "open", "open", "closed"}[i%4], i%6, i*7, strings.Repeat("lorem ipsum ", 25), i*3, i, i*17)
	}
	b.WriteString(`],"next":"abc"}`)
	text := `{"properties":{"id":{"type":"integer"},"uuid":{"type":"string"},"status":{"type":["string","null"]},"is_read":{"type":["boolean","null"]},"rating":{"type":["integer","null"]},
		"amount":{"type":["number","null"]},"currency":{"type":["string","null"]},"subject":{"type":["string","null"]},"body":{"type":["string","null"]},
		"created_at":{"type":["string","null"]},"updated_at":{"type":["string","null"]},"closed_at":{"type":["string","null"]},
		"customer":{"type":["object","null"],"properties":{"id":{"type":["integer","null"]},"email":{"type":["string","null"]},"name":{"type":["string","null"]},
			"address":{"type":["object","null"],"properties":{"city":{"type":["string","null"]},"zip":{"type":["string","null"]},
				"geo":{"type":["object","null"],"properties":{"lat":{"type":["number","null"]},"lon":{"type":["number","null"]}}}}},
			"tags":{"type":["array","null"],"items":{"type":"string"}}}},
		"custom_fields":{"type":["array","null"],"items":{"type":"object","properties":{"id":{"type":["integer","null"]},"name":{"type":["string","null"]},"value":{"type":["string","integer","null"]}}}},
		"metrics":{"type":["object","null"],"properties":{"views":{"type":["integer","null"]},"score":{"type":["number","null"]},"history":{"type":["array","null"],"items":{"type":"integer"}}}}}}`
	v, err := value.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return []byte(b.String()), v.(*value.Dict)
}

// BenchmarkSelectWide filters by two fields, adds three of which one lies in another, removes two
// and casts all of a record by its schema.
func BenchmarkSelectWide(b *testing.B) {
	body, schema := wide(100)
	w := world{config: value.DictOf("base", "http://shop.test"), scope: contract.Scope{Schema: fixedSchema{schema}}}
	s := w.build(b, `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}, schema_normalization: Default,
		record_filter: {type: RecordFilter, condition: "{{ record['status'] != 'closed' and record['amount'] is not none }}"}}`,
		`{type: AddFields, fields: [{path: [customer_email], value: "{{ record['customer']['email'] }}"}, {path: [metrics, source], value: "{{ config['base'] }}/{{ record.status }}"}]}`,
		`{type: AddFields, fields: [{path: [read_flag], value: "{{ record['is_read'] and record['rating'] > 2 }}"}]}`,
		`{type: RemoveFields, field_pointers: [[body], [customer, address, geo]]}`)
	benchBodyOf(b, w, s, body)
}

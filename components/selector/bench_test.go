package selector

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"anytap/rest"
	"anytap/value"
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
	s := w.build(b, text, changes...)
	body := benchBody(500)
	p := w.request()
	var out []byte
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for batch, err := range s.Select(context.Background(), rest.NewResponse(200, nil, "", body), p) {
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
	w := world{config: value.DictOf("shop", "main"), scope: rest.Scope{Schema: fixedSchema{schema}}}
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
	bench(b, world{scope: rest.Scope{Schema: fixedSchema{schema}}}, `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}, schema_normalization: Default}`)
}

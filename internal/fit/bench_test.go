package fit

import (
	"bytes"
	"fmt"
	"testing"

	"anytap/internal/rawjson"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

// page cuts a page of records as a selector does, with notes where spread is set.
func page(t testing.TB, n int, spread bool) []value.Dict {
	t.Helper()
	body := taptest.PageText(n)
	p := &rawjson.Page{Python: true, Spread: spread}
	if err := p.Scan(body, []string{"data"}); err != nil {
		t.Fatal(err)
	}
	dicts, notes := make([]value.Dict, len(p.Elements)), &value.Notes{}
	if spread {
		notes.Take(body, p)
	}
	for i, e := range p.Elements {
		if spread {
			notes.Init(&dicts[i], i, e.In(body), e.Seen.Clean())
		} else {
			dicts[i].InitClean(e.In(body))
		}
	}
	return dicts
}

// BenchmarkFits checks the records of a page, which all fit.
func BenchmarkFits(b *testing.B) {
	for name, spread := range map[string]bool{"noted": true, "text": false} {
		b.Run(name, func(b *testing.B) {
			records := page(b, 1000, spread)
			s := &Shape{}
			size := 0
			for i := range records {
				raw, _ := records[i].Untouched()
				size += len(raw)
				s.Add(value.LazyDict(bytes.Clone(raw)))
			}
			schema := s.Schema(false)
			plan := Compile(schema, true)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for i := range records {
					if !Fits(plan, &records[i], nil) {
						b.Fatal("a record does not fit")
					}
				}
			}
		})
	}
}

// BenchmarkScan cuts a page of records of twelve fields, and holds them against their schema.
func BenchmarkScan(b *testing.B) {
	body, s := []byte(`{"data":[`), &Shape{}
	for i := range 1000 {
		note := [...]string{"null", `"called twice, \"no\" answer"`, `"fine"`}[i%3]
		at := len(body)
		body = fmt.Appendf(body, `{"id":%d,"name":"Customer %d","email":"user%d@example.test","status":"open","active":%t,"amount":%d.%02d,"count":%d,`, i, i, i*7919, i%2 == 0, i*31, i%100, i%400)
		body = fmt.Appendf(body, `"created_at":"2024-%02d-%02dT%02d:%02d:07Z","updated_at":"2025-%02d-11T%02d:03:%02dZ","country":"NO","note":%s,"owner_id":%d}`, 1+i%12, 1+i%28, i%24, i%60, 1+i*7%12, i*7%24, i%60, note, i*40503%5000)
		s.Add(value.LazyDict(bytes.Clone(body[at:])))
		body = append(body, ',')
	}
	body = append(body[:len(body)-1], `]}`...)
	for name, pattern := range map[string]*rawjson.Pattern{"alone": nil, "held against a schema": Compile(s.Schema(false), true)} {
		b.Run(name, func(b *testing.B) {
			p := &rawjson.Page{Python: true, Pattern: pattern}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Scan(body, []string{"data"}); err != nil {
					b.Fatal(err)
				}
			}
			for _, e := range p.Elements {
				if fits := e.Seen&rawjson.Fits != 0; fits != (pattern != nil) {
					b.Fatal("fits:", fits)
				}
			}
		})
	}
}

// BenchmarkAppend writes the records of the same page, to compare with.
func BenchmarkAppend(b *testing.B) {
	records := page(b, 1000, true)
	var out []byte
	size := 0
	for i := range records {
		raw, _ := records[i].Untouched()
		size += len(raw)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		out = out[:0]
		for i := range records {
			out = value.Append(out, &records[i])
		}
	}
}

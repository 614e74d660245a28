package fit

import (
	"bytes"
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
					if !plan.Fits(&records[i], nil) {
						b.Fatal("a record does not fit")
					}
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

package rawjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// benchRecord makes a record of about 960 bytes, of the kind that a helpdesk's API gives.
func benchRecord(r *rand.Rand, id int) []byte {
	words := strings.Fields(`order arrived broken please refund the customer was "very" happy today naïve thanks`)
	text := func(n int) string {
		var w []string
		for range n {
			w = append(w, strings.ReplaceAll(words[r.IntN(len(words))], `"`, `\"`))
		}
		return strings.Join(w, " ")
	}
	at := time.Date(2024, 1, 1, 0, 0, id, 0, time.UTC).Format(time.RFC3339)
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"id":%d,"uuid":"%08x-%04x-4%03x-a%03x-%012x","status":"open","is_read":%t,"rating":%d,"amount":%d.%02d,"currency":"EUR",`,
		id, r.IntN(1<<32), r.IntN(1<<16), r.IntN(1<<12), r.IntN(1<<12), r.IntN(1<<48), r.IntN(2) == 0, 1+r.IntN(5), r.IntN(9000), r.IntN(100))
	fmt.Fprintf(&b, `"subject":"%s","body":"%s\n-- \nsent from \u2603 \/ end","created_at":"%s","updated_at":"%s","closed_at":null,`, text(6), text(48), at, at)
	fmt.Fprintf(&b, `"customer":{"id":%d,"email":"user%d@example.test","name":"Zoë %s","address":{"city":"Bergen","zip":"%05d","geo":{"lat":%d.%06d,"lon":%d.%06d}},"tags":["vip","t%d","t%d"]},`,
		r.IntN(1e6), r.IntN(1e6), text(1), r.IntN(99999), r.IntN(90), r.IntN(1e6), r.IntN(180), r.IntN(1e6), r.IntN(50), r.IntN(50))
	fmt.Fprintf(&b, `"custom_fields":[{"id":1,"name":"plan","value":"p%d"},{"id":2,"name":"seats","value":%d},{"id":3,"name":"note","value":null}],"metrics":{"views":%d,"score":%d.%03d,"history":[%d,%d,%d,%d]}}`,
		r.IntN(9), r.IntN(400), r.IntN(1e5), r.IntN(10), r.IntN(1000), r.IntN(100), r.IntN(100), r.IntN(100), r.IntN(100))
	return b.Bytes()
}

// benchPage makes {"data":[…n records…],"pagination":{…}}.
func benchPage(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := []byte(`{"data":[`)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, benchRecord(r, i)...)
	}
	return append(b, `],"pagination":{"next_cursor":"abc","has_more":true}}`...)
}

func indented(b []byte) []byte {
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func BenchmarkJSONValid(b *testing.B) {
	page := benchPage(100)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		if !json.Valid(page) {
			b.Fatal("not valid")
		}
	}
}

func BenchmarkSkip(b *testing.B) {
	for name, page := range map[string][]byte{"compact": benchPage(100), "indented": indented(benchPage(100))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Skip(page, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendCompact(b *testing.B) {
	for name, page := range map[string][]byte{"compact": benchPage(100), "indented": indented(benchPage(100))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst = AppendCompact(dst[:0], page)
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	rec := benchRecord(rand.New(rand.NewPCG(1, 2)), 7)
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Find(rec, "updated_at"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkScanPage(b *testing.B) {
	for name, page := range map[string][]byte{"compact": benchPage(100), "indented": indented(benchPage(100)), "large": benchPage(2000)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			var p Page
			for b.Loop() {
				if err := p.Scan(page, []string{"data"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScanPageSpread(b *testing.B) {
	page := benchPage(100)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	p := Page{Spread: true}
	for b.Loop() {
		if err := p.Scan(page, []string{"data"}); err != nil || p.Ends[99] == 0 {
			b.Fatal(err)
		}
	}
}

func BenchmarkStream(b *testing.B) {
	page := benchPage(2000)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	var s Stream
	r := bytes.NewReader(page)
	for b.Loop() {
		r.Reset(page)
		s.Reset(r, []string{"data"})
		n := 0
		for _, err := s.Next(); err == nil; _, err = s.Next() {
			n++
		}
		if n != 2000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkMembers(b *testing.B) {
	rec := benchRecord(rand.New(rand.NewPCG(1, 2)), 7)
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		_ = Members(rec, func(_, _ []byte) bool { n++; return true })
	}
}

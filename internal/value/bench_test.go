package value

import (
	"fmt"
	"strings"
	"testing"

	"anytap/internal/rawjson"
)

// benchRecord has 961 bytes and 16 members, as a helpdesk's API gives them.
func benchRecord() []byte {
	head := `{"id":4711,"uuid":"0a1b2c3d-1234-4567-a890-0123456789ab","status":"open","is_read":true,"rating":4,"amount":812.07,"currency":"EUR","subject":"order arrived broken please refund",`
	tail := `","created_at":"2024-01-01T00:00:07Z","updated_at":"2024-01-01T01:00:07Z","closed_at":null,` +
		`"customer":{"id":81234,"email":"user81234@example.test","name":"Zoë the","address":{"city":"Bergen","zip":"01234","geo":{"lat":60.391263,"lon":5.322054}},"tags":["vip","t17"]},` +
		`"custom_fields":[{"id":1,"name":"plan","value":"p3"},{"id":2,"name":"seats","value":40},{"id":3,"name":"note","value":null}],"metrics":{"views":8123,"score":4.125,"history":[1,22,33,4]}}`
	body := `"body":"` + strings.Repeat(`the \"very\" happy customer was thanked today `, 20)
	return []byte(head + body[:961-len(head)-len(tail)] + tail)
}

func benchPage(n int) []byte {
	var all []string
	for range n {
		all = append(all, string(benchRecord()))
	}
	return []byte(`{"data":[` + strings.Join(all, ",") + `],"pagination":{"next":"abc"}}`)
}

func BenchmarkGetOne(b *testing.B) {
	rec := benchRecord()
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	var d Dict
	for b.Loop() {
		d.InitClean(rec)
		if v, ok := d.Get("updated_at"); !ok || v == nil {
			b.Fatal(v)
		}
	}
}

func BenchmarkGetFive(b *testing.B) {
	rec := benchRecord()
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	var d Dict
	for b.Loop() {
		d.InitClean(rec)
		for _, k := range []string{"id", "status", "updated_at", "none", "rating"} {
			d.Get(k)
		}
	}
}

func BenchmarkAppendUntouched(b *testing.B) {
	rec := benchRecord()
	for _, clean := range []bool{true, false} {
		b.Run(fmt.Sprintf("clean=%v", clean), func(b *testing.B) {
			b.SetBytes(int64(len(rec)))
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				d := Dict{raw: rec, clean: clean}
				dst = Append(dst[:0], &d)
			}
		})
	}
}

func BenchmarkSetAppend(b *testing.B) {
	rec := benchRecord()
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	var dst []byte
	for b.Loop() {
		var d Dict
		d.InitClean(rec)
		d.Set("tenant", "acme")
		dst = Append(dst[:0], &d)
	}
}

// BenchmarkPage goes the way of a page: scan, a field of each record, each record out.
func BenchmarkPage(b *testing.B) {
	body := benchPage(100)
	for name, spread := range map[string]bool{"noted": true, "found": false} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			p := rawjson.Page{Python: true, Spread: spread}
			dicts := make([]Dict, 100)
			var n Notes
			var dst []byte
			for b.Loop() {
				if err := p.Scan(body, []string{"data"}); err != nil {
					b.Fatal(err)
				}
				if spread {
					n.Drop()
					n.Take(body, &p)
				}
				dst = dst[:0]
				for i, e := range p.Elements {
					d := &dicts[i]
					if d.InitClean(e.In(body)); spread {
						n.Init(d, i, e.In(body), true)
					}
					if _, ok := d.Raw("updated_at"); !ok {
						b.Fatal("no cursor")
					}
					dst = append(Append(dst, d), '\n')
				}
			}
		})
	}
}

func BenchmarkDecodeAll(b *testing.B) {
	rec := benchRecord()
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	for b.Loop() {
		v, err := Decode(rec)
		if err != nil {
			b.Fatal(err)
		}
		Expand(v)
	}
}

func BenchmarkOpen(b *testing.B) {
	rec := benchRecord()
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	for b.Loop() {
		var d Dict
		d.InitClean(rec)
		if d.Len() < 10 {
			b.Fatal(d.Len())
		}
	}
}

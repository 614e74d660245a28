package value

import (
	"sync"
	"testing"

	"anytap/internal/rawjson"
)

// notedElements scans a page with one list and gives its elements with notes.
func notedElements(t testing.TB, n *Notes, p *rawjson.Page, body []byte) []*Dict {
	t.Helper()
	if err := p.Scan(body, []string{"d"}); err != nil {
		t.Fatal(err)
	}
	n.Drop()
	n.Take(body, p)
	var all []*Dict
	for i, e := range p.Elements {
		if raw := e.In(body); raw[0] == '{' {
			d := new(Dict)
			n.Init(d, i, raw, e.Seen.Clean())
			all = append(all, d)
		}
	}
	return all
}

// TestNotes does the same to elements with notes and without, page after page in the same memory.
func TestNotes(t *testing.T) {
	changes := map[string]func(*Dict){
		"nothing": func(*Dict) {},
		"look":    func(d *Dict) { d.Get("id"); d.Get("none"); d.Get("at") },
		"many looks": func(d *Dict) {
			for range 9 {
				d.Get("id")
				d.Get("b")
			}
		},
		"open":           func(d *Dict) { d.Open() },
		"set new":        func(d *Dict) { d.Set("new", "x"); d.Set("new", "y") },
		"set old":        func(d *Dict) { d.Set("id", int64(9)) },
		"set two":        func(d *Dict) { d.Set("new", nil); d.Set("b", true); d.Set("more", 1.5); d.Set("fourth", "4") },
		"delete":         func(d *Dict) { d.Delete("id"); d.Delete("none") },
		"delete and add": func(d *Dict) { d.Delete("at"); d.Set("at", "again") },
		"inside": func(d *Dict) {
			v, _ := d.Get("at")
			if in, ok := v.(*Dict); ok {
				in.Set("x", int64(2))
			}
		},
		"clone":     func(d *Dict) { d.Set("new", int64(1)); *d = *d.Clone(); d.Set("newer", int64(2)); d.Delete("id") },
		"other key": func(d *Dict) { d.SetKey(int64(1), "one"); d.GetKey(int64(1)) },
	}
	bodies := []string{
		`{"d":[{"id":1,"b":"é","at":{"x":1}},7,{"b":1},{},{"id":3,"id":4,"\u0069d":5},{"a\\":1,"":2}],"n":0}`,
		`{"d":[]}`,
		"{ \"d\" : [ { \"id\" : \"\\ud800\" , \"b\":NaN,\n\"at\": [ 1 ] } ] }",
		`{"d":[{"id":1},{"id":2,"at":null,"b":[],"c":1,"e":2,"f":3,"g":4,"h":5,"i":6}]}`,
	}
	var n Notes
	p := rawjson.Page{Python: true, Spread: true}
	for name, change := range changes {
		for _, text := range bodies {
			body := []byte(text)
			for i, d := range notedElements(t, &n, &p, body) {
				want := LazyDict(d.raw)
				if g, w := texts(d), texts(want); g != w {
					t.Errorf("element %d of %s: texts %s, want %s", i, text, g, w)
				}
				change(d)
				change(want)
				for _, key := range []string{"id", "b", "at", "none", "new", ""} {
					g, okG := d.Get(key)
					w, okW := want.Get(key)
					gRaw, hasG := d.Raw(key)
					wRaw, hasW := want.Raw(key)
					if okG != okW || Repr(g) != Repr(w) || hasG != hasW || string(gRaw) != string(wRaw) {
						t.Errorf("%s, element %d of %s: %q is %s %v (%s), want %s %v (%s)", name, i, text, key, Repr(g), okG, gRaw, Repr(w), okW, wRaw)
					}
				}
				if g, w := str(d), str(want); g != w {
					t.Errorf("%s, element %d of %s: %s, want %s", name, i, text, g, w)
				}
			}
		}
	}
}

func texts(d *Dict) string {
	var all []byte
	_ = d.Texts(func(key, val []byte) bool {
		all = append(append(append(all, key...), val...), ' ')
		return string(key) != `"b"`
	})
	return string(all)
}

// TestNotesOpenAtOnce opens the elements of a page by several goroutines.
func TestNotesOpenAtOnce(t *testing.T) {
	body := benchPage(64)
	p := rawjson.Page{Spread: true}
	var n Notes
	data := append([]byte(`{"d":`), body[len(`{"data":`):]...)
	for range 3 {
		var all sync.WaitGroup
		for _, d := range notedElements(t, &n, &p, data) {
			all.Go(func() {
				d.Set("id", "changed")
				if d.Len() != 15 {
					t.Errorf("%d members", d.Len())
				}
			})
		}
		all.Wait()
	}
}

package value

import (
	"strings"
	"testing"

	"anytap/rawjson"
)

func TestFromPage(t *testing.T) {
	for name, c := range map[string]struct{ body, path string }{
		"root array":     {` [{"id":1,"x":[1]},2,{"id":"é","at":{"y":0}}] `, ""},
		"root object":    {`{"a":1}`, ""},
		"root scalar":    {`12`, ""},
		"empty root":     {`{}`, "d"},
		"one name":       {`{"n":null,"d":[{"id":1},{ "id" : 2 },3],"m":{"p":[2]}}`, "d"},
		"two names":      {`{"d":{"x":1,"i":[{"id":3}],"id":4},"n":2}`, "d.i"},
		"missing":        {`{"d":{"x":1}}`, "d.i"},
		"through array":  {`{"d":[{"i":[1]}]}`, "d.i"},
		"object":         {`{"d":{"i":[1],"id":7}}`, "d"},
		"null":           {`{"d": null }`, "d"},
		"twice":          {`{"d":[{"id":1},2],"e":0,"d":[{"id":3,"id":4}]}`, "d"},
		"twice, missing": {`{"d":{"i":[1]},"e":0,"d":{"j":2}}`, "d.i"},
		"escaped name":   {`{"\u0064":[{"\u0069d":1}],"e\"":2}`, "d"},
		"spread out":     {"\n{ \"d\" :\t[ {\n\"id\" : 1 },\r\n 2 ] }\n", "d"},
		"bad text":       {"{\"d\":[{\"id\":\"\xff\"},{\"id\":NaN}]}", "d"},
	} {
		for _, watch := range [][]string{nil, {"id"}, {"none", "at", "id"}} {
			p := rawjson.Page{Python: true, Watch: watch}
			var path []string
			if c.path != "" {
				path = strings.Split(c.path, ".")
			}
			if err := p.Scan([]byte(c.body), path); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := FromPage([]byte(c.body), &p)
			want, err := DecodePython([]byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			p.Reset()
			comparePage(t, name, got, want)
		}
	}
}

// comparePage compares records by their fields first, then the whole.
func comparePage(t *testing.T, name string, got, want any) {
	t.Helper()
	for _, path := range [][]string{{"d", "0", "id"}, {"0", "id"}, {"2", "at", "y"}, {"d", "i", "0", "id"}, {"d", "0", "none"}, {"d", "1", "id"}} {
		g, okG := At(got, path...)
		w, okW := At(want, path...)
		if okG != okW || Repr(g) != Repr(w) {
			t.Errorf("%s: %v is %s %v, want %s %v", name, path, Repr(g), okG, Repr(w), okW)
		}
	}
	if g, w := Repr(got), Repr(want); g != w {
		t.Errorf("%s: got %s, want %s", name, g, w)
	}
	if g, w := str(Clone(got)), str(want); strings.ReplaceAll(g, " ", "") != w {
		t.Errorf("%s: got %s, want %s", name, g, w)
	}
	if d, ok := got.(*Dict); ok {
		d.Set("new", 1)
		want.(*Dict).Set("new", 1)
		if g, w := str(d), str(want); strings.ReplaceAll(g, " ", "") != w {
			t.Errorf("%s: got %s, want %s", name, g, w)
		}
	}
}

func TestFromPageFields(t *testing.T) {
	body := []byte(`{"d":[{"id":7,"at":{"x":1}},{"b":1}]}`)
	p := rawjson.Page{Watch: []string{"id", "at"}}
	if err := p.Scan(body, []string{"d"}); err != nil {
		t.Fatal(err)
	}
	v := FromPage(body, &p)
	first, _ := At(v, "d", "0")
	second, _ := At(v, "d", "1")
	d := first.(*Dict)
	if raw, ok := d.Raw("id"); !ok || string(raw) != "7" {
		t.Errorf("raw id %s %v", raw, ok)
	}
	if _, ok := second.(*Dict).Raw("id"); ok {
		t.Error("the second record has no id")
	}
	if _, ok := second.(*Dict).Get("at"); ok {
		t.Error("the second record has no at")
	}
	at, _ := d.Get("at")
	at.(*Dict).Set("x", 2)
	d.Set("id", 8)
	if got := str(v); got != `{"d":[{"id":8,"at":{"x":2}},{"b":1}]}` {
		t.Error(got)
	}
	if id, _ := d.Get("id"); id != int64(8) {
		t.Errorf("id %v", id)
	}
}

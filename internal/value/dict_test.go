package value

import (
	"slices"
	"strings"
	"testing"
)

func str(v any) string { return string(Append(nil, v)) }

func TestDictStaysRaw(t *testing.T) {
	const text = `{"a":1.10,"b":{"c":[1,{"d":"x"}]},"e":"\u00e9"}`
	d := LazyDict([]byte(text))
	if got, ok := d.Untouched(); !ok || string(got) != text {
		t.Fatalf("untouched: %s %v", got, ok)
	}
	if v, _ := At(d, "b", "c", "1", "d"); v != "x" {
		t.Errorf("b.c.1.d: %v", v)
	}
	if v, _ := d.Get("a"); v != 1.1 {
		t.Errorf("a: %v", v)
	}
	if v, _ := d.Get("e"); v != "é" {
		t.Errorf("e: %v", v)
	}
	if got := str(d); got != text {
		t.Errorf("after reads: %s", got)
	}
	if got, ok := d.Raw("a"); !ok || string(got) != "1.10" {
		t.Errorf("raw a: %s %v", got, ok)
	}
	b, _ := d.Get("b")
	b.(*Dict).Set("n", 1)
	if _, ok := d.Untouched(); ok {
		t.Error("untouched after a change inside")
	}
	if _, ok := d.Raw("b"); ok {
		t.Error("raw b after a change inside")
	}
	if got, want := str(d), `{"a":1.10,"b":{"c":[1,{"d":"x"}],"n":1},"e":"\u00e9"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDictChange(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		do   func(*Dict)
		want string
	}{
		"set new":         {`{"a": 1}`, func(d *Dict) { d.Set("b", "x") }, `{"a":1,"b":"x"}`},
		"set keeps place": {`{"a": 1, "b": 2.0}`, func(d *Dict) { d.Set("a", nil) }, `{"a":null,"b":2.0}`},
		"delete":          {`{"a":1,"b":2}`, func(d *Dict) { d.Delete("a") }, `{"b":2}`},
		"delete, set":     {`{"a":1,"b":2}`, func(d *Dict) { d.Delete("a"); d.Set("a", 3) }, `{"b":2,"a":3}`},
		"delete none":     {`{"a":1}`, func(d *Dict) { d.Delete("x") }, `{"a":1}`},
		"twice the name":  {`{"a":1,"b":2,"a":3}`, func(d *Dict) { d.Set("b", 4) }, `{"a":3,"b":4}`},
		"twice, beside":   {`{"a":1,"b":2,"a":3}`, func(d *Dict) { d.Set("c", 4) }, `{"a":1,"b":2,"a":3,"c":4}`},
		"set many":        {`{"a":1}`, func(d *Dict) { d.Set("b", 2); d.Set("c", 3); d.Set("b", 4); d.Set("d", 5); d.Set("a", 6) }, `{"a":6,"b":4,"c":3,"d":5}`},
		"set, delete":     {`{"a":1}`, func(d *Dict) { d.Set("b", 2); d.Set("c", 3); d.Delete("b") }, `{"a":1,"c":3}`},
		"set, read":       {`{ }`, func(d *Dict) { d.Set("b", 2); d.Get("b"); d.Get("x"); d.Get("y"); d.Get("z") }, `{"b":2}`},
		"set in empty":    {`{ }`, func(d *Dict) { d.Set("b", 2) }, `{"b":2}`},
		"set container":   {`{"a":1}`, func(d *Dict) { d.Set("b", LazyDict([]byte(`{"x":[ ]}`))) }, `{"a":1,"b":{"x":[]}}`},
		"escaped name":    {`{"\u0061":1,"b":2}`, func(d *Dict) { d.Set("a", 3) }, `{"a":3,"b":2}`},
		"empty":           {`{}`, func(d *Dict) { d.Set("", NewList(1, "x")) }, `{"":[1,"x"]}`},
		"only space":      {"{\n \"a\" : [ 1 , 2 ]\r\n}", func(*Dict) {}, `{"a":[1,2]}`},
		"list inside":     {`{"a":[1,2,{}]}`, func(d *Dict) { l, _ := d.Get("a"); l.(*List).Append(3); l.(*List).Set(0, 0.5) }, `{"a":[0.5,2,{},3]}`},
		"other key":       {`{"1":0}`, func(d *Dict) { d.SetKey(int64(1), "x"); d.SetKey(true, "y") }, `{"1":0,"1":"y"}`},
	} {
		d := LazyDict([]byte(c.text))
		copied := d.Clone()
		c.do(d)
		opened := LazyDict([]byte(c.text))
		opened.Keys()
		c.do(opened)
		if got, want := Repr(d.Clone()), Repr(opened); got != want {
			t.Errorf("%s: got %s, opened before %s", name, got, want)
		}
		if got := str(d); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		if got := str(d.Clone()); got != c.want {
			t.Errorf("%s: the clone gives %s, want %s", name, got, c.want)
		}
		if got, want := str(copied), str(LazyDict([]byte(c.text))); got != want {
			t.Errorf("%s: the clone made before gives %s, want %s", name, got, want)
		}
	}
}

func TestCloneIsDeep(t *testing.T) {
	d := LazyDict([]byte(`{"a":{"b":[1]},"t":1}`))
	v, _ := At(d, "a", "b")
	v.(*List).Append(2)
	c := d.Clone()
	v.(*List).Append(3)
	w, _ := At(c, "a", "b")
	w.(*List).Append(9)
	if got := str(d) + str(c); got != `{"a":{"b":[1,2,3]},"t":1}{"a":{"b":[1,2,9]},"t":1}` {
		t.Error(got)
	}
}

func TestDictMany(t *testing.T) {
	d := NewDict(0)
	var want []string
	for i := range 100 {
		k := strings.Repeat("k", i+1)
		want = append(want, k)
		d.Set(k, i)
	}
	raw := Append(nil, d)
	for _, d := range []*Dict{d, LazyDict(raw), d.Clone()} {
		if !slices.Equal(d.Keys(), want) || d.Len() != 100 {
			t.Fatalf("keys: %v", d.Keys())
		}
		for i, k := range want {
			if v, ok := d.Get(k); !ok || v != int64(i) {
				t.Fatalf("%s: %v %v", k, v, ok)
			}
		}
		d.Delete("kkk")
		if _, ok := d.Get("kkk"); ok || d.Len() != 99 {
			t.Error("kkk is still there")
		}
		if v, _ := d.Get("kkkk"); v != int64(3) {
			t.Errorf("kkkk: %v", v)
		}
	}
}

func TestAppend(t *testing.T) {
	lazy := func(s string) any {
		v, err := DecodePython([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, c := range map[string]struct {
		v    any
		want string
	}{
		"made":           {DictOf("a", 1, "b", nil, "c", []any{1.0, 1e16, true}), `{"a":1,"b":null,"c":[1.0,1e+16,true]}`},
		"text":           {"é\u2028<&>\"\\\n\x01\x7f", "\"é\u2028<&>\\\"\\\\\\n\\u0001\x7f\""},
		"not UTF-8":      {"a\xffb\xed\xa0\x80c", "\"a\ufffdb\ufffdc\""},
		"raw not UTF-8":  {lazy("[\"a\xffb\\ud800c\xe2\x98x\"]"), "[\"a\ufffdb\ufffdc\ufffdx\"]"},
		"raw nan":        {lazy(`{"a": NaN, "b": [-Infinity, -1, "NaN"]}`), `{"a":null,"b":[null,-1,"NaN"]}`},
		"tuple and set":  {Tuple{NewSet("x", "x"), Date{2026, 1, 2}}, `[["x"],"2026-01-02"]`},
		"raw kept":       {lazy(`{"f": 1.0, "e": 1E5, "u": "\u00e9\/"}`), `{"f":1.0,"e":1E5,"u":"\u00e9\/"}`},
		"key is escaped": {DictOf("a\"\xed\xa0\x80", 1), "{\"a\\\"\ufffd\":1}"},
	} {
		if got := str(c.v); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "nul", "NaN", "[1,]", "{\"a\":1,}", "01", "-", "1.", ".5", "1e", "\"a", "\"\n\"", "\"\\x\"", "\"\\u12g4\"", "[1 2]",
		"{1:2}", "1 2", "[", "{\"a\"}", "+1", "\ufeff1", "[1]]", strings.Repeat("[", 20000) + strings.Repeat("]", 20000),
	} {
		if v, err := DecodeString(text); err == nil {
			t.Errorf("%.20q: got %v", text, v)
		}
	}
}

// TestWithin puts a list into itself, as a template can.
func TestWithin(t *testing.T) {
	endless := func() *List {
		l := NewList(1)
		l.Append(DictOf("l", l))
		return l
	}
	a, b := endless(), endless()
	if Equal(a, b) || !Equal(a, a) {
		t.Error("equality of lists without an end")
	}
	l, m := NewList(), NewList()
	l.Append(l)
	m.Append(m)
	if _, err := Order("<", l, m); err == nil {
		t.Error("order of lists without an end")
	}
	Expand(a)
	if !Truth(Clone(a)) || len(Repr(a)) == 0 || len(Append(nil, a)) == 0 {
		t.Error("a list without an end is empty")
	}
}

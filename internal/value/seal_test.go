package value

import (
	"math"
	"math/big"
	"testing"
)

// TestSeal changes dicts, and wants the same values, of the same types, and the same text of them
// once they are sealed.
func TestSeal(t *testing.T) {
	const text = `{"id":1,"s":"é\u0031","f":1.50,"big":12345678901234567890,"at":{"x":[1,{"y":2}]},"l":[{"z":null}],"n":null}`
	nested := func(v any) func(*Dict) {
		return func(d *Dict) {
			at, _ := d.Get("at")
			at.(*Dict).Set("new", v)
		}
	}
	for name, test := range map[string]struct {
		change func(*Dict)
		stays  bool
	}{
		"nothing":       {change: func(*Dict) {}},
		"opened":        {change: func(d *Dict) { d.Len(); d.Get("at") }},
		"set beside":    {change: func(d *Dict) { d.Set("new", "x\"\n\u2028") }},
		"set old":       {change: func(d *Dict) { d.Set("id", 2.0) }},
		"negative zero": {change: func(d *Dict) { d.Set("id", math.Copysign(0, -1)) }},
		"large float":   {change: func(d *Dict) { d.Set("id", 1e22) }},
		"small float":   {change: func(d *Dict) { d.Set("id", 5e-324) }},
		"big number":    {change: func(d *Dict) { d.Set("id", new(big.Int).Lsh(big.NewInt(1), 90)) }},
		"delete":        {change: func(d *Dict) { d.Delete("at") }},
		"delete all": {change: func(d *Dict) {
			for _, k := range d.Keys() {
				d.Delete(k)
			}
		}},
		"nested":            {change: nested(true)},
		"nested list":       {change: func(d *Dict) { l, _ := d.Get("l"); l.(*List).Append(nil) }},
		"made by hand":      {change: func(d *Dict) { d.Set("new", DictOf("a", NewList(int64(1), "x"))) }},
		"lazy container":    {change: func(d *Dict) { v, _ := DecodeString(`{"clean":[1]}`); d.Set("new", v) }},
		"tuple":             {change: func(d *Dict) { d.Set("new", Tuple{int64(1)}) }, stays: true},
		"tuple in a list":   {change: func(d *Dict) { l, _ := d.Get("l"); l.(*List).Append(Tuple{}) }, stays: true},
		"not finite":        {change: func(d *Dict) { d.Set("new", math.Inf(1)) }, stays: true},
		"nested not finite": {change: nested(math.NaN()), stays: true},
		"lone surrogate":    {change: func(d *Dict) { d.Set("new", "\xed\xa0\x80") }, stays: true},
		"key of bad text":   {change: func(d *Dict) { d.Set("\xff", int64(1)) }, stays: true},
		"key of no text":    {change: func(d *Dict) { d.SetKey(int64(1), int64(1)) }, stays: true},
		"unclean container": {change: func(d *Dict) { d.Set("new", DecodeRaw([]byte(`[NaN]`))) }, stays: true},
	} {
		d, want := new(Dict), new(Dict)
		d.InitClean([]byte(text))
		want.InitClean([]byte(text))
		test.change(d)
		test.change(want)
		dst, sealed := d.Seal([]byte("before"))
		if sealed == test.stays || string(dst[:6]) != "before" {
			t.Errorf("%s: sealed %v, %s", name, sealed, dst)
		}
		if sealed && d.m != nil {
			t.Errorf("%s: members are still held", name)
		}
		for _, again := range []string{"", "changed again"} {
			if again != "" {
				d.Set("z", again)
				want.Set("z", again)
			}
			if g, w := str(d), str(want); g != w {
				t.Errorf("%s: text %s, want %s", name, g, w)
			}
			if g, w := Repr(d), Repr(want); g != w {
				t.Errorf("%s: value %s, want %s", name, g, w)
			}
		}
	}
}

// TestSealUnclean seals nothing whose text would be put right on the way out.
func TestSealUnclean(t *testing.T) {
	for _, text := range []string{`{"a":NaN}`, "{\"a\":\n1}", `{"a":"\ud800"}`} {
		d := LazyDict([]byte(text))
		d.Set("new", int64(1))
		if dst, sealed := d.Seal(nil); sealed || dst != nil {
			t.Errorf("%s: sealed as %s", text, dst)
		}
	}
}

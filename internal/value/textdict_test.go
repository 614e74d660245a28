package value

import "testing"

func TestTextDictKeepsDigits(t *testing.T) {
	t.Parallel()
	var b TextDict
	if got := string(Append(nil, b.Dict())); got != `{}` {
		t.Errorf("got %s", got)
	}
	b.AddText([]byte(`"a\u0022"`), []byte(`1.50`))
	b.Add("é\n", NewList(int64(1), "x"))
	b.Add("l", LazyDict([]byte(`{"n":1e2}`)))
	d := b.Dict()
	if got := string(Append(nil, d)); got != `{"a\u0022":1.50,"é\n":[1,"x"],"l":{"n":1e2}}` {
		t.Errorf("got %s", got)
	}
	if v, _ := d.Get(`a"`); v != 1.5 {
		t.Errorf("a is %v", v)
	}
	b.Add("b", nil)
	b.Into(d)
	if got := string(Append(nil, d)); got != `{"b":null}` {
		t.Errorf("got %s", got)
	}
}

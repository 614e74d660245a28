package value

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzDecode compares what text decodes to with encoding/json, and what is written of it in every
// way.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"b":[1.10,-0,1e400,12345678901234567890,"\u00e9\ud800\n"],"a":{"c":null,"":true}}`, ` [ "é" , {} , [] ] `, `NaN`, `-Infinity`,
		"{\"\xff\":\"\xe2\x98\",\"\\u0061\":false}", `"`, `{"a":`, `[[[[]]]]`, `1E5`, `{"1":{"2":{"3":[0]}}}`,
	} {
		f.Add([]byte(text), "a")
	}
	f.Fuzz(func(t *testing.T, text []byte, key string) {
		v, err := DecodePython(text)
		if err != nil {
			return
		}
		lazy := Append(nil, v)
		checkValid(t, text, lazy)
		checkValid(t, text, AppendCompactSorted(nil, Clone(v)))
		if Truth(v); Repr(Clone(v)) != Repr(v) {
			t.Fatalf("%q: the clone is %s", text, Repr(Clone(v)))
		}
		if json.Valid(text) {
			d := json.NewDecoder(bytes.NewReader(lazy))
			d.UseNumber()
			var x any
			if err := d.Decode(&x); err != nil {
				t.Fatal(err)
			}
			again, err := Decode(lazy)
			if want := FromGo(x); err != nil || !Equal(again, want) {
				t.Fatalf("%q: got %s, want %s", text, Repr(again), Repr(want))
			}
		}
		if _, _, err := Expand(v), Str(v), error(nil); err != nil || !bytes.Equal(Append(nil, v), lazy) {
			t.Fatalf("%q: reading changes %s to %s", text, lazy, Append(nil, v))
		}
		checkDict(t, text, key, v)
	})
}

func checkValid(t *testing.T, text, out []byte) {
	t.Helper()
	// What goes out in Python's style may hold NaN.
	if _, err := DecodePython(out); err != nil {
		t.Fatalf("%q gives %q: %v", text, out, err)
	}
}

func checkDict(t *testing.T, text []byte, key string, v any) {
	t.Helper()
	d, ok := v.(*Dict)
	if !ok {
		return
	}
	n := d.Len()
	_, had := d.Get(key)
	d.Set(key, "set")
	if got, ok := d.Get(key); !ok || got != "set" || !had && d.Len() != n+1 || had && d.Len() != n {
		t.Fatalf("%q: after Set(%q) %s", text, key, Repr(d))
	}
	checkValid(t, text, Append(nil, d))
	if !d.Delete(key) || d.Len() != len(d.Keys()) {
		t.Fatalf("%q: after Delete(%q) %s", text, key, Repr(d))
	}
}

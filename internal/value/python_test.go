package value

import (
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"strconv"
	"testing"
	"time"
)

// golden is what Python makes of values; testdata/python.py writes it.
type golden struct {
	Texts []struct {
		JSON, Type, Repr, Str, Dumps, Sorted, Compact string
		Truth                                         bool
	}
	Values []struct {
		Value           json.RawMessage
		Type, Repr, Str string
		Truth, Hashable bool
	}
	Pairs []struct {
		Equal string
		Order []int // indexes of Orders
	}
	Orders []string // what <, <=, >, >= give as 0 and 1, or the error
}

func loadGolden(t *testing.T) golden {
	t.Helper()
	b, err := os.ReadFile("testdata/python.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestPythonTexts(t *testing.T) {
	for _, c := range loadGolden(t).Texts {
		repr, _ := hex.DecodeString(c.Repr)
		str, _ := hex.DecodeString(c.Str)
		for _, expand := range []bool{false, true} {
			v, err := DecodePython([]byte(" " + c.JSON + "\n"))
			if err != nil {
				t.Errorf("%s: %v", c.JSON, err)
				continue
			}
			if expand {
				Expand(v)
			}
			for what, p := range map[string][2]string{
				"repr":                {Repr(v), string(repr)},
				"str":                 {Str(v), string(str)},
				"type":                {TypeName(v), c.Type},
				"truth":               {strconv.FormatBool(Truth(v)), strconv.FormatBool(c.Truth)},
				"AppendPython":        {string(AppendPython(nil, v)), c.Dumps},
				"AppendSorted":        {string(AppendSorted(nil, v)), c.Sorted},
				"AppendCompactSorted": {string(AppendCompactSorted(nil, v)), c.Compact},
			} {
				if p[0] != p[1] {
					t.Errorf("%s of %s: got %q, want %q", what, c.JSON, p[0], p[1])
				}
			}
			if !json.Valid(Append(nil, v)) {
				t.Errorf("Append of %s gives %s", c.JSON, Append(nil, v))
			}
		}
	}
}

func TestPythonValues(t *testing.T) {
	for _, c := range loadGolden(t).Values {
		v := untag(t, c.Value)
		if got := TypeName(v); got != c.Type {
			t.Errorf("%s: type %q, want %q", c.Value, got, c.Type)
		}
		if got := Repr(v); got != c.Repr {
			t.Errorf("%s: repr %q, want %q", c.Value, got, c.Repr)
		}
		if got := Str(v); got != c.Str {
			t.Errorf("%s: str %q, want %q", c.Value, got, c.Str)
		}
		if got := Truth(v); got != c.Truth {
			t.Errorf("%s: truth %v", c.Value, got)
		}
		if _, got := Key(v); got != c.Hashable {
			t.Errorf("%s: hashable %v", c.Value, got)
		}
	}
}

func TestPythonPairs(t *testing.T) {
	g := loadGolden(t)
	ops := []string{"<", "<=", ">", ">="}
	for i, row := range g.Pairs {
		a := untag(t, g.Values[i].Value)
		for j := range g.Values {
			b := untag(t, g.Values[j].Value)
			want := row.Equal[j] == '1'
			if got := Equal(a, b); got != want {
				t.Errorf("%s == %s: got %v", Repr(a), Repr(b), got)
			}
			ka, okA := Key(a)
			kb, okB := Key(b)
			if okA && okB && (ka == kb) != want {
				t.Errorf("keys of %s and %s: %v and %v", Repr(a), Repr(b), ka, kb)
			}
			wanted := g.Orders[row.Order[j]]
			for n, op := range ops {
				got, err := Order(op, a, b)
				switch {
				case len(wanted) == len(ops):
					if err != nil || got != (wanted[n] == '1') {
						t.Errorf("%s %s %s: got %v, %v", Repr(a), op, Repr(b), got, err)
					}
				case n == 0 && (err == nil || err.Error() != wanted):
					t.Errorf("%s %s %s: got %v, want %s", Repr(a), op, Repr(b), err, wanted)
				}
			}
		}
	}
}

// untag makes the value that python.py wrote down.
func untag(t *testing.T, raw []byte) any {
	t.Helper()
	v, err := Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return untagValue(t, v)
}

func untagValue(t *testing.T, v any) any {
	t.Helper()
	items := func(l any) []any {
		var all []any
		for _, e := range l.(*List).All() {
			all = append(all, untagValue(t, e))
		}
		return all
	}
	if l, ok := v.(*List); ok {
		return NewList(items(l)...)
	}
	d, ok := v.(*Dict)
	if !ok {
		return v
	}
	for k, e := range d.All() {
		switch k {
		case "$float":
			f, _ := strconv.ParseFloat(e.(string), 64)
			return f
		case "$int":
			n, _ := new(big.Int).SetString(e.(string), 10)
			return Integer(n)
		case "$tuple":
			return Tuple(items(e))
		case "$set":
			return NewSet(items(e)...)
		case "$bytes":
			b, _ := hex.DecodeString(e.(string))
			return Bytes(b)
		case "$dict":
			d := NewDict(0)
			for _, kv := range e.(*List).All() {
				d.SetKey(untagValue(t, kv.(*List).At(0)), untagValue(t, kv.(*List).At(1)))
			}
			return d
		}
		return untagTime(t, k, e.(*List))
	}
	t.Fatalf("no tag in %s", Repr(v))
	return nil
}

func untagTime(t *testing.T, tag string, l *List) any {
	t.Helper()
	n := func(i int) int64 { return l.At(i).(int64) }
	switch tag {
	case "$datetime":
		at, err := time.Parse("2006-01-02T15:04:05.999999", l.At(0).(string))
		if err != nil {
			t.Fatal(err)
		}
		off, aware := l.At(1).(int64)
		if !aware {
			return Datetime{Time: at, Naive: true}
		}
		zone := time.FixedZone("", int(off))
		return Datetime{Time: at.Add(-time.Duration(off) * time.Second).In(zone)}
	case "$date":
		return Date{int(n(0)), int(n(1)), int(n(2))}
	case "$timedelta":
		return NewTimedelta(n(0), n(1), n(2))
	}
	t.Fatalf("unknown tag %s", tag)
	return nil
}

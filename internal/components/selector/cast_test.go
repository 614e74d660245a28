package selector

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"anytap/internal/value"
)

// fixedSchema is a loader of one schema.
type fixedSchema struct{ schema *value.Dict }

func (f fixedSchema) Schema(context.Context) (*value.Dict, error) { return f.schema, nil }

func planOf(t testing.TB, schema *value.Dict) *schemaPlan {
	t.Helper()
	c := &casts{schema: fixedSchema{schema}, log: slog.New(slog.DiscardHandler)}
	p, err := c.compiled(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func decoded(t testing.TB, raw []byte) any {
	t.Helper()
	v, err := value.DecodePython(raw)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestValuesAreCastAsByReferenceRuntime casts many values by many schemas and compares with the
// reference runtime's results.
func TestValuesAreCastAsByReferenceRuntime(t *testing.T) {
	data, err := os.ReadFile("testdata/casts.json")
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Values []json.RawMessage
		Cases  []struct {
			Schema  json.RawMessage
			Results []json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(strings.NewReplacer(":Infinity", `:"+inf"`, ":-Infinity", `:"-inf"`, ":NaN", `:"+nan"`).Replace(string(data))), &r); err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		p := planOf(t, decoded(t, c.Schema).(*value.Dict))
		for i, v := range r.Values {
			result := decoded(t, c.Results[i]).(*value.Dict)
			want, fine := result.Get("ok")
			for _, opened := range []bool{false, true} {
				d := decoded(t, []byte(`{"f":`+string(v)+`,"x":1}`)).(*value.Dict)
				if opened {
					got, _ := d.Get("f")
					d.Set("f", value.Clone(got))
				}
				var err error
				if p != nil {
					err = p.apply(d)
				}
				got, _ := d.Get("f")
				if (err == nil) != fine || fine && !same(got, want) {
					t.Errorf("%s by %s: %s, %v; want %s", v, c.Schema, value.Repr(got), err, value.Repr(want))
				}
			}
		}
	}
}

// same is equality that tells 1, 1.0 and true apart; want may name a number that JSON does not
// have.
func same(got, want any) bool {
	switch want {
	case "+inf", "-inf", "+nan":
		f, ok := got.(float64)
		return ok && strings.Contains("+"+value.Repr(f), strings.TrimPrefix(want.(string), "+"))
	}
	return value.Repr(got) == value.Repr(want)
}

func TestWhatNeedsNoCastStaysText(t *testing.T) {
	schema := value.DictOf("properties", value.DictOf("a", value.DictOf("type", "integer"), "o", value.DictOf("properties", value.DictOf("n", value.DictOf("type", "number")))))
	p := planOf(t, schema)
	for in, want := range map[string]string{
		`{"a":1,"b":1.50,"o":{"n":1.50}}`:   `{"a":1,"b":1.50,"o":{"n":1.50}}`,
		`{"a":"1","b":1.50,"o":{"n":1.50}}`: `{"a":1,"b":1.50,"o":{"n":1.50}}`,
		`{"a":1,"b":1.50,"o":{"n":"2"}}`:    `{"a":1,"b":1.50,"o":{"n":2.0}}`,
		`{"\u0061":"7"}`:                    `{"a":7}`,
	} {
		d := value.LazyDict([]byte(in))
		if err := p.apply(d); err != nil {
			t.Fatal(err)
		}
		if got := string(value.Append(nil, d)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func FuzzCast(f *testing.F) {
	f.Add(`{"a":"1"}`, `{"properties":{"a":{"type":"integer"}}}`)
	f.Add(`{"a":[1,{"b":"x"}]}`, `{"properties":{"a":{"items":{"$ref":"#"}}}}`)
	f.Fuzz(func(t *testing.T, record, schema string) {
		r, err := value.DecodeString(record)
		d, ok := r.(*value.Dict)
		if err != nil || !ok {
			return
		}
		s, err := value.DecodeString(schema)
		sd, ok := s.(*value.Dict)
		if err != nil || !ok {
			return
		}
		if p := planOf(t, sd); p != nil {
			_ = p.apply(d)
		}
		if out := value.Append(nil, d); len(out) == 0 {
			t.Error("nothing is left")
		}
	})
}

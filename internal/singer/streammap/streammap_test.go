package streammap

import (
	"strings"
	"testing"

	"anytap/internal/value"
)

func decode(t testing.TB, text string) *value.Dict {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*value.Dict)
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ config, want string }{
		"untouched": {`{"stream_maps":{"s":{"new":"'x'"}}}`, `{"id":1,"n":1.10,"o":{"p":0.30000000000000004441,"q":[2.50]},"new":"x"}`},
		"renamed":   {`{"stream_maps":{"s":{"m":"n","n":null,"o":null}}}`, `{"id":1,"m":1.10}`},
		"self":      {`{"stream_maps":{"s":{"n":"self","o":null}}}`, `{"id":1,"n":1.10}`},
		"flattened": {`{"flattening_enabled":true,"flattening_max_depth":1}`, `{"id":1,"n":1.10,"o__p":0.30000000000000004441,"o__q":"[2.50]"}`},
	} {
		m, err := Read(decode(t, test.config))
		if err != nil {
			t.Fatal(err)
		}
		schema := decode(t, `{"type":"object","properties":{"id":{"type":"integer"},"n":{"type":"number"},"o":{"type":"object","properties":{"p":{"type":"number"},"q":{"type":"array"}}}}}`)
		maps, err := m.Of("s", schema, []string{"id"})
		if err != nil || len(maps) != 1 {
			t.Fatal(maps, err)
		}
		out, err := maps[0].Record(decode(t, `{"id":1,"n":1.10,"o":{"p":0.30000000000000004441,"q":[2.50]}}`))
		if got := string(value.Append(nil, out)); got != test.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", name, got, err, test.want)
		}
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		`{"stream_maps":[]}`:                                     "stream_maps is a list, expected an object",
		`{"stream_map_config":"x"}`:                              "stream_map_config is a str, expected an object",
		`{"stream_maps":{"__else__":"keep"}}`:                    "stream_maps.__else__ is 'keep', expected null: the streams without a map are left out",
		`{"stream_maps":{"__x__":{}}}`:                           "stream_maps.__x__ is no name of a stream, and of options only __else__ can stand here",
		`{"stream_maps":{"c":{"__source__":1}}}`:                 "stream_maps.c.__source__ is a int, expected the name of a stream",
		`{"stream_maps":{"s":"x"}}`:                              "stream_maps.s is 'x', expected an object with properties, or null",
		`{"stream_maps":{"s":{"a":1}}}`:                          "stream_maps.s.a: it is a int, expected an expression in a text, or null",
		`{"stream_maps":{"s":{"a":"(1 +\n )"}}}`:                 "stream_maps.s.a: expression \"(1 +\\n )\", line 2, column 2: unexpected \")\"",
		`{"stream_maps":{"s":{"a":"'é' + )"}}}`:                  `stream_maps.s.a: expression "'é' + )", column 7: unmatched ")"`,
		`{"stream_maps":{"s":{"id":null}}}`:                      "stream_maps.s.id: a key property can not be removed: say other keys in __key_properties__ (null: none)",
		`{"stream_maps":{"s":{"__else__":null}}}`:                "stream_maps.s: id is a key property, and the map leaves it out: name it, or say other keys in __key_properties__ (null: none)",
		`{"stream_maps":{"s":{"__else__":"x"}}}`:                 "stream_maps.s.__else__: it is 'x', expected null: the properties that the map does not name are left out",
		`{"stream_maps":{"s":{"__key_properties__":"id"}}}`:      "stream_maps.s.__key_properties__: it is 'id', expected a list of names, or null for no key",
		`{"stream_maps":{"s":{"__filter__":true}}}`:              "stream_maps.s.__filter__: it is a bool, expected an expression in a text",
		`{"stream_maps":{"s":{"__alias__":"a b"}}}`:              `stream_maps.s.__alias__: expression "a b", column 3: unexpected "b"`,
		`{"stream_maps":{"s":{"a":"fake.name()"}}}`:              `stream_maps.s.a: the expression "fake.name()" uses fake, and Faker is not supported`,
		`{"flattening_enabled":true}`:                            "flattening_max_depth is missing",
		`{"flattening_enabled":"yes"}`:                           "flattening_enabled is a str, expected true or false",
		`{"flattening_enabled":true,"flattening_max_depth":"1"}`: "flattening_max_depth is '1', expected a whole number",
	} {
		m, err := Read(decode(t, config))
		if err == nil {
			_, err = m.Of("s", decode(t, `{"type":"object","properties":{"id":{"type":"integer"}}}`), []string{"id"})
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v; want %s", config, err, want)
		}
	}
}

func TestStreamsThatAreLeftOut(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]bool{
		`{"stream_maps":{"s":null}}`:                                     true,
		`{"stream_maps":{"s":"__NULL__"}}`:                               true,
		`{"stream_maps":{"*":null}}`:                                     true,
		`{"stream_maps":{"__else__":null}}`:                              true,
		`{"stream_maps":{"s":{},"__else__":null}}`:                       false,
		`{"stream_maps":{"s":null,"copy":{"__source__":"s"}}}`:           false,
		`{"stream_maps":{"*":null,"s":{}}}`:                              false,
		`{"stream_maps":{"other":null}}`:                                 false,
		`{"stream_maps":{"__else__":null,"copy":{"__source__":"[rs]"}}}`: false,
	} {
		m, err := Read(decode(t, config))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.LeavesOut("s"); got != want {
			t.Errorf("%s: %v", config, got)
		}
		maps, err := m.Of("s", decode(t, `{"properties":{}}`), nil)
		if err != nil || (len(maps) == 0) != want {
			t.Errorf("%s: %d maps, %v", config, len(maps), err)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	m, err := Read(decode(b, `{"stream_maps":{"customers":{"email":null,"domain":"email.split('@')[-1]","hash":"md5(email)","total":"float(price) * 2","__filter__":"id > 0"}}}`))
	if err != nil {
		b.Fatal(err)
	}
	maps, err := m.Of("customers", decode(b, `{"properties":{"id":{"type":"integer"},"email":{"type":"string"}}}`), nil)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(`{"id":1,"email":"ann@example.com","price":12.5,"name":"Ann","tags":["a","b"],"address":{"city":"Bonn"}}`)
	b.ReportAllocs()
	for range b.N {
		if _, err := maps[0].Record(value.LazyDict(text)); err != nil {
			b.Fatal(err)
		}
	}
}

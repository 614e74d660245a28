package fit

import (
	"strings"
	"testing"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

func schemaOf(t testing.TB, text string) *value.Dict {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.(*value.Dict)
}

// TestFitsAndWiden checks a record, and widens the schema where it does not fit: then it does.
func TestFitsAndWiden(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		properties, record string
		want               string // of the properties afterwards; empty: the record fits
		changes            string
	}{
		"all that fits": {
			`{"b":{"type":["null","boolean"]},"i":{"type":["null","integer"]},"n":{"type":["null","number"]},"s":{"type":["null","string"]},"d":{"type":["null","string"],"format":"date-time"},"x":{}}`,
			`{"b":true,"i":-5,"n":1e5,"s":"","d":"2026-01-01T00:00:00Z","x":[{}]}`, "", "",
		},
		"nulls":             {`{"i":{"type":"integer"},"o":{"type":"object","properties":{"a":{"type":"string"}}}}`, `{"i":null,"o":{"a":null}}`, "", ""},
		"white space":       {`{"i":{"type":"integer"},"l":{"type":"array","items":{"type":"string"}}}`, "{ \"i\" : 1 , \"l\" : [ \"a\" , \"b\" ] }", "", ""},
		"another order":     {`{"a":{"type":"integer"},"b":{"type":"string"},"c":{"type":"boolean"}}`, `{"c":false,"a":1,"b":"x"}`, "", ""},
		"names with marks":  {`{"a\"b":{"type":"integer"},"é":{"type":"string"}}`, `{"a\u0022b":1,"\u00e9":"x"}`, "", ""},
		"a few are missing": {`{"a":{"type":"integer"},"b":{},"c":{},"a long name":{"type":"string"},"d":{"type":"boolean"}}`, `{"a":1,"a long name":"x","d":true}`, "", ""},
		"texts with marks":  {`{"a":{"type":"string"},"b":{"type":"integer"}}`, `{"a":"}\\\",\\","b":1}`, "", ""},
		"less":              {`{"a":{"type":"integer"},"b":{"type":"string"}}`, `{}`, "", ""},
		"options":           {`{"a":{"anyOf":[{"type":"string"}]}}`, `{"a":1}`, "", ""},
		"a fraction":        {`{"a":{"type":["null","integer"]}}`, `{"a":1.5}`, `{"a":{"type":["null","number"]}}`, "a integer: number"},
		"one type":          {`{"a":{"type":"integer"}}`, `{"a":1.0}`, `{"a":{"type":["number"]}}`, "a integer: number"},
		"beyond 64 bits":    {`{"a":{"type":["null","integer"]}}`, `{"a":9223372036854775808}`, `{"a":{"type":["null","number"]}}`, "a integer: number"},
		"the last of them":  {`{"a":{"type":["null","integer"]}}`, `{"a":9223372036854775807}`, "", ""},
		"a text":            {`{"a":{"type":["null","number"]}}`, `{"a":"A5"}`, `{"a":{"type":["null","integer","string"]}}`, "a number: string"},
		"a boolean in text": {`{"a":{"type":["null","boolean"]}}`, `{"a":"true"}`, `{"a":{"type":["null","boolean","string"]}}`, "a boolean: string"},
		"an empty time":     {`{"a":{"type":["null","string"],"format":"date-time"}}`, `{"a":""}`, `{"a":{"type":["null","string"]}}`, "a string, date-time: a text that is no date-time"},
		"fractions, texts":  {`{"a":{"type":"array","items":{"type":["null","number"]}}}`, `{"a":[1.5,"x",2]}`, `{"a":{"type":"array","items":{"type":["null","number","string"]}}}`, "a.[] number: string"},
		"a fraction again":  {`{"a":{"type":["null","integer","string"]}}`, `{"a":1.5}`, `{"a":{"type":["null","string","number"]}}`, "a integer or string: number"},
		"a time no more":    {`{"a":{"type":["null","string"],"format":"date-time"}}`, `{"a":5}`, `{"a":{"type":["null","string","integer"]}}`, "a string: integer"},
		"an object":         {`{"a":{"type":["null","string"]}}`, `{"a":{"b":1}}`, `{"a":{"type":["null","string","object"],"properties":{"b":{"type":["null","number"]}},"additionalProperties":true}}`, "a string: object"},
		"a list":            {`{"a":{"type":["null","object"],"properties":{}}}`, `{"a":[1]}`, `{"a":{"type":["null","object","array"],"properties":{},"items":{"type":["null","number"]}}}`, "a object: array"},
		"deep inside":       {`{"a":{"type":"object","properties":{"b":{"type":"array","items":{"type":"object","properties":{"c":{"type":"integer"}}}}}}}`, `{"a":{"b":[{"c":1},{"c":"x"}]}}`, `{"a":{"type":"object","properties":{"b":{"type":"array","items":{"type":"object","properties":{"c":{"type":["integer","string"]}}}}}}}`, "a.b.[].c integer: string"},
		"elements":          {`{"a":{"type":"array","items":{"type":["null","number"]}}}`, `{"a":[1,null,"x"]}`, `{"a":{"type":"array","items":{"type":["null","integer","string"]}}}`, "a.[] number: string"},
		"a new field":       {`{"a":{"type":"integer"}}`, `{"a":1,"n":{"b":true}}`, `{"a":{"type":"integer"},"n":{"type":["null","object"],"properties":{"b":{"type":["null","boolean"]}},"additionalProperties":true}}`, "n nothing: object"},
		"a new field inside": {
			`{"a":{"type":"object","properties":{"b":{"type":"integer"}}}}`, `{"a":{"b":1,"c":2}}`, "", "",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			schema := schemaOf(t, `{"type":"object","properties":`+test.properties+`}`)
			record := value.LazyDict([]byte(test.record))
			if fits := Fits(Compile(schema, true), record, nil); fits != (test.want == "") {
				t.Fatalf("fits: %v", fits)
			}
			page := &rawjson.Page{Pattern: Compile(schema, true)}
			if err := page.Scan([]byte("["+test.record+"]"), nil); err != nil {
				t.Fatal(err)
			}
			if fits := page.Elements[0].Seen&rawjson.Fits != 0; fits != (test.want == "") {
				t.Fatalf("fits in a page: %v", fits)
			}
			w := &Widening{Schema: schema, Whole: true}
			w.Add(record)
			var changes []string
			for _, c := range w.Changes() {
				changes = append(changes, c.Field+" "+c.Had+": "+c.Found)
			}
			if got := strings.Join(changes, "; "); got != test.changes {
				t.Errorf("changes are %s, expected %s", got, test.changes)
			}
			properties, _ := schema.Get("properties")
			if got := string(value.Append(nil, properties)); test.want != "" && got != test.want {
				t.Errorf("properties are\n%s, expected\n%s", got, test.want)
			}
			if !Fits(Compile(schema, true), record, nil) {
				t.Errorf("it does not fit the wider schema either")
			}
			if len(w.Changes()) != len(changes) {
				t.Errorf("changes are told again")
			}
		})
	}
}

// A record that was changed since it came is judged by what is written of it.
func TestChangedRecordsAreJudgedByTheirText(t *testing.T) {
	t.Parallel()
	plan := Compile(schemaOf(t, `{"properties":{"a":{"type":"integer"}}}`), false)
	d := value.LazyDict([]byte(`{"a":1}`))
	d.Set("a", "x")
	if Fits(plan, d, value.Append(nil, d)) {
		t.Error("a text fits an integer")
	}
}

// rebuilt is a value in which each name occurs once.
func rebuilt(v any) any {
	switch v := v.(type) {
	case *value.Dict:
		d := value.NewDict(0)
		for name, member := range v.All() {
			d.Set(name, rebuilt(member))
		}
		return d
	case *value.List:
		l := value.NewList()
		for _, item := range v.All() {
			l.Append(rebuilt(item))
		}
		return l
	}
	return v
}

// FuzzFits widens a schema by any record, which must fit it then.
func FuzzFits(f *testing.F) {
	f.Add(`{"a":1}`, `{"a":"\\\"","b":[1,{"c":null}]}`)
	f.Add(`{"a":[{"b":1}],"t":"2026-01-01T00:00:00Z"}`, ` { "a" : [ { "b" : -1.5e3 } ] , "t" : "" } `)
	f.Add(`{"1":{"2":3}}`, `{"1":{"2":"3"},"4":9223372036854775808}`)
	f.Fuzz(func(t *testing.T, first, second string) {
		var records []*value.Dict
		for _, text := range []string{first, second} {
			raw, _, err := rawjson.Trim([]byte(text), false)
			if err != nil || raw[0] != '{' {
				return
			}
			text := value.Append(nil, rebuilt(value.LazyDict(raw)))
			records = append(records, value.LazyDict(text))
		}
		s := &Shape{}
		s.Add(records[0])
		schema := value.DictOf("type", "object", "properties", s.Properties())
		if !Fits(Compile(schema, true), records[0], nil) {
			t.Fatalf("%s does not fit its own schema %s", first, value.Append(nil, schema))
		}
		w := &Widening{Schema: schema, Whole: true}
		w.Add(records[1])
		w.Changes()
		if !Fits(Compile(schema, true), records[1], nil) {
			t.Fatalf("%s does not fit %s", second, value.Append(nil, schema))
		}
	})
}

package fit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"anytap/internal/value"
)

// shapeOf is the shape of records, one a line.
func shapeOf(t testing.TB, lines string) *Shape {
	t.Helper()
	s := &Shape{}
	for line := range strings.Lines(lines) {
		v, err := value.DecodeString(line)
		if err != nil {
			t.Fatal(err)
		}
		s.Add(v)
	}
	return s
}

func TestProperties(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ records, want string }{
		"every type": {
			`{"b": true, "i": 1, "n": 1.5, "s": "x", "t": "2026-01-01T00:00:00Z"}`,
			`{"b":{"type":["null","boolean"]},"i":{"type":["null","number"]},"n":{"type":["null","number"]},"s":{"type":["null","string"]},"t":{"type":["null","string"],"format":"date-time"}}`,
		},
		"fields in the order of their appearance": {
			"{\"b\": 1}\n{\"a\": 1, \"b\": 2}", `{"b":{"type":["null","number"]},"a":{"type":["null","number"]}}`,
		},
		"null and a value":      {"{\"a\": null}\n{\"a\": 5}", `{"a":{"type":["null","number"]}}`},
		"always null":           {`{"a": null}`, `{"a":{"type":["null","string"]}}`},
		"whole and broken":      {"{\"a\": 1}\n{\"a\": 1.0}", `{"a":{"type":["null","number"]}}`},
		"the primary key":       {`{"number": 1}`, `{"number":{"type":["null","integer"]}}`},
		"names of keys":         {`{"id": 1, "customerId": 2, "tag_ids": [3], "PAID": 4}`, `{"id":{"type":["null","integer"]},"customerId":{"type":["null","integer"]},"tag_ids":{"type":["null","array"],"items":{"type":["null","integer"]}},"PAID":{"type":["null","number"]}}`},
		"a key with a fraction": {"{\"id\": 1}\n{\"id\": 1.5}", `{"id":{"type":["null","number"]}}`},
		"numbers or texts":      {"{\"id\": 1}\n{\"id\": \"x1\"}", `{"id":{"type":["null","integer","string"]}}`},
		"long numbers":          {`{"a": 9007199254740993, "b": 9223372036854775807, "c": 9223372036854775808}`, `{"a":{"type":["null","integer"]},"b":{"type":["null","integer"]},"c":{"type":["null","number"]}}`},
		"true or text":          {"{\"a\": true}\n{\"a\": \"true\"}", `{"a":{"type":["null","boolean","string"]}}`},
		"not all are times":     {"{\"a\": \"2026-01-01T00:00:00Z\"}\n{\"a\": \"soon\"}", `{"a":{"type":["null","string"]}}`},
		"two forms of times":    {"{\"a\": \"2026-01-01T00:00:00Z\"}\n{\"a\": \"2026-01-01 00:00\"}", `{"a":{"type":["null","string"]}}`},
		"times and numbers":     {"{\"a\": \"2026-01-01T00:00:00Z\"}\n{\"a\": 5}", `{"a":{"type":["null","integer","string"]}}`},
		"fractions and texts":   {"{\"a\": 1.5}\n{\"a\": \"x\"}", `{"a":{"type":["null","number","string"]}}`},
		"times and null":        {"{\"a\": null}\n{\"a\": \"2026-01-01T00:00:00.5+02:00\"}", `{"a":{"type":["null","string"],"format":"date-time"}}`},
		"a date alone":          {`{"a": "2026-01-01"}`, `{"a":{"type":["null","string"]}}`},
		"an empty text":         {"{\"a\": \"\"}\n{\"a\": \"2026-01-01T00:00:00Z\"}", `{"a":{"type":["null","string"]}}`},
		"objects": {
			"{\"o\": {\"x\": 1}}\n{\"o\": {\"y\": {\"z\": true}}}",
			`{"o":{"type":["null","object"],"properties":{"x":{"type":["null","number"]},"y":{"type":["null","object"],"properties":{"z":{"type":["null","boolean"]}},"additionalProperties":true}},"additionalProperties":true}}`,
		},
		"an empty object": {`{"o": {}}`, `{"o":{"type":["null","object"],"properties":{},"additionalProperties":true}}`},
		"names of data":   {`{"o": {"2026-01-01": 1, "2026-01-02": 2}}`, `{"o":{"type":["null","object"],"additionalProperties":true}}`},
		"lists":           {"{\"l\": [1, 2]}\n{\"l\": [\"x\"]}", `{"l":{"type":["null","array"],"items":{"type":["null","integer","string"]}}}`},
		"lists of objects": {
			`{"l": [{"a": 1}, {"b": "x"}]}`,
			`{"l":{"type":["null","array"],"items":{"type":["null","object"],"properties":{"a":{"type":["null","number"]},"b":{"type":["null","string"]}},"additionalProperties":true}}}`,
		},
		"an empty list":   {`{"l": []}`, `{"l":{"type":["null","array"],"items":{}}}`},
		"a list of nulls": {`{"l": [null]}`, `{"l":{"type":["null","array"],"items":{}}}`},
		"object or text": {
			"{\"a\": {\"b\": 1}}\n{\"a\": \"x\"}",
			`{"a":{"type":["null","string","object"],"properties":{"b":{"type":["null","number"]}},"additionalProperties":true}}`,
		},
		"list or object": {
			"{\"a\": [1]}\n{\"a\": {\"b\": 1}}",
			`{"a":{"type":["null","array","object"],"properties":{"b":{"type":["null","number"]}},"additionalProperties":true,"items":{"type":["null","number"]}}}`,
		},
		"nothing": {``, `{}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := string(value.Append(nil, shapeOf(t, test.records).Properties("number"))); got != test.want {
				t.Errorf("properties are\n%s, expected\n%s", got, test.want)
			}
		})
	}
}

// Members whose names are words out of many are no columns; those of objects that are alike are.
func TestObjectsWhoseMembersVaryStayFree(t *testing.T) {
	t.Parallel()
	var wild, tame strings.Builder
	for i := range 30 {
		fmt.Fprintf(&wild, "{\"o\": {\"word%d\": 1, \"word%d\": 2}}\n", i, i+1)
		fmt.Fprint(&tame, "{\"o\": {")
		for k := range 30 {
			fmt.Fprintf(&tame, "\"word%d\": 1, ", k)
		}
		fmt.Fprint(&tame, "\"last\": 1}}\n")
	}
	for name, test := range map[string]struct {
		lines string
		free  bool
	}{"vary": {wild.String(), true}, "are alike": {tame.String(), false}} {
		text := string(value.Append(nil, shapeOf(t, test.lines).Properties()))
		if free := !strings.Contains(text, "properties"); free != test.free {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestShapesEndSomewhere(t *testing.T) {
	t.Parallel()
	deep := `{"a": ` + strings.Repeat(`{"a": [`, 100) + strings.Repeat(`]}`, 100) + `}`
	if n := strings.Count(string(value.Append(nil, shapeOf(t, deep).Properties())), "properties"); n > 2*deepest {
		t.Errorf("%d levels", n)
	}
}

func TestDateTimes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2026-01-31T08:00:00Z": true, "2026-01-31T08:00:00.123456789Z": true, "2024-02-29T23:59:59+05:30": true, "0001-01-01T00:00:00-00:00": true,
		"": false, "2026-01-31": false, "2026-01-31T08:00:00": false, "2026-01-31 08:00:00Z": false, "2026-02-29T08:00:00Z": false, "2026-13-01T08:00:00Z": false,
		"2026-01-31T24:00:00Z": false, "2026-01-31T08:00:60Z": false, "2026-01-31T08:00:00.Z": false, "2026-01-31T08:00:00+0530": false, "2026-01-31T08:00:00+25:00": false,
		"0000-01-01T00:00:00Z": false, "2026-01-31T08:00:00Zx": false, "2026-01-31T08:00:00+": false, "2026-01-31T08:00:00.1": false,
	} {
		if isDateTime([]byte(text)) != want {
			t.Errorf("%q is a date-time: %v", text, !want)
		}
		if _, err := time.Parse(time.RFC3339, text); want && err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

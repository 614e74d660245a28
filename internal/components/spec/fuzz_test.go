package spec

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/value"
)

// FuzzSchema: a configuration is held against whatever a manifest calls a schema. What is wrong is
// told by name, each in one line.
func FuzzSchema(f *testing.F) {
	for _, s := range [][2]string{
		{`{"properties":{"a":{"type":"integer","maximum":5}},"required":["b"],"additionalProperties":false}`, `{"a":1e999,"c":"s3cr3t"}`},
		{`{"oneOf":[{"properties":{"t":{"const":"x"}},"required":["t"]},{"properties":{"t":{"const":"y"},"u":{"type":"string"}}}]}`, `{"t":"z","u":1}`},
		{`{"properties":{"a":{"pattern":"^(a+)+$","format":"date-time"},"b":{"items":{"enum":[1,"x"]},"minItems":2}}}`, `{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaab","b":[2]}`},
		{`{"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#"}}}`, `{}`}, {`{"$schema":"http://json-schema.org/draft-04/schema#","maximum":1e400}`, `{"a":-1e-999}`},
		{`true`, `{}`}, {`{"type":["x"]}`, `[]`}, {`{"$ref":"http://h/x"}`, `{}`}, {`{"$ref":"file:///etc/passwd"}`, `{}`}, {`{"anyOf":[{"not":{}}],"if":{},"then":false}`, `{"":[]}`},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, schema, config string) {
		v, err := value.DecodeString(schema)
		if err != nil || len(schema)+len(config) > 1<<12 {
			return
		}
		c, err := value.DecodeString(config)
		given, ok := c.(*value.Dict)
		if err != nil || !ok {
			return
		}
		compiled, err := CompileSchema(v)
		if err != nil {
			return
		}
		invalid, ok := Check(compiled, given).(*jsonschema.ValidationError) //nolint:errorlint // Validate returns just this type
		s, isDict := v.(*value.Dict)
		if !ok || !isDict {
			return
		}
		lines := Explain(invalid, s, given)
		if len(lines) == 0 || strings.Contains(strings.Join(lines, ""), "\n") {
			t.Errorf("%s against %s: %q", config, schema, lines)
		}
	})
}

package spec

import (
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/value"
)

func build(t *testing.T, yaml string) (*Spec, error) {
	t.Helper()
	n := manifesttest.Resolve(t, "spec.yaml", yaml)
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	c.Now = func() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }
	return manifest.Build[*Spec](c, n)
}

func config(t *testing.T, text string) *value.Dict {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*value.Dict)
}

func text(v any) string { return string(value.Append(nil, v)) }

// TestSpec compares with the specifications that the reference runtime prints.
func TestSpec(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ yaml, connection, advanced string }{
		"plain": {`{type: Spec, connection_specification: {type: object, default: null, properties: {a: {default: null}}}}`, `{"type":"object","properties":{"a":{"default":null}}}`, ``},
		"flow":  {`{type: Spec, connection_specification: {}, advanced_auth: {auth_flow_type: oauth2.0, extra: 1}}`, `{}`, `{"auth_flow_type":"oauth2.0"}`},
		"everything": {`{type: Spec, connection_specification: {}, advanced_auth: {auth_flow_type: oauth1.0, predicate_key: [a], predicate_value: '', oauth_config_specification: {
			oauth_user_input_from_connector_config_specification: {type: object, x: null},
			oauth_connector_input_specification: {consent_url: c, access_token_url: t, scope: s, access_token_headers: {h: '1', n: null}, access_token_params: {p: '1'}, extract_output: [access_token],
				state: {min: 1, max: 2, q: 1}, client_id_key: k, foo: 1, scopes: [{scope: a, x: 2}], scopes_join_strategy: comma},
			complete_oauth_output_specification: {b: {c: null}}, complete_oauth_server_input_specification: {}, complete_oauth_server_output_specification: {d: 1}, more: {z: 1}}}}`, `{}`,
			`{"auth_flow_type":"oauth1.0","predicate_key":["a"],"predicate_value":"","oauth_config_specification":{"oauth_user_input_from_connector_config_specification":{"type":"object"},` +
				`"oauth_connector_input_specification":{"consent_url":"c","access_token_url":"t","scope":"s","scopes":[{"scope":"a","x":2}],"scopes_join_strategy":"comma","access_token_headers":{"h":"1"},` +
				`"access_token_params":{"p":"1"},"extract_output":["access_token"],"state":{"min":1,"max":2},"client_id_key":"k"},` +
				`"complete_oauth_output_specification":{"b":{"c":null}},"complete_oauth_server_input_specification":{},"complete_oauth_server_output_specification":{"d":1}}}`},
	}
	for name, c := range cases {
		s, err := build(t, c.yaml)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := text(s.Spec().Connection); got != c.connection {
			t.Errorf("%s: got %s, want %s", name, got, c.connection)
		}
		got := ""
		if s.Spec().AdvancedAuth != nil {
			got = text(s.Spec().AdvancedAuth)
		}
		if got != c.advanced {
			t.Errorf("%s: got %s, want %s", name, got, c.advanced)
		}
	}
}

func rulesOf(kind, list string) string {
	return "{type: Spec, connection_specification: {}, config_normalization_rules: {type: ConfigNormalizationRules, " + kind + ": [" + list + "]}}"
}

func migrations(list string) string {
	return rulesOf("config_migrations", "{type: ConfigMigration, transformations: ["+list+"]}")
}

func addField(path, rest string) string {
	return "{type: ConfigAddFields, fields: [{type: AddedFieldDefinition, path: " + path + ", " + rest + "}]}"
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		list, before, after string
		changed             bool
	}{
		"add and remove":      {addField("[new]", `value: "{{ config['old'] }}"`) + ", {type: ConfigRemoveFields, field_pointers: [[old], [none, at, all]]}", `{"k": "v", "old": "o1"}`, `{"k":"v","new":"o1"}`, true},
		"nothing to do":       {addField("[n]", "value: m"), `{"n": "m"}`, `{"n":"m"}`, false},
		"a typed value":       {addField("[n]", `value: "{{ config['k'] }}", value_type: integer`) + ", " + addField("[a, t]", "value: '5', value_type: string"), `{"k": "7"}`, `{"k":"7","n":7,"a":{"t":"5"}}`, true},
		"inside an object":    {addField("[a, b]", "value: x"), `{"a": {}}`, `{"a":{"b":"x"}}`, false},
		"a condition":         {`{type: ConfigAddFields, condition: "{{ value == 'x' and path == ['n'] and 'm' in config }}", fields: [{type: AddedFieldDefinition, path: [n], value: x}, {type: AddedFieldDefinition, path: [o], value: x}]}`, `{"m": 1}`, `{"m":1,"n":"x"}`, true},
		"one after another":   {addField("[a]", "value: x") + ", " + addField("[b]", `value: "{{ config['a'] }}y"`), `{}`, `{"a":"x","b":"xy"}`, true},
		"removed by a glob":   {`{type: ConfigRemoveFields, field_pointers: [["*", old]]}`, `{"a": {"old": 1, "new": 2}, "b": {"old": 3}}`, `{"a":{"new":2},"b":{}}`, false},
		"not removed":         {`{type: ConfigRemoveFields, condition: "{{ 'b' in config }}", field_pointers: [[a]]}`, `{"a": 1}`, `{"a":1}`, false},
		"remapped":            {`{type: ConfigRemapField, field_path: [kind], map: {a: alpha, b: beta}}`, `{"kind": "a"}`, `{"kind":"alpha"}`, true},
		"remapped inside":     {`{type: ConfigRemapField, field_path: [auth, "{{ config['f'] }}"], map: {a: "{{ config['f'] }}!"}}`, `{"f": "kind", "auth": {"kind": "a"}}`, `{"f":"kind","auth":{"kind":"kind!"}}`, false},
		"another value":       {`{type: ConfigRemapField, field_path: [kind], map: {a: alpha}}`, `{"kind": "zz"}`, `{"kind":"zz"}`, false},
		"a number":            {`{type: ConfigRemapField, field_path: [kind], map: {'1': one}}`, `{"kind": 1}`, `{"kind":1}`, false},
		"nothing to remap":    {`{type: ConfigRemapField, field_path: [auth, kind], map: {a: alpha}}`, `{"auth": "text"}`, `{"auth":"text"}`, false},
		"replaced by as much": {addField("[a]", `value: "{{ 1.0 }}"`), `{"a": 1}`, `{"a":1.0}`, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := build(t, migrations(c.list))
			if err != nil {
				t.Fatal(err)
			}
			d := config(t, c.before)
			changed, err := s.Migrate(d)
			if err != nil || changed != c.changed || text(d) != c.after {
				t.Errorf("got %s, changed %t, %v; want %s, changed %t", text(d), changed, err, c.after, c.changed)
			}
			if s, err = build(t, rulesOf("transformations", c.list)); err != nil {
				t.Fatal(err)
			}
			d = config(t, c.before)
			if err := s.Transform(d); err != nil || text(d) != c.after {
				t.Errorf("transformation: got %s, %v; want %s", text(d), err, c.after)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	at := func(path, schema string) string {
		return "{type: DpathValidator, field_path: " + path + ", validation_strategy: {type: ValidateAdheresToSchema, base_schema: " + schema + "}}"
	}
	kinds := "{type: object, required: [kind], properties: {kind: {enum: [a, b]}}}"
	cases := map[string]struct{ list, config, want string }{
		"right":              {at("[auth]", kinds), `{"auth": {"kind": "a"}}`, ""},
		"wrong":              {at("[auth]", kinds), `{"auth": {"kind": "s3cret"}}`, "the configuration at ['auth']: /kind does not keep to the schema's properties/kind/enum"},
		"not there":          {at("[auth, x]", kinds), `{}`, ""},
		"one of several":     {at("[all, '*']", "{type: integer}"), `{"all": [1, 2, 3.5]}`, "it does not keep to the schema's type"},
		"none of several":    {at("[all, '*']", "{type: integer}"), `{}`, ""},
		"JSON text":          {at("[a]", "{type: array}"), `{"a": "[1]"}`, ""},
		"no JSON text":       {at("[a]", "{type: string}"), `{"a": "s3cret"}`, "text that is no JSON"},
		"formats are a hint": {at("[a]", "{$schema: 'http://json-schema.org/draft-07/schema#', properties: {d: {format: date}}}"), `{"a": {"d": "soon"}}`, ""},
		"looking ahead":      {at("[a]", "{properties: {d: {pattern: '^(?!x)'}}}"), `{"a": {"d": "y", "e": 1}}`, ""},
		"end of the text":    {at("[a]", `{properties: {d: {pattern: '^x\Z'}}}`), `{"a": {"d": "x"}}`, ""},
		"behind the end":     {at("[a]", `{properties: {d: {pattern: '^x\Z'}}}`), `{"a": {"d": "x\n"}}`, "properties/d/pattern"},
		"a last line break":  {at("[a]", "{properties: {d: {pattern: '^x$'}}}"), `{"a": {"d": "x\n"}}`, ""},
		"digits of any kind": {at("[a]", `{properties: {d: {pattern: '^\d+$'}}}`), `{"a": {"d": "٣"}}`, ""},
		"a named group":      {at("[a]", "{properties: {d: {pattern: '^(?P<n>x)(?P=n)$'}}}"), `{"a": {"d": "xx"}}`, ""},
		"looking ahead, bad": {at("[a]", "{properties: {d: {pattern: '^(?!x)'}}}"), `{"a": {"d": "xs3cret"}}`, "properties/d/pattern"},
		"an unknown draft":   {at("[a]", "{$schema: 'http://json-schema.org/schema#', type: object}"), `{"a": 1}`, "schema's type"},
		"no path":            {at("[]", "{}"), `{}`, "field_path is empty"},
		"a broken schema":    {at("[a]", "{type: 5}"), `{"a": 1}`, "base_schema"},
		"a predicate":        {"{type: PredicateValidator, value: 5, validation_strategy: {type: ValidateAdheresToSchema, base_schema: {}}}", `{}`, "PredicateValidator"},
		"a custom strategy":  {"{type: DpathValidator, field_path: [a], validation_strategy: {type: CustomValidationStrategy, class_name: a.B}}", `{}`, "a.B"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := build(t, rulesOf("validations", c.list))
			if err != nil {
				t.Fatal(err)
			}
			err = s.Validate(config(t, c.config))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error tells a value: %v", err)
			}
		})
	}
}

func TestWrongManifestsAndConfigurationsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ yaml, want string }{
		"no path to add":   {migrations(addField("[]", "value: x")), "path is empty"},
		"no path to remap": {migrations("{type: ConfigRemapField, field_path: [], map: {}}"), "field_path is empty"},
		"no map":           {migrations("{type: ConfigRemapField, field_path: [a], map: text}"), "expected a map"},
	} {
		if _, err := build(t, c.yaml); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	for name, c := range map[string]struct{ list, config, want string }{
		"a custom transformation": {"{type: CustomConfigTransformation, class_name: a.B}", `{}`, "a.B"},
		"a list to remap":         {"{type: ConfigRemapField, field_path: [a], map: {b: c}}", `{"a": []}`, "holds a list"},
		"a text on the way":       {addField("[a, b]", "value: x"), `{"a": "text"}`, "ConfigAddFields"},
		"an unknown name":         {addField("[a]", "value: '{{ x }}'"), `{}`, "ConfigAddFields"},
	} {
		s, err := build(t, migrations(c.list))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Spec() == nil {
			t.Errorf("%s: no specification", name)
		}
		if _, err := s.Migrate(config(t, c.config)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

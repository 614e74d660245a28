package initialize

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/joho/godotenv"

	"anytap/internal/config"
	"anytap/internal/value"
)

func decoded(t *testing.T, text string) *value.Dict {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v.(*value.Dict)
}

const credentials = `{"type": "object", "required": ["name", "credentials", "limit"], "properties": {
	"name": {"type": "string", "order": 1}, "limit": {"type": "integer", "default": 5}, "note": {"type": "string"},
	"credentials": {"type": "object", "order": 0, "title": "Credentials", "oneOf": [
		{"title": "OAuth", "required": ["kind", "client"], "properties": {"kind": {"type": "string", "const": "oauth"}, "client": {"type": "string"}}},
		{"title": "Key", "required": ["kind", "key"], "properties": {"kind": {"type": "string", "const": "key"}, "key": {"type": "string", "airbyte_secret": true}}}]}}}`

func TestForm(t *testing.T) {
	for name, c := range map[string]struct {
		schema, given string
		answers       map[string]string // nil: nobody is asked
		sets, missing []string
	}{
		"nothing is needed":     {`{"properties": {"a": {"type": "string"}}}`, `{}`, nil, nil, nil},
		"no terminal":           {credentials, `{}`, nil, []string{"limit=5"}, []string{"credentials.kind", "name"}},
		"in order":              {credentials, `{}`, map[string]string{"credentials.kind": "key", "credentials.key": "k", "name": "n", "limit": "7"}, []string{"credentials.kind=key", "credentials.key=k", "name=n", "limit=7"}, nil},
		"a choice is made":      {credentials, `{"credentials": {"kind": "oauth"}, "name": "n"}`, nil, []string{"limit=5"}, []string{"credentials.client"}},
		"a choice of none":      {credentials, `{"credentials": {"kind": "x"}, "name": "n"}`, nil, []string{"limit=5"}, []string{"credentials.kind"}},
		"everything is there":   {credentials, `{"credentials": {"kind": "key", "key": "k"}, "name": "n", "limit": 1}`, nil, nil, nil},
		"null is missing":       {credentials, `{"credentials": {"kind": "key", "key": "k"}, "name": null}`, nil, []string{"limit=5"}, []string{"name"}},
		"a constant":            {`{"required": ["a"], "properties": {"a": {"const": "x"}}}`, `{}`, nil, []string{"a=x"}, nil},
		"inside an object":      {`{"required": ["a"], "properties": {"a": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}}}}`, `{}`, nil, nil, []string{"a.b"}},
		"an optional object":    {`{"properties": {"a": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}}}}`, `{}`, nil, nil, nil},
		"a list":                {`{"required": ["a"], "properties": {"a": {"type": "array"}}}`, `{}`, map[string]string{"a": "x, y"}, []string{`a=["x","y"]`}, nil},
		"a list in JSON":        {`{"required": ["a"], "properties": {"a": {"type": ["null", "array"]}}}`, `{}`, map[string]string{"a": "[1]"}, []string{"a=[1]"}, nil},
		"what looks like a key": {`{"required": ["a"], "properties": {"a": {"type": "string"}}}`, `{}`, map[string]string{"a": "p${HOME}"}, []string{"a=p$${HOME}"}, nil},
		"no names":              {`{"required": "x", "properties": {"a": 1, "b": {"oneOf": 1}}}`, `{}`, nil, nil, nil},
	} {
		f := Form{}
		if c.answers != nil {
			f.Ask = func(q Question) (string, error) { return c.answers[q.Name], nil }
		}
		sets, missing, err := f.Fill(decoded(t, c.schema), decoded(t, c.given))
		var names []string
		for _, q := range missing {
			names = append(names, q.Name)
		}
		if err != nil || !slices.Equal(sets, c.sets) || !slices.Equal(names, c.missing) {
			t.Errorf("%s: %q, missing %q, %v; want %q and %q", name, sets, names, err, c.sets, c.missing)
		}
	}
}

func TestRestConfig(t *testing.T) {
	for name, c := range map[string]struct {
		request Request
		want    string // the configuration
		notes   int
		fault   string
	}{
		"an address": {Request{Address: "https://api.example.com/v1/orders"},
			`{"source":"rest","base_url":"https://api.example.com/v1","streams":[{"name":"orders","path":"/orders"}]}`, 0, ""},
		"without a scheme": {Request{Address: "api.example.com/orders/"},
			`{"source":"rest","base_url":"https://api.example.com","streams":[{"name":"orders","path":"/orders/"}]}`, 0, ""},
		"no path": {Request{Address: "https://api.example.com"},
			`{"source":"rest","base_url":"https://api.example.com","streams":[{"name":"api_example_com","path":"/"}]}`, 0, ""},
		"an ending": {Request{Address: "https://api.example.com/a/order%20list.json"},
			`{"source":"rest","base_url":"https://api.example.com/a","streams":[{"name":"order_list","path":"/order%20list.json"}]}`, 0, ""},
		"bearer": {Request{Address: "https://a.example/x", Headers: []string{"authorization: bearer  t", "Accept: application/json", "User-Agent: x", "X-Version: 2"}},
			`{"source":"rest","base_url":"https://a.example","auth":{"type":"bearer","token":"t"},"streams":[{"name":"x","path":"/x","headers":{"X-Version":"2"}}]}`, 1, ""},
		"basic": {Request{Address: "https://a.example/x", User: "u:p:q"},
			`{"source":"rest","base_url":"https://a.example","auth":{"type":"basic","username":"u","password":"p:q"},"streams":[{"name":"x","path":"/x"}]}`, 0, ""},
		"another scheme": {Request{Address: "https://a.example/x", Headers: []string{"Authorization: Token t"}},
			`{"source":"rest","base_url":"https://a.example","auth":{"type":"api_key","name":"Authorization","key":"Token t"},"streams":[{"name":"x","path":"/x"}]}`, 0, ""},
		"two keys": {Request{Address: "https://a.example/x", Headers: []string{"X-Api-Key: k", "X-App-Token: t"}},
			`{"source":"rest","base_url":"https://a.example","auth":{"type":"api_key","headers":{"X-Api-Key":"k","X-App-Token":"t"}},"streams":[{"name":"x","path":"/x"}]}`, 0, ""},
		"key in the address": {Request{Address: "https://a.example/x?api_key=k&status=open"},
			`{"source":"rest","base_url":"https://a.example","auth":{"type":"api_key","in":"query","name":"api_key","key":"k"},"streams":[{"name":"x","path":"/x","params":{"status":"open"}}]}`, 0, ""},
		"pages": {Request{Address: "https://a.example/x?page=3&per_page=50&sort=a"},
			`{"source":"rest","base_url":"https://a.example","streams":[{"name":"x","path":"/x","params":{"sort":"a"},"pagination":{"size_param":"per_page","page_size":50,"type":"auto"}}]}`, 1, ""},
		"JSON": {Request{Address: "https://a.example/search", Data: []string{`{"query": "q"}`}, Headers: []string{"Content-Type: application/json"}},
			`{"source":"rest","base_url":"https://a.example","streams":[{"name":"search","path":"/search","method":"POST","body":{"query":"q"}}]}`, 0, ""},
		"a form": {Request{Address: "https://a.example/search", Data: []string{"a=1"}, URLEncoded: []string{"b=x y"}},
			`{"source":"rest","base_url":"https://a.example","streams":[{"name":"search","path":"/search","method":"POST","form":{"a":"1","b":"x y"}}]}`, 0, ""},
		"data in the address": {Request{Address: "https://a.example/search?c=3", Data: []string{"a=1"}, AsQuery: true},
			`{"source":"rest","base_url":"https://a.example","streams":[{"name":"search","path":"/search","params":{"c":"3","a":"1"}}]}`, 0, ""},
		"another scheme of address": {Request{Address: "ftp://a.example"}, "", 0, "expected http"},
		"no address":                {Request{Address: "https://%zz"}, "", 0, "can not be read"},
		"no header":                 {Request{Address: "https://a.example", Headers: []string{"SECRET"}}, "", 0, "expected a header"},
		"broken JSON":               {Request{Address: "https://a.example", Data: []string{"{"}}, "", 0, "no object of JSON"},
		"no file":                   {Request{Address: "https://a.example", Data: []string{"@/none"}}, "", 0, "no such file"},
	} {
		got, notes, err := RestConfig(c.request, "")
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "SECRET") {
				t.Errorf("%s: %v, want %s", name, err, c.fault)
			}
			continue
		}
		if text := string(value.Append(nil, got)); err != nil || text != c.want || len(notes) != c.notes {
			t.Errorf("%s: %v %q\n%s, want\n%s", name, err, notes, text, c.want)
		}
	}
}

func TestKeysAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		rows                         []string
		primary, replication, partly string
	}{
		"usual":              {[]string{`{"id": 1, "updated_at": "2026-01-01T00:00:00Z"}`, `{"id": 2, "updated_at": "2026-01-02"}`}, "id", "updated_at", ""},
		"of the stream":      {[]string{`{"order_id": "a", "lastModifiedDate": 1700000000000}`}, "order_id", "lastModifiedDate", ""},
		"twice the same":     {[]string{`{"id": 1, "uuid": "a"}`, `{"id": 1, "uuid": "b"}`}, "uuid", "", ""},
		"sometimes missing":  {[]string{`{"id": 1, "modified": "2026-01-01"}`, `{"id": 2, "modified": "2026-01-01"}`, `{"id": 3, "modified": null}`}, "id", "", "modified"},
		"mostly missing":     {[]string{`{"id": 1, "modified": "2026-01-01"}`, `{"id": 2}`, `{"id": 3}`}, "id", "", ""},
		"no time":            {[]string{`{"id": 1, "updated": true, "modified_by": "2026-01-01"}`}, "id", "", ""},
		"no keys":            {[]string{`{"id": null}`, `{"name": {}}`}, "", "", ""},
		"created is another": {[]string{`{"key": "a", "created_at": "2026-01-01"}`}, "key", "", ""},
		"none":               {nil, "", "", ""},
	} {
		var rows []*value.Dict
		for _, text := range c.rows {
			rows = append(rows, decoded(t, text))
		}
		replication, partly := ReplicationKey(rows)
		if primary := PrimaryKey("orders", rows); primary != c.primary || replication != c.replication || partly != c.partly {
			t.Errorf("%s: %q, %q, %q; want %q, %q, %q", name, primary, replication, partly, c.primary, c.replication, c.partly)
		}
	}
}

func TestSecretsStandApart(t *testing.T) {
	schema := decoded(t, `{"properties": {"api_key": {"airbyte_secret": true}, "auth": {"properties": {"token": {"airbyte_secret": true}}}, "list": {"items": {"airbyte_secret": true}}, "plain": {}}}`)
	for name, c := range map[string]struct {
		written, values string
		taken           map[string]string
		want            string
		variables       []Variable
	}{
		"new":                {`{"api_key": "k", "plain": "p"}`, `{"api_key": "k", "plain": "p"}`, nil, `{"api_key":"${API_KEY}","plain":"p"}`, []Variable{{"API_KEY", "k"}}},
		"refers already":     {`{"api_key": "${OTHER}"}`, `{"api_key": "k"}`, nil, `{"api_key":"${OTHER}"}`, nil},
		"only looks so":      {`{"api_key": "$${OTHER}"}`, `{"api_key": "${OTHER}"}`, nil, `{"api_key":"${API_KEY}"}`, []Variable{{"API_KEY", "${OTHER}"}}},
		"held already":       {`{"api_key": "k"}`, `{"api_key": "k"}`, map[string]string{"API_KEY": "k"}, `{"api_key":"${API_KEY}"}`, nil},
		"the name is taken":  {`{"api_key": "k"}`, `{"api_key": "k"}`, map[string]string{"API_KEY": "x"}, `{"api_key":"${API_KEY_2}"}`, []Variable{{"API_KEY_2", "k"}}},
		"inside":             {`{"auth": {"token": "t"}, "list": ["a", "b"]}`, `{"auth": {"token": "t"}, "list": ["a", "b"]}`, nil, `{"auth":{"token":"${API_TOKEN}"},"list":["${LIST}","${LIST_2}"]}`, []Variable{{"API_TOKEN", "t"}, {"LIST", "a"}, {"LIST_2", "b"}}},
		"nothing to keep":    {`{"api_key": "", "auth": null}`, `{"api_key": "", "auth": null}`, nil, `{"api_key":"","auth":null}`, nil},
		"not in the schema":  {`{"other": {"token": "t"}}`, `{"other": {"token": "t"}}`, nil, `{"other":{"token":"t"}}`, nil},
		"a number is no key": {`{"api_key": 5}`, `{"api_key": 5}`, nil, `{"api_key":5}`, nil},
	} {
		got, variables := Hidden(schema, decoded(t, c.written), decoded(t, c.values), c.taken)
		if text := string(value.Append(nil, got)); text != c.want || !slices.Equal(variables, c.variables) {
			t.Errorf("%s: %s %v, want %s %v", name, text, variables, c.want, c.variables)
		}
	}
}

// TestWhatIsWrittenIsRead writes secrets of all kinds and reads the configuration back.
func TestWhatIsWrittenIsRead(t *testing.T) {
	for _, secret := range []string{"simple", "with space", `q"uote`, "it's", "do$llar ${HOME} $x", "back\\slash", "two\nlines", "#hash", "a=b", "ü€", "`tick`", "'\"mixed\" $HOME'", "!bang", " blanks "} {
		f := Files{Config: filepath.Join(t.TempDir(), "config.yaml"), Comment: "first\n\nsecond", Further: "last", Schema: decoded(t, `{"type": "object"}`)}
		values := value.DictOf("api_key", secret, "plain", "no ${REFERENCE}", "number", int64(5))
		f.Values, f.Variables = Hidden(decoded(t, `{"properties": {"api_key": {"airbyte_secret": true}}}`), Plain(values), values, nil)
		if err := os.WriteFile(f.VariablesFile(), []byte("BEFORE=1"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := f.Write(); err != nil {
			t.Fatal(err)
		}
		read, err := (&config.Given{Files: []string{f.Config}}).Read(nil)
		if err != nil || !value.Equal(read.Values, values) {
			t.Errorf("%q: %v %s", secret, err, value.Append(nil, read.Values))
		}
		if known, err := godotenv.Read(f.VariablesFile()); err != nil || known["BEFORE"] != "1" {
			t.Errorf("%q: the other variables: %v %v", secret, known, err)
		}
		text, _ := os.ReadFile(f.Config)
		if secret != "simple" && bytes.Contains(text, []byte(secret)) || !bytes.HasPrefix(text, []byte("# yaml-language-server: $schema=config.schema.json\n# first\n#\n# second\n")) {
			t.Errorf("%q:\n%s", secret, text)
		}
		for _, path := range []string{f.Config, f.VariablesFile(), f.SchemaFile()} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", path, info.Mode(), err)
			}
		}
		if err := f.Write(); err == nil || !strings.Contains(err.Error(), "--force") {
			t.Errorf("a second time: %v", err)
		}
	}
}

func FuzzRestConfig(f *testing.F) {
	f.Add("https://a.example/x?page=1&key=2", "Authorization: Basic eA==", "a=1&b", true)
	f.Add("a.example", "Cookie: x", `{"a": 1}`, false)
	f.Fuzz(func(t *testing.T, address, header, data string, get bool) {
		if strings.HasPrefix(data, "@") {
			return // it names a file
		}
		_, _, _ = RestConfig(Request{Address: address, Headers: []string{header}, Data: []string{data}, AsQuery: get}, "")
	})
}

func FuzzForm(f *testing.F) {
	f.Add(credentials, `{"credentials": {"kind": "key"}}`)
	f.Fuzz(func(_ *testing.T, schema, given string) {
		s, err := value.DecodeString(schema)
		g, err2 := value.DecodeString(given)
		d, ok := s.(*value.Dict)
		e, ok2 := g.(*value.Dict)
		if err != nil || err2 != nil || !ok || !ok2 {
			return
		}
		form := Form{Ask: func(Question) (string, error) { return "x", nil }}
		_, _, _ = form.Fill(d, e)
	})
}

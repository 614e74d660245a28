package restsource_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/restsource"
	"anytap/internal/value"
)

func configured(t testing.TB, text string) *value.Dict {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.(*value.Dict)
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, value.Append(nil, v), "", "  "); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// TestManifest writes down a whole manifest.
func TestManifest(t *testing.T) {
	manifest, err := restsource.Manifest(configured(t, `{
		"source": "rest", "base_url": "https://api.test/v1", "concurrency": 2,
		"auth": {"type": "bearer", "token": "secret"}, "headers": {"X-Version": "secret too"},
		"streams": [
			{"name": "customers", "path": "/customers", "primary_key": ["id"], "params": {"expand": "orders"},
			 "pagination": {"type": "page", "size_param": "per_page", "page_size": 50, "first_page": 0, "total_path": "meta.total"},
			 "replication_key": "updated_at", "replication_param": "updated_since", "start_value": "2026-01-01T00:00:00Z"},
			{"name": "{{ odd }}", "path": "/{{ odd }}", "records_path": "data.0.{{ rows }}", "schema": {"type": "object"}}
		]}`))
	if err != nil {
		t.Fatal(err)
	}
	text := indented(t, manifest)
	if bytes.Contains(text, []byte("secret")) {
		t.Error("a secret of the configuration stands in the manifest")
	}
	golden.Check(t, "manifest.json", text)
}

// TestComponents writes down the component of each kind of authentication and pagination.
func TestComponents(t *testing.T) {
	configs := map[string]string{
		"auth none":              `"auth": {"type": "none"}`,
		"auth bearer":            `"auth": {"type": "bearer", "token": "x"}`,
		"auth api_key":           `"auth": {"type": "api_key", "name": "X-Key", "key": "x"}`,
		"auth api_key query":     `"auth": {"type": "api_key", "name": "api key", "key": "x", "in": "query"}`,
		"auth basic":             `"auth": {"type": "basic", "username": "x"}`,
		"auth oauth2":            `"auth": {"type": "oauth2", "token_url": "https://login.test", "client_id": "x", "client_secret": "x", "scopes": ["read", "{{ x }}"]}`,
		"auth several headers":   `"auth": {"type": "api_key", "headers": {"X-Id": "x", "X-Key": "x"}}`,
		"auth refresh":           `"auth": {"type": "oauth2", "token_url": "https://login.test", "client_id": "x", "client_secret": "x", "refresh_token": "x", "client_auth": "basic", "audience": "x", "token_params": {"resource": "x"}}`,
		"auth password":          `"auth": {"type": "oauth2", "token_url": "https://login.test", "client_id": "x", "username": "x", "password": "x"}`,
		"auth login":             `"auth": {"type": "login", "login_url": "/login", "body": {"user": "x", "password": "x"}, "token_path": "data.token", "expires_path": ["data", "life"], "prefix": "Token"}`,
		"auth login by form":     `"auth": {"type": "login", "login_url": "https://login.test", "form": {"user": "x"}, "headers": {"X": "x"}, "token_header": "X-Token", "expires_in": 60, "param": "token"}`,
		"auth aws":               `"auth": {"type": "aws", "region": "x", "service": "x", "access_key_id": "x", "secret_access_key": "x"}`,
		"pages none":             `"type": "none"`,
		"pages page":             `"type": "page"`,
		"pages offset":           `"type": "offset", "size_param": "limit", "param": "skip"`,
		"pages cursor":           `"type": "cursor", "cursor_path": "meta.next", "has_more_path": "meta.more"`,
		"pages last record":      `"type": "cursor", "cursor_field": "meta.id", "in": "header", "param": "X-After"`,
		"pages continuation":     `"type": "cursor", "params": {"after": "meta.next", "session": "meta.session"}`,
		"pages all of an object": `"type": "cursor", "params": "continue"`,
		"pages header":           `"type": "cursor", "cursor_header": "X-Next"`,
		"pages next_url":         `"type": "next_url", "cursor_path": "links.next", "size_param": "limit", "page_size": 10`,
		"pages link_header":      `"type": "link_header"`,
	}
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		path, whole, more := []string{"retriever", "requester"}, configs[name], ""
		if strings.HasPrefix(name, "pages") {
			path, whole, more = []string{"retriever"}, "", `"pagination": {`+configs[name]+`}`
		}
		manifest, err := restsource.Manifest(configured(t, configOf(more, whole)))
		if err != nil {
			t.Fatal(err)
		}
		v, _ := value.At(manifest, append([]string{"streams", "0"}, path...)...)
		fmt.Fprintf(&out, "# %s\n%s\n", name, indented(t, v))
	}
	golden.Check(t, "components.txt", out.Bytes())
}

func TestMistakes(t *testing.T) {
	tests := map[string]struct{ config, err string }{
		"no streams":            {`{"base_url": "https://api.test", "streams": []}`, "streams is empty"},
		"a stream that is none": {`{"base_url": "https://api.test", "streams": ["items"]}`, "streams[0] is a str"},
		"a name twice":          {`{"base_url": "https://api.test", "streams": [{"name": "a", "path": "/a"}, {"name": "a", "path": "/b"}]}`, `streams[1].name is "a" a second time`},
		"no way of paging":      {configOf(`"pagination": {"type": "pages"}`, ""), `streams[0].pagination.type is "pages"`},
		"no cursor":             {configOf(`"pagination": {"type": "cursor"}`, ""), "streams[0].pagination.cursor_path is missing"},
		"no address":            {configOf(`"pagination": {"type": "next_url"}`, ""), "streams[0].pagination.cursor_path is missing"},
		"one name for two":      {configOf(`"pagination": {"type": "page", "size_param": "page"}`, ""), `streams[0].pagination.size_param is "page" as param is`},
		"an odd parameter":      {configOf(`"params": {"filter": {"a": 1}}`, ""), "streams[0].params.filter is a dict"},
		"an odd list":           {configOf(`"params": {"filter": [[1]]}`, ""), "streams[0].params.filter is a list"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := restsource.Manifest(configured(t, test.config))
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
		})
	}
}

// FuzzManifest: any configuration gives a manifest or an error.
func FuzzManifest(f *testing.F) {
	f.Add(configOf(`"pagination": {"type": "next_url", "cursor_path": "a.b"}`, `"auth": {"type": "basic"}`))
	f.Add(`{"base_url": ":", "streams": [{"pagination": {"type": "link_header"}, "params": {"a": [null]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		if config, ok := v.(*value.Dict); err == nil && ok {
			if manifest, err := restsource.Manifest(config); err == nil && manifest.Len() == 0 {
				t.Error("neither a manifest nor an error")
			}
		}
	})
}

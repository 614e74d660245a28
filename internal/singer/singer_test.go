package singer

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/golden"
	"anytap/internal/singer/streammap"
	"anytap/internal/tap/taptest"
)

const selectedUsers = `{"streams":[
 {"tap_stream_id":"users","stream":"users","schema":{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":["string","null"]},"address":{"type":["object","null"],"properties":{"city":{"type":["string","null"]},"zip":{"type":["string","null"]}}}}},
  "metadata":[{"breadcrumb":[],"metadata":{"selected":true}},{"breadcrumb":["properties","id"],"metadata":{"inclusion":"automatic","selected":false}},
   {"breadcrumb":["properties","name"],"metadata":{"selected":false}},{"breadcrumb":["properties","address","properties","zip"],"metadata":{"selected":false}}]},
 {"tap_stream_id":"events","stream":"events","schema":{},"metadata":[{"breadcrumb":[],"metadata":{"selected":false}}]}]}`

// overridden is a catalog in which a user chose keys, methods and types.
const overridden = `{"streams":[
 {"tap_stream_id":"users","stream":"users","key_properties":["id"],"schema":{"type":"object","properties":{"id":{"type":["string","integer"]},"name":{"type":["string","null"],"maxLength":9}}},
  "metadata":[{"breadcrumb":[],"metadata":{"selected":true,"table-key-properties":["id","name"],"replication-key":"name"}}]},
 {"tap_stream_id":"events","stream":"events","key_properties":[],"replication_key":"at","replication_method":"INCREMENTAL","schema":{"type":"object","properties":{"id":{"type":"string"},"at":{"type":"string"}}},
  "metadata":[{"breadcrumb":[],"metadata":{"selected":true,"replication-method":"FULL_TABLE","forced-replication-method":"INCREMENTAL","replication-key":"id"}}]}]}`

func TestCommandsWriteTheirMessages(t *testing.T) {
	good := `{"token":"s3cr3t-token"}`
	for name, test := range map[string]struct {
		config, catalog, state, test string
		discover, skip               bool
		environment                  map[string]string
		choice                       frontend.Choice
		code                         int
	}{
		"discover":                {discover: true, config: good},
		"discover-without-token":  {discover: true, config: `{}`},
		"read":                    {config: good},
		"read-environment":        {config: "ENV", environment: map[string]string{"ANYTAP_TOKEN": "s3cr3t-token", "ANYTAP_LIMIT": "5"}},
		"read-bad-environment":    {config: "ENV", environment: map[string]string{"ANYTAP_TOKEN": "t", "ANYTAP_LIMIT": "five"}, code: 1},
		"read-selected":           {config: good, catalog: selectedUsers},
		"read-fails":              {config: `{"token":"s3cr3t-token","fail":true}`, code: 1},
		"read-bad-config":         {config: `{}`, code: 1},
		"read-bad-catalog":        {config: good, catalog: `{"streams":{}}`, code: 1},
		"read-nameless-catalog":   {config: good, catalog: `{"streams":[{}]}`, code: 1},
		"read-unknown-stream":     {config: good, catalog: `{"streams":[{"tap_stream_id":"ghost"}]}`, code: 1},
		"read-unsupported-stream": {config: good, catalog: `{"streams":[{"tap_stream_id":"broken"},{"tap_stream_id":"users"}]}`, code: 1},
		"read-skip-unsupported":   {config: good, catalog: `{"streams":[{"tap_stream_id":"broken"},{"tap_stream_id":"ghost"},{"tap_stream_id":"users"}]}`, skip: true},
		"read-overridden":         {config: good, catalog: overridden},
		"read-overridden-badly":   {config: good, catalog: `{"streams":[{"tap_stream_id":"users","schema":{"type":"object","properties":{"id":{"type":"integer"}}},"metadata":[{"breadcrumb":[],"metadata":{"selected":true,"table-key-properties":["name"]}}]}]}`, code: 1},
		"read-activate-version":   {config: `{"token":"s3cr3t-token","emit_activate_version_messages":true}`},
		"read-limited":            {config: `{"token":"s3cr3t-token","emit_activate_version_messages":true}`, choice: frontend.Choice{Limit: 2, Streams: []string{"users"}}},
		"read-full-refresh":       {config: good, choice: frontend.Choice{FullRefresh: true}, state: `{"bookmarks":{"events":{"page":1,"last_id":"a","anytap":{"format":1,"source":"test","stream":"events"}},"foreign":{"x":1}}}`},
		"read-unlike-any":         {config: good, choice: frontend.Choice{Streams: []string{"evnts"}}, code: 1},
		"read-state":              {config: good, state: `{"bookmarks":{"events":{"page":1,"last_id":"a","anytap":{"format":1,"source":"test","stream":"events"}},"foreign":{"x":1}},"currently_syncing":null}`},
		"read-state-message":      {config: good, state: `{"type":"STATE","value":{"bookmarks":{"events":{"page":2,"last_id":"d","anytap":{"format":1,"source":"test","stream":"events","complete":true}}}}}`},
		"read-state-empty":        {config: good, state: `{}`},
		"read-state-malformed":    {config: good, state: `{"bookmarks":[]}`, code: 1},
		"read-state-other-source": {config: good, state: `{"bookmarks":{"events":{"page":1,"anytap":{"format":1,"source":"pullbay","stream":"events"}}}}`, code: 1},
		"read-maps":               {config: `{"token":"s3cr3t-token","emit_activate_version_messages":true,"stream_maps":{"users":{"name":"self.upper()","email":null,"hash":"md5(str(id))","__alias__":"people","__filter__":"id != 2"},"copies":{"__source__":"users","id":"id","__else__":null},"nobody":null},"faker_config":{"seed":1}}`},
		"read-flattened":          {config: `{"token":"s3cr3t-token","flattening_enabled":true,"flattening_max_depth":1}`},
		"read-maps-else":          {config: `{"token":"s3cr3t-token","stream_maps":{"events":{},"__else__":null}}`},
		"read-maps-no-expression": {config: `{"token":"s3cr3t-token","stream_maps":{"users":{"name":"name.upper("}}}`, code: 1},
		"read-maps-failing":       {config: `{"token":"s3cr3t-token","stream_maps":{"users":{"name":"self.upper() + id"}}}`, code: 1},
		"read-maps-no-depth":      {config: `{"token":"s3cr3t-token","flattening_enabled":true}`, code: 1},
		"test":                    {config: good, test: "all"},
		"test-schema":             {config: good, test: "schema"},
	} {
		t.Run(name, func(t *testing.T) {
			path := test.config
			if path != "ENV" {
				path = taptest.File(t, "config.json", test.config)
			}
			lookup := func(name string) (string, bool) { v, ok := test.environment[name]; return v, ok }
			c := Command{Config: &config.Given{Files: []string{path}, Lookup: lookup}, Choice: test.choice, SkipUnsupported: test.skip, Discover: test.discover, Test: test.test,
				Catalog: taptest.File(t, "catalog.json", test.catalog), State: taptest.File(t, "state.json", test.state)}
			var out, logs bytes.Buffer
			if code := Run(t.Context(), c, taptest.Connector(), &out, &logs, taptest.Now); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if strings.Contains(out.String()+logs.String(), "s3cr3t") {
				t.Error("the output holds the secret")
			}
			text := "stdout:\n" + out.String() + "stderr:\n" + logs.String()
			for _, path := range []string{path, c.Catalog, c.State} {
				if path != "ENV" && path != "" {
					folder := filepath.Dir(path) + string(filepath.Separator)
					inJSON := strings.ReplaceAll(folder, `\`, `\\`) // Windows has backslashes in paths
					text = strings.NewReplacer(inJSON, "", folder, "").Replace(text)
				}
			}
			golden.Check(t, name+".txt", golden.WithoutDurations([]byte(text)))
		})
	}
}

func TestRotatedTokenIsWrittenBack(t *testing.T) {
	first := taptest.File(t, "first.json", `{"token":"old-token","rotate":"new-token"}`)
	second := taptest.File(t, "second.json", `{"limit":2}`)
	var out, logs bytes.Buffer
	c := Command{Config: &config.Given{Files: []string{first, second}}}
	if code := Run(t.Context(), c, taptest.Connector(), &out, &logs, taptest.Now); code != frontend.ExitDone {
		t.Fatalf("exit code %d: %s", code, logs.String())
	}
	for path, want := range map[string]string{first: `{"token":"new-token","rotate":"new-token"}`, second: `{"limit":2}`} {
		got, err := os.ReadFile(path)
		if err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%s holds %q, %v; want %s", filepath.Base(path), got, err, want)
		}
	}
}

func TestAboutDescribesTheTap(t *testing.T) {
	for _, format := range []string{"json", "markdown", "text", "config", "meltano"} {
		var out bytes.Buffer
		if err := About(&out, Description{Format: format, Version: "1.2.3"}, taptest.Connector()); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "about-"+format+".txt", out.Bytes())
	}
	if err := About(&bytes.Buffer{}, Description{Format: "yaml"}, taptest.Connector()); err == nil {
		t.Error("an unknown format gave no error")
	}
}

// TestMapSettingsAreSetApart: what the front end keeps from the source is what the maps read.
func TestMapSettingsAreSetApart(t *testing.T) {
	if got := streammap.Settings().Keys(); !slices.Equal(got, frontend.MapSettings) {
		t.Errorf("%v, and set apart are %v", got, frontend.MapSettings)
	}
}

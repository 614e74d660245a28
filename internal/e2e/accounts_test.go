package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"anytap/internal/golden"
)

// TestAccountsOfOneManifestShareNoParents reads two streams that a resolver makes for two accounts.
// Each has the children of its own account's parents, which are asked for once an account.
func TestAccountsOfOneManifestShareNoParents(t *testing.T) {
	t.Parallel()
	var parents atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		account := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer token-of-")
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/parents" {
			parents.Add(1)
			_, _ = fmt.Fprintf(w, `{"data": [{"id": "parent-%s"}]}`, account)
			return
		}
		_, _ = fmt.Fprintf(w, `{"data": [{"id": "%s below %s"}]}`, account, r.URL.Query().Get("parent"))
	}))
	t.Cleanup(server.Close)
	stream := func(path, more string) string {
		return `{type: DeclarativeStream, name: x, primary_key: id, schema_loader: {type: InlineSchemaLoader, schema: {type: object}},
      retriever: {type: SimpleRetriever, record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}},
        requester: {type: HttpRequester, url: "` + server.URL + path + `", authenticator: {type: BearerAuthenticator, api_token: x}}` + more + `}}`
	}
	manifest := `version: 6.0.0
type: DeclarativeSource
check: {type: CheckDynamicStream, stream_count: 1}
spec: {type: Spec, connection_specification: {type: object, additionalProperties: true}}
dynamic_streams:
  - type: DynamicDeclarativeStream
    name: accounts
    stream_template: ` + stream("/children?parent={{ stream_partition.parent }}", `, partition_router: {type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig,
          parent_key: id, partition_field: parent, stream: `+stream("/parents", "")+`}]}`) + `
    components_resolver:
      type: ConfigComponentsResolver
      stream_config: {type: StreamConfig, configs_pointer: [accounts]}
      components_mapping:
        - {type: ComponentMappingDefinition, field_path: [name], value: "{{ components_values['name'] }}"}
        - {type: ComponentMappingDefinition, field_path: [retriever, requester, authenticator, api_token], value: "{{ components_values['token'] }}"}
        - {type: ComponentMappingDefinition, field_path: [retriever, partition_router, parent_stream_configs, "0", stream, retriever, requester, authenticator, api_token], value: "{{ components_values['token'] }}"}
`
	config := map[string]any{"accounts": []any{
		map[string]any{"name": "first", "token": "token-of-a"}, map[string]any{"name": "second", "token": "token-of-b"}, map[string]any{"name": "third", "token": "token-of-a"},
	}}
	o := invoke(t, "--manifest-path", golden.TempFile(t, "manifest.yaml", manifest), "--config", writeJSON(t, "config.json", config)).mustSucceed(t)
	for _, want := range []string{`"stream":"first","record":{"id":"a below parent-a"`, `"stream":"second","record":{"id":"b below parent-b"`, `"stream":"third","record":{"id":"a below parent-a"`} {
		if !strings.Contains(strings.ReplaceAll(string(o.out), `": "`, `":"`), want) {
			t.Errorf("no %s in\n%s", want, o.out)
		}
	}
	if n := parents.Load(); n != 2 {
		t.Errorf("the parents were asked for %d times, want once an account", n)
	}
}

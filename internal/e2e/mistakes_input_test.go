package e2e

import "strings"

// ofConfig is a mistake in a configuration.
func ofConfig(what, config string, says ...string) mistake {
	return mistake{what: what, files: map[string]string{"config.yaml": config}, args: []string{"--config", "config.yaml", "--quiet"}, says: says}
}

func commandMistakes() []mistake {
	good := map[string]string{"config.yaml": "source: jsonplaceholder\nbase_url: URL\n"}
	of := func(what string, args ...string) mistake { return mistake{what: what, files: good, args: args} }
	return []mistake{
		of("A command that there is not", "fetch"),
		of("A misspelt flag", "--confg", "config.yaml"),
		of("`read` without a configuration", "read"),
		of("A value that a flag does not know", "--config", "config.yaml", "--protocol", "odata"),
		of("A time that is none", "--config", "config.yaml", "--as-of", "yesterday"),
		of("A configuration that is missing", "--config", "none.yaml", "--quiet"),
		of("A configuration that is a folder", "--config", "/", "--quiet"),
		of("`--set` without a value", "--config", "config.yaml", "--set", "limit", "--quiet"),
		of("`--set` of what is no list", "--config", "config.yaml", "--set", "base_url.0=a", "--quiet"),
		of("The standard input for two files", "--config", "-", "--state", "-"),
		of("A misspelt command with an argument", "chek", "--config", "config.yaml"),
	}
}

func configMistakes() []mistake {
	return []mistake{
		{what: "YAML in a file for JSON", files: map[string]string{"config.json": "source: rest\nbase_url: URL\n"}, args: []string{"--config", "config.json", "--quiet"}, says: []string{"config.json:1:1: not JSON", "YAML"}},
		{what: "A comma behind the last member", files: map[string]string{"config.json": "{\n  \"source\": \"rest\",\n}"}, args: []string{"--config", "config.json", "--quiet"}, says: []string{"config.json:3:1"}},
		{what: "JSON that ends too early", files: map[string]string{"config.json": `{"source": "rest"`}, args: []string{"--config", "config.json", "--quiet"}},
		{what: "An empty file", files: map[string]string{"config.json": ""}, args: []string{"--config", "config.json", "--quiet"}},
		{what: "A setting that stands twice", files: map[string]string{"config.json": `{"source": "rest", "source": "pullbay"}`}, args: []string{"--config", "config.json", "--quiet"}},
		ofConfig("YAML with a tab", "source: rest\n\tbase_url: URL\n", "config.yaml:2"),
		ofConfig("YAML with a wrong indent", "source: rest\nstreams:\n  - name: a\n   path: /a\n", "config.yaml:"),
		ofConfig("A list in place of an object", "- source: rest\n"),
		ofConfig("No `source`", "base_url: URL\n", "source is missing"),
		ofConfig("A misspelt `source`", "source: jsonplaceholdr\n", "jsonplaceholder"),
		ofConfig("`source` that is misspelt itself", "sorce: rest\n", "did you mean source?"),
		ofConfig("A misspelt setting", "source: rest\nbase_ulr: URL\nstreams: [{name: a, path: /a}]\n", "did you mean base_url?"),
		ofConfig("A setting of another system", "source: jsonplaceholder\napi_key: abc\n", "pullbay"),
		ofConfig("A required setting that is missing", "source: pullbay\n", "api_key"),
		ofConfig("No streams", "source: rest\nbase_url: URL\n", "streams is missing"),
		ofConfig("`streams` as an object", "source: rest\nbase_url: URL\nstreams: {orders: {path: /orders}}\n", "streams is an object, expected a list"),
		ofConfig("A stream without a name", "source: rest\nbase_url: URL\nstreams: [{path: /orders}]\n", "streams[0].name is missing"),
		ofConfig("A stream without a path", "source: rest\nbase_url: URL\nstreams: [{name: orders}]\n"),
		ofConfig("Two streams of one name", "source: rest\nbase_url: URL\nstreams: [{name: a, path: /a}, {name: a, path: /b}]\n"),
		ofConfig("A text where a number belongs", "source: rest\nbase_url: URL\nconcurrency: four\nstreams: [{name: a, path: /a}]\n", "concurrency is a text, expected a whole number"),
		ofConfig("A number that is too small", "source: rest\nbase_url: URL\nconcurrency: 0\nstreams: [{name: a, path: /a}]\n"),
		ofConfig("A pagination type that there is not", "source: rest\nbase_url: URL\nstreams: [{name: a, path: /a, pagination: {type: pages}}]\n", "pagination.type"),
		ofConfig("A setting of another type of pagination", "source: rest\nbase_url: URL\nstreams: [{name: a, path: /a, pagination: {type: page, cursor_path: next}}]\n", "pagination.cursor_path"),
		ofConfig("Authentication without its secret", "source: rest\nbase_url: URL\nauth: {type: bearer}\nstreams: [{name: a, path: /a}]\n", "auth.token"),
		ofConfig("Authentication without a type", "source: rest\nbase_url: URL\nauth: {token: abc}\nstreams: [{name: a, path: /a}]\n", "auth.type is missing"),
		ofConfig("An address without a scheme", "source: rest\nbase_url: api.example.com\nstreams: [{name: a, path: /a}]\n", "base_url"),
		ofConfig("A variable that is not set", "source: rest\nbase_url: URL\nauth: {type: bearer, token: \"${NO_SUCH_TOKEN}\"}\nstreams: [{name: a, path: /a}]\n", "auth.token: the variable NO_SUCH_TOKEN is not set"),
		ofConfig("A referred file that is missing", "source: rest\nbase_url: URL\nauth: {type: bearer, token: \"${file:token}\"}\nstreams: [{name: a, path: /a}]\n", "auth.token"),
		ofConfig("A parent that there is not", "source: rest\nbase_url: URL\nstreams: [{name: items, path: \"/orders/{parent.id}/items\", parent: {stream: ordrs}}]\n"),
		ofConfig("A place in the path that nothing fills", "source: rest\nbase_url: URL\nstreams: [{name: items, path: \"/orders/{id}/items\"}]\n"),
		ofConfig("A rate limit without a number", "source: rest\nbase_url: URL\nrate_limit: fast\nstreams: [{name: a, path: /a}]\n"),
		ofConfig("A secret of a few letters in the wrong place", "source: rest\nbase_url: URL\nauth: {type: bearer, token: expected}\nstreams: [{name: a, path: /a, pagination: {type: expected}}]\n", "is none of"),
		{what: "A manifest's configuration that lacks a setting", files: map[string]string{"config.yaml": "{}\n", "manifest.yaml": goodManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}, says: []string{"base_url is missing"}},
		{what: "A manifest's configuration with a wrong type", files: map[string]string{"config.yaml": "base_url: 5\n", "manifest.yaml": goodManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}, says: []string{"base_url is the number 5, expected a text"}},
		{what: "A variable that holds no JSON", files: map[string]string{"variables": "ANYTAP_SOURCE=rest\nANYTAP_STREAMS=orders\n"}, args: []string{"--config", "ENV", "--env-file", "variables", "--quiet"}, says: []string{"ANYTAP_STREAMS"}},
		{what: "A file of variables with a wrong line", files: map[string]string{"variables": "SOURCE=rest\nTOKEN abcdef\n", "config.yaml": "source: ${SOURCE}\n"}, args: []string{"--config", "config.yaml", "--env-file", "variables", "--quiet"}, says: []string{"variables:2"}},
		{what: "A choice of a manifest's specification", files: map[string]string{"config.yaml": "base_url: URL\ncredentials: {type: basic, pasword: x}\n", "manifest.yaml": choiceManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}, says: []string{"credentials.password"}},
		{what: "A choice that there is not", files: map[string]string{"config.yaml": "base_url: URL\ncredentials: {type: basik}\n", "manifest.yaml": choiceManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}, says: []string{"credentials.type", "did you mean basic?"}},
		{what: "A choice without its type", files: map[string]string{"config.yaml": "base_url: URL\ncredentials: {token: abcdef}\n", "manifest.yaml": choiceManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}},
		{what: "A text that does not match its pattern", files: map[string]string{"config.yaml": "base_url: URL\nstart_date: e\ncredentials: {type: token, token: abcdef}\n", "manifest.yaml": choiceManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}, says: []string{"start_date"}},
		{what: "Python in an injected manifest", files: map[string]string{"config.json": `{"__injected_declarative_manifest": {}, "__injected_components_py": "import os"}`}, args: []string{"--config", "config.json", "--quiet"}, says: []string{"__injected_components_py"}},
		{what: "A setting that a manifest does not know", files: map[string]string{"config.yaml": "base_url: URL\nbase_ur: x\n", "manifest.yaml": goodManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}},
		{what: "A misspelt setting of the run, beside a manifest", files: map[string]string{"config.yaml": "base_url: URL\nanytap: {concurency: 2}\n", "manifest.yaml": goodManifest}, args: []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}, says: []string{"anytap.concurency"}},
	}
}

// choiceManifest has a choice of credentials.
var choiceManifest = strings.Replace(goodManifest, "key: {type: string, airbyte_secret: true}", `start_date: {type: string, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, credentials: {type: object, oneOf: [
    {title: Token, required: [type, token], properties: {type: {type: string, const: token}, token: {type: string, airbyte_secret: true}}},
    {title: Basic, required: [type, user, password], properties: {type: {type: string, const: basic}, user: {type: string}, password: {type: string, airbyte_secret: true}}}]}`, 1)

// goodManifest reads one stream.
const goodManifest = `version: 6.60.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [orders]}
streams:
  - type: DeclarativeStream
    name: orders
    retriever:
      type: SimpleRetriever
      requester: {type: HttpRequester, url_base: "{{ config['base_url'] }}", path: /orders}
      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
    schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
spec:
  type: Spec
  connection_specification: {type: object, required: [base_url], properties: {base_url: {type: string}, key: {type: string, airbyte_secret: true}}}
`

const oneStream = "source: rest\nbase_url: URL\nmax_retries: 0\nstreams: [{name: orders, path: /orders}]\n"

func catalogMistakes() []mistake {
	of := func(what, catalog string, says ...string) mistake {
		return mistake{what: what, files: map[string]string{"config.yaml": oneStream, "catalog.json": catalog}, args: []string{"--config", "config.yaml", "--catalog", "catalog.json", "--quiet"}, says: says}
	}
	airbyte := func(what, catalog string, says ...string) mistake {
		m := of(what, catalog, says...)
		m.args = []string{"read", "--config", "config.yaml", "--catalog", "catalog.json"}
		return m
	}
	return []mistake{
		{what: "A catalog that is missing", files: map[string]string{"config.yaml": oneStream}, args: []string{"--config", "config.yaml", "--catalog", "none.json", "--quiet"}},
		of("A catalog that is no JSON", "{\"streams\": [\n  {\"tap_stream_id\": \"orders\",}\n]}", "catalog.json:2:"),
		of("A list in place of an object", `[{"tap_stream_id": "orders"}]`),
		of("`streams` that is no list", `{"streams": {"orders": {}}}`, "streams is a"),
		of("A catalog without streams", `{"streams": []}`),
		of("A stream without a name", `{"streams": [{"schema": {}}]}`, "streams[0]"),
		of("A stream that is a text", `{"streams": ["orders"]}`, "streams[0]"),
		of("A catalog that selects nothing", `{"streams": [{"tap_stream_id": "orders", "metadata": [{"breadcrumb": [], "metadata": {"selected": false}}]}]}`, "selects none"),
		of("A stream that the source does not have", `{"streams": [{"tap_stream_id": "ordrs"}]}`, "ordrs"),
		airbyte("A misspelt sync mode", `{"streams": [{"stream": {"name": "orders"}, "sync_mode": "full"}]}`, "sync_mode"),
		airbyte("No stream in the entry", `{"streams": [{"sync_mode": "full_refresh"}]}`, "streams[0].stream.name"),
		airbyte("A catalog of Singer's for `read`", `{"streams": [{"tap_stream_id": "orders", "stream": "orders"}]}`),
		airbyte("A stream that the source does not have", `{"streams": [{"stream": {"name": "ordrs"}, "sync_mode": "full_refresh"}]}`, "ordrs"),
		airbyte("A cursor field that is no list", `{"streams": [{"stream": {"name": "orders"}, "sync_mode": "incremental", "cursor_field": "id"}]}`),
	}
}

func stateMistakes() []mistake {
	of := func(what, state string, says ...string) mistake {
		return mistake{what: what, files: map[string]string{"config.yaml": oneStream, "state.json": state}, args: []string{"--config", "config.yaml", "--state", "state.json", "--quiet"}, says: says}
	}
	airbyte := func(what, state string, says ...string) mistake {
		m := of(what, state, says...)
		m.args = []string{"read", "--config", "config.yaml", "--state", "state.json"}
		return m
	}
	return []mistake{
		{what: "A state that is missing", files: map[string]string{"config.yaml": oneStream}, args: []string{"--config", "config.yaml", "--state", "none.json", "--quiet"}},
		of("Several STATE lines in place of one", "{\"type\":\"STATE\",\"value\":{}}\n{\"type\":\"STATE\",\"value\":{}}\n", "state.json:2:1"),
		of("A state that was cut", `{"bookmarks": {"orders": {"pa`, "state.json:1:"),
		of("An empty file", "", "state.json:1:1"),
		of("A list in place of an object", `[]`),
		of("`bookmarks` that is a list", `{"bookmarks": []}`, "bookmarks is a"),
		of("A bookmark that is a text", `{"bookmarks": {"orders": "2026-01-01"}}`, "bookmarks.orders"),
		of("A state of another system", `{"bookmarks": {"orders": {"page": 2, "anytap": {"format": 1, "source": "pullbay", "stream": "orders"}}}}`, "pullbay"),
		of("A state of another stream", `{"bookmarks": {"orders": {"page": 2, "anytap": {"format": 1, "source": "rest", "stream": "items"}}}}`, "items"),
		of("A state of a newer version", `{"bookmarks": {"orders": {"page": 2, "anytap": {"format": 9, "source": "rest", "stream": "orders"}}}}`),
		airbyte("A state message without a stream", `[{"type": "STREAM", "stream": {"stream_state": {}}}]`, "stream_descriptor.name"),
		airbyte("A state that is a text", `["orders"]`),
		airbyte("A message of an unknown form", `[{"type": "STREAM"}]`),
	}
}

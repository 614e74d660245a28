package e2e

import (
	"net/http"
	"strings"
	"time"
)

// replacing is goodManifest with some of its text replaced.
func replacing(what, old, text string, says ...string) mistake {
	return mistake{what: what, files: map[string]string{"manifest.yaml": strings.Replace(goodManifest, old, text, 1)}, args: []string{"check-manifest", "manifest.yaml"}, says: says}
}

func manifestMistakes() []mistake {
	read := func(m mistake) mistake {
		m.files["config.yaml"] = "base_url: URL\nkey: abcdef\n"
		m.args = []string{"--manifest-path", "manifest.yaml", "--config", "config.yaml", "--quiet"}
		return m
	}
	const stream = "  - type: DeclarativeStream\n    name: orders\n"
	return []mistake{
		{what: "A manifest that is missing", files: map[string]string{"config.yaml": "{}"}, args: []string{"--manifest-path", "none.yaml", "--config", "config.yaml", "--quiet"}},
		{what: "A manifest that is a web page", files: map[string]string{"manifest.yaml": "<!DOCTYPE html>\n<html><body>404: Not Found</body></html>\n"}, args: []string{"check-manifest", "manifest.yaml"}},
		{what: "A manifest that is empty", files: map[string]string{"manifest.yaml": ""}, args: []string{"check-manifest", "manifest.yaml"}},
		{what: "A manifest that is a list", files: map[string]string{"manifest.yaml": "- a\n"}, args: []string{"check-manifest", "manifest.yaml"}},
		{what: "A bracket that is not closed", files: map[string]string{"manifest.yaml": "streams: [\n"}, args: []string{"check-manifest", "manifest.yaml"}, says: []string{"manifest.yaml:"}},
		replacing("A type that there is not", "DpathExtractor", "DpathExtractr", `did you mean "DpathExtractor"?`),
		replacing("A field that there is not", "url_base:", "urlbase:", "urlbase"),
		replacing("A required field that is missing", "field_path: []", "x: 1", "field_path"),
		replacing("A field of the wrong type", "field_path: []", "field_path: {a: 1}", "field_path"),
		replacing("A method that there is not", "path: /orders}", "path: /orders, http_method: FETCH}", "FETCH"),
		replacing("`check` names a stream that there is not", "stream_names: [orders]", "stream_names: [ordrs]", "ordrs"),
		replacing("A template with a mistake", "{{ config['base_url'] }}", "{{ config['base_url' }}", "base_url"),
		read(replacing("The same, read", "{{ config['base_url'] }}", "{{ config['base_url' }}", "base_url")),
		replacing("A filter that there is not", "{{ config['base_url'] }}", "{{ config['base_url'] | lowr }}", "lowr"),
		read(replacing("The same, read", "{{ config['base_url'] }}", "{{ config['base_url'] | lowr }}", "lowr")),
		replacing("A template names a setting that the specification lacks", "{{ config['base_url'] }}", "{{ config['base_ur'] }}", "base_ur"),
		read(replacing("The same, read", "{{ config['base_url'] }}", "{{ config['base_ur'] }}", "url_base")),
		replacing("A reference that leads nowhere, beside another problem", "requester: {type: HttpRequester, url_base:", "requester: {$ref: '#/definitions/nothing', url_bas:", "#/definitions/nothing"),
		{what: "A reference that leads nowhere, in one of two streams", files: map[string]string{"manifest.yaml": strings.Replace(goodManifest, stream, "  - {$ref: '#/definitions/gone'}\n"+stream, 1) + "foo: 1\ndocumentation_url: 5\n"},
			args: []string{"check-manifest", "manifest.yaml"}, says: []string{"#/definitions/gone"}},
		{what: "Several problems", files: map[string]string{"manifest.yaml": strings.NewReplacer("DpathExtractor", "DpathExtractr", "$ref", "x", "InlineSchemaLoader", "InlineSchemaLoadr", "HttpRequester", "{$ref: '#/definitions/gone'}").Replace(goodManifest)},
			args: []string{"check-manifest", "manifest.yaml"}, says: []string{"DpathExtractr", "InlineSchemaLoadr"}},
		replacing("References in a circle", "check:", "definitions: {a: {$ref: '#/definitions/b'}, b: {$ref: '#/definitions/a'}}\ncheck:"),
		replacing("No streams", "streams:\n", "streamz:\n", "streams"),
		replacing("A component in Python", "type: DpathExtractor", "type: CustomRecordExtractor, class_name: source_x.Extractor", "source_x.Extractor"),
		read(replacing("The same, read: nothing is left", "type: DpathExtractor", "type: CustomRecordExtractor, class_name: source_x.Extractor", "source_x.Extractor")),
		replacing("Two streams of one name", "spec:\n", stream+"    retriever: {type: SimpleRetriever, requester: {type: HttpRequester, url_base: https://a.example.com}, record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}}\nspec:\n"),
		read(replacing("A schema file that is missing", "{type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}", "{type: JsonFileSchemaLoader, file_path: schemas/orders.json}", "orders.json")),
		read(withFile(replacing("A schema file that is no JSON", "{type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}", "{type: JsonFileSchemaLoader, file_path: orders.json}", "orders.json"), "orders.json", `{"type": "object", "properties": {"id": {"type": "integer"},}}`)),
		read(replacing("A file outside of the manifest's folder", "{type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}", "{type: JsonFileSchemaLoader, file_path: ../orders.json}", "orders.json")),
		replacing("A specification that is no JSON Schema", "base_url: {type: string}", "base_url: {type: text}", "connection_specification"),
		read(replacing("The same, read", "base_url: {type: string}", "base_url: {type: text}", "connection_specification")),
	}
}

// withFile is a mistake with a further file.
func withFile(m mistake, name, text string) mistake {
	m.files[name] = text
	return m
}

// ofAnswer is a mistake of an API, or one that its answer tells of.
func ofAnswer(what string, stream string, status int, kind, body string, says ...string) mistake {
	return mistake{what: what, files: map[string]string{"config.yaml": "source: rest\nbase_url: URL\nmax_retries: 0\nstreams: [{name: orders, path: /orders" + stream + "}]\n"},
		args: []string{"--config", "config.yaml", "--quiet"}, says: says,
		api: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}}
}

const page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in to continue</body></html>"

func answerMistakes() []mistake {
	js, text := "application/json", "text/plain"
	return []mistake{
		ofAnswer("A web page with 200", "", 200, "text/html", page, "text/html", "Sign in"),
		ofAnswer("A web page that is called JSON", "", 200, js, page, "Sign in"),
		ofAnswer("A web page with 404", "", 404, "text/html", page, "404"),
		ofAnswer("A plain text", "", 200, text, "Service is up.", "Service is up."),
		ofAnswer("An empty body", "", 200, js, ""),
		ofAnswer("JSON that was cut", "", 200, js, `[{"id": 1}, {"id": 2`),
		ofAnswer("JSON with a fault", "", 200, js, `[{"id": 1}, {"id": 2,}]`),
		ofAnswer("Credentials that are refused", "", 401, js, `{"message": "Invalid API key"}`, "401", "Invalid API key"),
		ofAnswer("A stream that is forbidden", "", 403, js, `{"error": {"message": "Scope orders:read is missing"}}`, "403", "Scope orders:read is missing"),
		ofAnswer("A path that there is not", "", 404, js, `{"detail": "Not found."}`, "404", "Not found."),
		ofAnswer("A method that is not allowed", "", 405, js, `{}`, "405"),
		ofAnswer("A parameter that is wrong", ", params: {sort: upp}", 400, js, `{"errors": [{"parameter": "sort", "message": "must be one of: up, down"}]}`, "400", "must be one of: up, down"),
		ofAnswer("A value that is refused", ", params: {sort: upp}", 422, js, `{"detail": [{"loc": ["query", "sort"], "msg": "value is not a valid enumeration member"}]}`, "422", "enumeration member"),
		ofAnswer("A limit that is hit", "", 429, js, `{"message": "Too many requests"}`, "429"),
		ofAnswer("A fault of the server", "", 500, js, `{"message": "Internal error"}`, "500"),
		ofAnswer("A gateway without a server", "", 502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>", "502"),
		ofAnswer("An error with 200", "", 200, js, `{"error": "quota exceeded"}`, "quota exceeded"),
		ofAnswer("Records that are elsewhere", ", records_path: data.items", 200, js, `{"data": {"orders": [{"id": 1}]}}`, "data.items"),
		ofAnswer("Records that are no list", ", records_path: data", 200, js, `{"data": "none"}`, "records_path"),
		ofAnswer("A replication key that the records lack", ", replication_key: updated", 200, js, `[{"id": 1, "updated_at": "2026-01-01"}]`, "updated"),
		ofAnswer("A key that the records lack", ", primary_key: number", 200, js, `[{"id": 1}]`, "number"),
		ofAnswer("A pagination that leads nowhere", ", pagination: {type: cursor, cursor_path: next, param: afterr}, records_path: data", 200, js, `{"data": [{"id": 1}], "next": "a"}`),
		ofAnswer("An answer that promises more", ", pagination: {type: none}, records_path: data", 200, js, `{"data": [{"id": 1}], "has_more": true}`),
		{what: "Too many redirects", files: map[string]string{"config.yaml": oneStream}, args: []string{"--config", "config.yaml", "--quiet"},
			api: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }},
		{what: "An answer that breaks off", files: map[string]string{"config.yaml": oneStream}, args: []string{"--config", "config.yaml", "--quiet"},
			api: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "1000")
				_, _ = w.Write([]byte(`[{"id": 1}`))
			}},
		{what: "A token endpoint that refuses", files: map[string]string{"config.yaml": "source: rest\nbase_url: URL\nmax_retries: 0\nauth: {type: oauth2, token_url: URL/token, client_id: anna, client_secret: hunter22}\nstreams: [{name: orders, path: /orders}]\n"},
			args: []string{"--config", "config.yaml", "--quiet"}, api: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = w.Write([]byte(`{"error": "invalid_client", "error_description": "Client authentication failed"}`))
			}, says: []string{"invalid_client", "/token"}},
		{what: "`check` with credentials that are refused", files: map[string]string{"config.yaml": oneStream}, args: []string{"check", "--config", "config.yaml"},
			api: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = w.Write([]byte(`{"message": "Invalid API key"}`))
			}, says: []string{"FAILED", "401"}},
	}
}

func networkMistakes() []mistake {
	of := func(what, url string, says ...string) mistake {
		return mistake{what: what, files: map[string]string{"config.yaml": "source: rest\nbase_url: " + url + "\nmax_retries: 0\nstreams: [{name: orders, path: /orders}]\n"},
			args: []string{"--config", "config.yaml", "--quiet"}, says: says}
	}
	slow := of("An answer that does not come", "URL\nrequest_timeout: 1", "request_timeout")
	slow.api = func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(30 * time.Second):
		}
	}
	hangUp := of("A server that hangs up", "URL")
	hangUp.api = func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = c.Close()
		}
	}
	tls := of("HTTPS where HTTP is spoken", "TLS", "TLS")
	return []mistake{
		of("A host that there is not", "http://no-such-host.invalid", "no-such-host.invalid", "can not be found"),
		of("A port where nothing listens", "CLOSED", "refused"),
		tls,
		hangUp,
		slow,
		of("A port that is none", "http://127.0.0.1:99999"),
		of("An address with a space", "'http://api .example.com'"),
		of("A scheme that there is not", "ftp://127.0.0.1"),
	}
}

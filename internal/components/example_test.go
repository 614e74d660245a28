package components_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"anytap/internal/components"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

const books = `
version: 7.39.1
type: DeclarativeSource
check: {type: CheckStream, stream_names: [books]}
spec:
  type: Spec
  connection_specification: {type: object, required: [api_key], properties: {api_key: {type: string, airbyte_secret: true}}}
streams:
  - type: DeclarativeStream
    name: books
    primary_key: [id]
    retriever:
      type: SimpleRetriever
      requester:
        type: HttpRequester
        url: "https://api.example.com/v1/books"
        authenticator: {type: BearerAuthenticator, api_token: "{{ config['api_key'] }}"}
      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
    schema_loader:
      type: InlineSchemaLoader
      schema: {type: object, properties: {id: {type: integer}, title: {type: string}}}
`

// A manifest is opened with a configuration, and lists its streams.
func ExampleConnector() {
	load := func() (*manifest.Node, error) { return manifest.Parse("manifest.yaml", []byte(books)) }
	connector := components.Connector(load, components.Overrides{})

	config := value.DictOf("api_key", "s3cret")
	source, err := connector.Open(context.Background(), config, tap.Environment{ConfigFile: "config.json", Now: time.Now, Log: slog.Default()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = source.Close() }()
	streams, err := source.Streams(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range streams {
		schema, err := s.Schema(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Name, s.PrimaryKey, string(value.Append(nil, schema)))
	}
	// Output: books [[id]] {"type":"object","properties":{"id":{"type":"integer"},"title":{"type":"string"}}}
}

// A manifest is checked without a configuration. Each problem has its place in the file.
func ExampleCheckManifest() {
	root, err := manifest.Parse("manifest.yaml", []byte(`
version: 7.39.1
type: DeclarativeSource
check: {type: CheckStream, stream_names: [books]}
streams:
  - type: DeclarativeStream
    name: books
    primary_keys: id
    retriever:
      type: SimpleRetriever
      requester: {type: HttpRequester, url: "https://api.example.com/v1/books"}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	problems, err := components.CheckManifest(root)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	// Output:
	// manifest.yaml:8:19: streams[0].primary_keys: DeclarativeStream has no field "primary_keys", did you mean "primary_key"?
	// manifest.yaml:10:7: streams[0].retriever: SimpleRetriever needs the field "record_selector" (RecordSelector)
}

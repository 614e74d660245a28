package components

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// startOf gives the text of a manifest with forty streams, or with MANIFEST of that file.
func startOf(b *testing.B) []byte {
	b.Helper()
	if name := os.Getenv("MANIFEST"); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		return text
	}
	var t strings.Builder
	t.WriteString(`version: 7.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [s0]}
spec:
  type: Spec
  connection_specification: {type: object, properties: {key: {type: string}}}
definitions:
  requester:
    type: HttpRequester
    url_base: "{{ config['base'] }}/v1"
    authenticator: {type: BearerAuthenticator, api_token: "{{ config['key'] }}"}
  retriever:
    type: SimpleRetriever
    requester:
      $ref: "#/definitions/requester"
      path: "{{ parameters['path'] }}"
    record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
    paginator:
      type: DefaultPaginator
      page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: cursor}
      pagination_strategy: {type: CursorPagination, cursor_value: "{{ response.next }}", stop_condition: "{{ not response.next }}"}
streams:
`)
	for i := range 40 {
		fmt.Fprintf(&t, `  - type: DeclarativeStream
    name: s%d
    primary_key: [id]
    $parameters: {path: "/things/%d"}
    retriever: {$ref: "#/definitions/retriever"}
    incremental_sync:
      type: DatetimeBasedCursor
      cursor_field: updated_at
      datetime_format: "%%Y-%%m-%%dT%%H:%%M:%%SZ"
      start_datetime: "2024-01-01T00:00:00Z"
      start_time_option: {type: RequestOption, inject_into: request_parameter, field_name: since}
    schema_loader:
      type: InlineSchemaLoader
      schema:
        type: object
        properties:
`, i, i)
		for j := range 40 {
			fmt.Fprintf(&t, "          field_%d:\n            type:\n              - string\n              - \"null\"\n", j)
		}
	}
	return []byte(t.String())
}

// BenchmarkSpec is what spec does: a manifest is read, resolved and validated, and its
// specification built.
func BenchmarkSpec(b *testing.B) {
	text := startOf(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		c := Connector(func() (*manifest.Node, error) { return manifest.Parse("manifest.yaml", text) }, Overrides{})
		if _, err := c.Spec(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDiscover is what discover does: every stream is built and gives its schema.
func BenchmarkDiscover(b *testing.B) {
	text := startOf(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		c := Connector(func() (*manifest.Node, error) { return manifest.Parse("manifest.yaml", text) }, Overrides{})
		src, err := c.Open(context.Background(), value.NewDict(0), tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), Discovering: true})
		if err != nil {
			b.Fatal(err)
		}
		streams, err := src.Streams(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range streams {
			if _, err := s.Schema(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	}
}

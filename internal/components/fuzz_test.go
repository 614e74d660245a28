package components

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/manifest/parity"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// FuzzManifest: a text becomes streams that can be opened, or an error with a place, in time. No
// request is sent.
func FuzzManifest(f *testing.F) {
	const whole = `version: 6.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [a]}
spec: {type: Spec, connection_specification: {type: object}}
definitions: {base: {type: HttpRequester, url_base: "{{ config['url'] }}", path: "/{{ parameters.name }}"}}
streams:
- type: DeclarativeStream
  $parameters: {name: a}
  name: a
  primary_key: [id]
  schema_loader: {type: InlineSchemaLoader, schema: {}}
`
	for _, rest := range []string{
		"  retriever: {type: SimpleRetriever, requester: {$ref: '#/definitions/base'}, record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [a, '*']}}}\n",
		"  retriever: {type: SimpleRetriever, requester: {$ref: '#/definitions/base'}, record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}},\n" +
			"    paginator: {type: DefaultPaginator, pagination_strategy: {type: CursorPagination, cursor_value: '{{ response.n }}'}, page_token_option: {type: RequestPath}},\n" +
			"    partition_router: {type: ListPartitionRouter, values: [x, 1], cursor_field: v}}\n" +
			"  incremental_sync: {type: DatetimeBasedCursor, cursor_field: at, datetime_format: '%Y-%m-%d', start_datetime: '2026-01-01', step: P1M, cursor_granularity: P1D}\n" +
			"  transformations: [{type: AddFields, fields: [{path: [b, c], value: '{{ record.id + 1 }}'}]}, {type: RemoveFields, field_pointers: [['**', x]]}]\n",
	} {
		f.Add(whole + rest)
	}
	for _, text := range parity.Seeds {
		f.Add(text)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		begun := time.Now()
		err := opened(stopped, text)
		if err != nil && !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "m.yaml:") && !strings.Contains(err.Error(), "config.json: ") {
			t.Errorf("%q: an error without a place: %v", text, err)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%q takes %s", text, took)
		}
	})
}

// opened opens the streams of a manifest as far as it goes without a request.
func opened(ctx context.Context, text string) error {
	c := Connector(func() (*manifest.Node, error) { return manifest.Parse("m.yaml", []byte(text)) },
		Overrides{Settings: value.NewDict(0), ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist }})
	source, err := c.Open(ctx, value.DictOf("url", "http://127.0.0.1:1"), tap.Environment{ConfigFile: "config.json", Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if source.Close != nil {
		defer source.Close()
	}
	streams, err := source.Streams(ctx)
	if err != nil {
		return err
	}
	for _, s := range streams {
		if s.Unsupported != nil {
			continue
		}
		if _, err := s.Schema(ctx); err != nil {
			return s.Located(err)
		}
		reading, err := s.Open(tap.StartingPoint{})
		if err != nil {
			return s.Located(err)
		}
		for slice, err := range reading.Cursor.Slices(ctx) {
			if err != nil {
				return s.Located(err)
			}
			for _, err := range reading.Retriever.Pages(ctx, slice) {
				return s.Located(err)
			}
		}
	}
	return nil
}

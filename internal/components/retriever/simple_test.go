package retriever_test

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/components/paginator"
	"anytap/internal/components/retriever"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// entry is a component of another package that is always the same.
func entry(v any) manifest.Entry {
	return manifest.Entry{Build: func(*manifest.Compiler, *manifest.Node) (any, error) { return v, nil }}
}

// sync is an incremental_sync of which only what it says of itself counts.
type sync struct {
	contract.IncrementalSync
	clientSide, feed bool
}

func (s sync) ClientSide() bool { return s.clientSide }
func (s sync) DataFeed() bool   { return s.feed }

func (s sync) Inject(o *rest.Parts, _ *rest.PageRequest) error {
	return rest.FieldOption(rest.InParameter, "since").Inject(o, "yesterday")
}

// router has two partitions.
type router struct{}

func (router) ParentNames() []string     { return nil }
func (router) GlobalOnly() bool          { return false }
func (r router) Injector() rest.Injector { return r }

func (router) Open(*value.Dict) (tap.Partitions, error) { return router{}, nil }
func (router) ParentState() *value.Dict                 { return nil }

func (router) All(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		_ = yield(tap.NewSlice(value.DictOf("k", "a"), nil, nil), nil) && yield(tap.NewSlice(value.DictOf("k", "b"), nil, nil), nil)
	}
}

func (router) Inject(o *rest.Parts, p *rest.PageRequest) error {
	k, _ := p.Slice.Partition.Get("k")
	return rest.FieldOption(rest.InParameter, "kind").Inject(o, k)
}

// streamingDecoder is one that no paginator may look into.
type streamingDecoder struct{ rest.Decoder }

func (streamingDecoder) Abilities() rest.DecoderAbilities {
	return rest.DecoderAbilities{Streams: true}
}

type pagingDecoder struct{ rest.Decoder }

func (pagingDecoder) Abilities() rest.DecoderAbilities { return rest.DecoderAbilities{Paginates: true} }

// props stands for query properties of another package.
type props struct{ paging.Properties }

var log strings.Builder

func build(t *testing.T, l *resttest.Listing, text string, scope contract.Scope) (*paging.Loop, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", text)
	table := retriever.Table()
	for name, e := range paginator.Table() {
		table[name] = e
	}
	for name, v := range map[string]any{
		"HttpRequester": l, "RecordSelector": &resttest.Data{}, "JsonDecoder": pagingDecoder{}, "XmlDecoder": pagingDecoder{}, "CsvDecoder": streamingDecoder{},
		"ListPartitionRouter": router{}, "SubstreamPartitionRouter": router{}, "CartesianProduct": router{},
		"QueryProperties": props{}, "PropertiesFromEndpoint": props{},
	} {
		table[name] = entry(v)
	}
	table["RequestOption"] = manifest.Entry{Build: func(_ *manifest.Compiler, n *manifest.Node) (any, error) {
		name, _ := n.Get("field_name").Text()
		return rest.FieldOption(rest.InParameter, name), nil
	}}
	log.Reset()
	c := manifest.NewCompiler(table, value.NewDict(0))
	c.Now = func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	scope.Stream = "items"
	return manifest.Build[*paging.Loop](manifest.With(c, scope), root.Get("retriever"))
}

// stream is a stream's YAML with a retriever that has more fields.
func stream(sync, requester, selector, more string) string {
	return fmt.Sprintf(`
type: DeclarativeStream
%s
retriever:
  type: SimpleRetriever
  requester:
    type: HttpRequester
    url_base: https://api.test
%s
  record_selector:
    type: RecordSelector
%s
%s
`, sync, indent(4, requester), indent(4, selector), indent(2, more))
}

func indent(by int, text string) string {
	pad := strings.Repeat(" ", by)
	return pad + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+pad)
}

func read(t *testing.T, p *paging.Loop, s *tap.Slice) string {
	t.Helper()
	ids, err := resttest.IDs(p.Open(nil).Pages(t.Context(), s))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(ids, " ")
}

func TestReads(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
	p, err := build(t, l, stream("", "", "", `
paginator:
  type: DefaultPaginator
  page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
  pagination_strategy: {type: PageIncrement, page_size: 2, start_from_page: 1}
partition_router: {type: ListPartitionRouter}
ignore_stream_slicer_parameters_on_paginated_requests: true`), contract.Scope{Sync: sync{}, PrimaryKey: [][]string{{"id"}}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Router() == nil {
		t.Fatal("no router")
	}
	parts, err := p.Router().Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	for s := range parts.All(t.Context()) {
		if got := read(t, p, s); got != "1 2 3 4 5" {
			t.Errorf("records are %s", got)
		}
	}
	if got := strings.Join(l.Asked(), " "); got != "kind=a&since=yesterday page=2 page=3 kind=b&since=yesterday page=2 page=3" {
		t.Errorf("asked %s", got)
	}
}

func TestOnePage(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
	p, err := build(t, l, stream("", "", "", ""), contract.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, p, tap.NewSlice(nil, nil, nil)); got != "1 2" || len(l.Asked()) != 1 {
		t.Errorf("records are %s by %d requests", got, len(l.Asked()))
	}
}

const reduceFilter = `error_handler:
  type: CompositeErrorHandler
  error_handlers:
  - type: DefaultErrorHandler
    response_filters: [{type: HttpResponseFilter, action: REDUCE_PAGE_SIZE, http_codes: [413]}]`

const splitFilter = `error_handler:
  type: DefaultErrorHandler
  response_filters: [{type: HttpResponseFilter, action: SPLIT_REQUEST_WINDOW, http_codes: [413]}]`

const datetimeSync = "incremental_sync: {type: DatetimeBasedCursor, cursor_granularity: P1D, datetime_format: '%Y-%m-%d'}"

func offsets(strategy, more string) string {
	return `
paginator:
  type: DefaultPaginator
  page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: offset}
  pagination_strategy: {` + strategy + "}\n" + indent(2, more)
}

const sized = "page_size_option: {type: RequestOption, inject_into: header, field_name: limit}"

func TestSettings(t *testing.T) {
	p, err := build(t, &resttest.Listing{}, stream(datetimeSync, "", "", `
pagination_reset: {type: PaginationReset, action: SPLIT_USING_CURSOR, limits: {type: PaginationResetLimits, number_of_records: 10}}
request_window_splitting: {type: RequestWindowSplitting, min_split_window: PT36H, failure_message: 'no'}`), contract.Scope{Sync: sync{feed: true, clientSide: false}, Pages: paging.Settings{Prefetch: 3}})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Reset.Narrow || !p.Reset.Limited || p.Reset.Limit != 10 {
		t.Errorf("reset %+v", p.Reset)
	}
	if p.Split.Floor != 36*3600*value.Second || p.Split.FailureMessage != "no" {
		t.Errorf("split %+v", p.Split)
	}
	if !p.DataFeed || p.Settings.Prefetch != 3 || p.CursorPart == nil {
		t.Errorf("loop %+v", p)
	}
	if !strings.Contains(log.String(), "SPLIT_REQUEST_WINDOW") {
		t.Errorf("log %s", log.String())
	}
}

func TestReduction(t *testing.T) {
	tests := map[string]struct {
		reduction string
		want      paging.Shrink
	}{
		"defaults": {"{type: PageSizeReduction}", paging.Shrink{Factor: 2, Minimum: 1, Attempts: 5, Backoff: 500 * time.Millisecond}},
		"all": {"{type: PageSizeReduction, reduction_factor: 1.5, minimum_page_size: 2, max_attempts: 4, backoff_seconds: 2, retries_at_minimum_page_size: 4, failure_message: m, reset_policy: AFTER_SUCCESSFUL_PAGE}",
			paging.Shrink{Factor: 1.5, Minimum: 2, Attempts: 4, Backoff: 2 * time.Second, RetriesAtMinimum: 4, FailureMessage: "m", Restore: true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, &resttest.Listing{}, stream("", reduceFilter, "", offsets("type: OffsetIncrement, page_size: 8", sized)+"\npage_size_reduction: "+test.reduction), contract.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			if *p.Shrink != test.want || log.Len() > 0 {
				t.Errorf("reduction %+v, log %s", *p.Shrink, log.String())
			}
		})
	}
}

func TestProperties(t *testing.T) {
	for name, requester := range map[string]string{
		"parameter":        "request_parameters: {a: b, fields: {type: QueryProperties, property_list: [a]}}",
		"field":            "query_properties: {type: QueryProperties, property_list: [a]}",
		"older field":      "fetch_properties_from_endpoint: {type: PropertiesFromEndpoint}",
		"parameter, field": "request_parameters: {fields: {type: QueryProperties, property_list: [a]}}\nquery_properties: {type: QueryProperties, property_list: [a]}",
	} {
		p, err := build(t, &resttest.Listing{}, stream("", requester, "", ""), contract.Scope{})
		if err != nil || p.Properties == nil {
			t.Errorf("%s: properties %v, %v", name, p, err)
		}
	}
}

// noUploads is an uploader that is never called.
type noUploads struct{ contract.Uploader }

func TestRefused(t *testing.T) {
	const lazy = "partition_router: {type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig, lazy_read_pointer: [kids]}]}\n"
	const reduction = "\npage_size_reduction: {type: PageSizeReduction}"
	const splitting = "\nrequest_window_splitting: {type: RequestWindowSplitting}"
	cursors := func(condition string) string {
		return offsets(`type: CursorPagination, page_size: 8, cursor_value: "{{ response.next }}", stop_condition: "`+condition+`"`, sized)
	}
	tests := map[string]struct {
		sync, requester, selector, more string
		scope                           contract.Scope
		says                            string
	}{
		"two query properties":      {requester: "request_parameters: {a: {type: QueryProperties, property_list: [a]}, b: {type: QueryProperties, property_list: [a]}}", says: "one QueryProperties"},
		"two sources of properties": {requester: "request_parameters: {a: {type: QueryProperties, property_list: [a]}}\nfetch_properties_from_endpoint: {type: PropertiesFromEndpoint}", says: "leave one"},
		"csv with a paginator":      {more: "decoder: {type: CsvDecoder}" + offsets("type: OffsetIncrement, page_size: 8", ""), says: "decoder"},
		"union with offsets":        {selector: "extractor: {type: CombinedExtractor, extractors: []}", more: offsets("type: OffsetIncrement, page_size: 8", ""), says: "CombinedExtractor"},
		"union within first_match": {selector: "extractor: {type: CombinedExtractor, mode: first_match, extractors: [{type: CombinedExtractor, mode: union}]}",
			more: offsets("type: OffsetIncrement, page_size: 8", ""), says: "CombinedExtractor"},
		"limits with a filter": {selector: "record_filter: {type: RecordFilter, condition: a}", more: "pagination_reset: {type: PaginationReset, action: RESET, limits: {type: PaginationResetLimits}}", says: "record_filter"},

		"reduction is missing":          {requester: reduceFilter, says: "no page_size_reduction"},
		"reduction without a paginator": {requester: reduceFilter, more: reduction, says: "DefaultPaginator"},
		"reduction without a size":      {requester: reduceFilter, more: offsets("type: OffsetIncrement, page_size: 8", "") + reduction, says: "page_size_option"},
		"reduction of page numbers":     {requester: reduceFilter, more: offsets("type: PageIncrement, page_size: 8", sized) + reduction, says: "PageIncrement"},
		"reduction below the minimum":   {requester: reduceFilter, more: offsets("type: OffsetIncrement, page_size: '1'", sized) + reduction, says: "never be reduced"},
		"reduction with properties":     {requester: reduceFilter + "\nquery_properties: {type: QueryProperties, property_list: [a]}", more: offsets("type: OffsetIncrement, page_size: 8", sized) + reduction, says: "query properties"},
		"reduction with files":          {requester: reduceFilter, more: offsets("type: OffsetIncrement, page_size: 8", sized) + reduction, scope: contract.Scope{Upload: noUploads{}}, says: "file_uploader"},
		"reduction of lazy children":    {requester: reduceFilter, more: lazy + offsets("type: OffsetIncrement, page_size: 8", sized) + reduction, says: "lazy_read_pointer"},
		"reduction and a short page":    {requester: reduceFilter, more: cursors("{{ last_page_size < 8 }}") + reduction, says: "too early"},
		"reduction factor of 1":         {requester: reduceFilter, more: offsets("type: OffsetIncrement, page_size: 8", sized) + "\npage_size_reduction: {type: PageSizeReduction, reduction_factor: 1}", says: "reduction_factor"},
		"reduction with a next address": {requester: reduceFilter, more: strings.Replace(cursors("{{ false }}"), "{type: RequestOption, inject_into: request_parameter, field_name: offset}", "{type: RequestPath}", 1) + reduction, says: "RequestPath"},

		"splitting is missing":           {requester: splitFilter, says: "no request_window_splitting"},
		"splitting without a cursor":     {requester: splitFilter, more: splitting, says: "DatetimeBasedCursor"},
		"splitting without granularity":  {sync: "incremental_sync: {type: DatetimeBasedCursor}", requester: splitFilter, more: splitting, scope: contract.Scope{Sync: sync{}}, says: "cursor_granularity"},
		"splitting of a count":           {sync: "incremental_sync: {type: IncrementingCountCursor}", requester: splitFilter, more: splitting, scope: contract.Scope{Sync: sync{}}, says: "DatetimeBasedCursor"},
		"splitting on the client's side": {sync: datetimeSync, requester: splitFilter, more: splitting, scope: contract.Scope{Sync: sync{clientSide: true}}, says: "is_client_side_incremental"},
		"splitting by nothing":           {sync: strings.Replace(datetimeSync, "P1D", "PT0S", 1), requester: splitFilter, more: splitting, scope: contract.Scope{Sync: sync{}}, says: "above zero"},
		"splitting too finely":           {sync: strings.Replace(datetimeSync, "P1D", "PT1S", 1), requester: splitFilter, more: splitting, scope: contract.Scope{Sync: sync{}}, says: "finer"},
		"splitting down to months":       {sync: datetimeSync, requester: splitFilter, more: "request_window_splitting: {type: RequestWindowSplitting, min_split_window: P1M}", scope: contract.Scope{Sync: sync{}}, says: "fixed length"},
		"splitting with files":           {sync: datetimeSync, requester: splitFilter, more: splitting, scope: contract.Scope{Sync: sync{}, Upload: noUploads{}}, says: "file_uploader"},
		"splitting of lazy children":     {sync: datetimeSync, requester: splitFilter, more: lazy + splitting, scope: contract.Scope{Sync: sync{}}, says: "lazy_read_pointer"},

		"lazy children with windows": {sync: datetimeSync, more: lazy, scope: contract.Scope{Sync: sync{}}, says: "one window"},
		"lazy children with a count": {sync: "incremental_sync: {type: IncrementingCountCursor}", more: lazy, scope: contract.Scope{Sync: sync{}}, says: "DatetimeBasedCursor only"},
		"lazy children of XML":       {more: lazy + "decoder: {type: XmlDecoder}", says: "JsonDecoder only"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := build(t, &resttest.Listing{}, stream(test.sync, test.requester, test.selector, test.more), test.scope)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, expected %q", err, test.says)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	const reduction = "\npage_size_reduction: {type: PageSizeReduction, minimum_page_size: 2}"
	tests := map[string]struct {
		requester, more string
		scope           contract.Scope
		says            string
	}{
		"reduction that never happens": {"", offsets("type: OffsetIncrement, page_size: 8", sized) + reduction, contract.Scope{}, "REDUCE_PAGE_SIZE"},
		"minimum out of reach":         {reduceFilter, offsets("type: OffsetIncrement, page_size: 8000", sized) + reduction, contract.Scope{}, "do not reach"},
		"doubtful stop condition":      {reduceFilter, offsets(`type: CursorPagination, page_size: 8, cursor_value: a, stop_condition: "{{ not last_page_size }}"`, sized) + reduction, contract.Scope{}, "too early"},
		"feed that is filtered":        {"", "", contract.Scope{Sync: sync{feed: true, clientSide: true}}, "is_data_feed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := build(t, &resttest.Listing{}, stream("", test.requester, "", test.more), test.scope); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(log.String(), test.says) {
				t.Errorf("log %q, expected %q", log.String(), test.says)
			}
		})
	}
}

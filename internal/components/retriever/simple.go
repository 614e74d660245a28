package retriever

import (
	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
)

// SimpleDefinition configures a SimpleRetriever, which reads slices page by page.
//
//	type: SimpleRetriever
//	requester: {type: HttpRequester, url_base: "https://api.example.com", path: items}
//	record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
//	paginator: {type: DefaultPaginator, pagination_strategy: {type: PageIncrement, page_size: 50}}
//	partition_router: {type: ListPartitionRouter, cursor_field: kind, values: [a, b]}
type SimpleDefinition struct {
	Requester *manifest.Node `manifest:"requester,required,is=HttpRequester|CustomRequester" doc:"How a page is asked for."`
	Decoder   *manifest.Node `manifest:"decoder,is=FormatDecoder|JsonDecoder|JsonItemsDecoder|XmlDecoder|CsvDecoder|JsonlDecoder|GzipDecoder|IterableDecoder|ZipfileDecoder|CustomDecoder" doc:"What bodies are; JSON by default."`
	Selector  *manifest.Node `manifest:"record_selector,required,is=RecordSelector" doc:"How records are made of an answer."`
	Paginator *manifest.Node `manifest:"paginator,is=DefaultPaginator|NoPagination" doc:"How the next page is found; one page by default."`
	Reset     *manifest.Node `manifest:"pagination_reset,is=PaginationReset" doc:"How pagination starts anew where the error handler or a limit asks for it."`
	Reduction *manifest.Node `manifest:"page_size_reduction,is=PageSizeReduction" doc:"How pages get smaller where the error handler asks for it."`
	Splitting *manifest.Node `manifest:"request_window_splitting,is=RequestWindowSplitting" doc:"That windows are cut in two where the error handler asks for it."`
	FirstOnly bool           `manifest:"ignore_stream_slicer_parameters_on_paginated_requests" doc:"Leaves what slices add out of requests with a page token."`
	Router    *manifest.Node `manifest:"partition_router,is=SubstreamPartitionRouter|ListPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter|[SubstreamPartitionRouter|ListPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter]" doc:"The partitions that are read one by one; of a list, each combination."`
}

// BuildSimple builds a SimpleRetriever.
func BuildSimple(c *manifest.Compiler, n *manifest.Node) (*paging.Loop, error) {
	var def SimpleDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	b := &builder{c: c, n: n, def: &def, loop: &paging.Loop{FirstOnly: def.FirstOnly, Config: c.Config}}
	b.scope, _ = manifest.Scoped[contract.Scope](c)
	for _, step := range []func() error{b.stream, b.router, b.paging, b.properties, b.exchange, b.check, b.resets} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b.loop, nil
}

// builder holds a SimpleRetriever while it is being built.
type builder struct {
	c     *manifest.Compiler
	n     *manifest.Node
	def   *SimpleDefinition
	scope contract.Scope
	loop  *paging.Loop
	lazy  bool // the first pages are in the parents' records
}

// stream takes the stream's settings.
func (b *builder) stream() error {
	b.loop.Runtime, b.loop.Stream, b.loop.PrimaryKey = contract.Runtime(b.c), b.scope.Stream, b.scope.PrimaryKey
	b.loop.Limits = contract.Client(b.c)
	b.loop.Ledger, _ = manifest.Service[*paging.Ledger](b.c)
	b.loop.Settings = b.scope.Pages
	if sync := b.scope.Sync; sync != nil {
		b.loop.CursorPart, b.loop.DataFeed = sync, sync.DataFeed()
		if sync.DataFeed() && sync.ClientSide() {
			b.warn("is_client_side_incremental filters nothing more where is_data_feed is set")
		}
	}
	return nil
}

func (b *builder) router() error {
	n := b.def.Router
	if n == nil {
		return nil
	}
	router, err := buildRouter(b.c, n)
	if err != nil || router == nil {
		return err
	}
	b.loop.Partitions, b.loop.PartitionPart = router, router.Injector()
	b.lazy = readsLazily(n)
	b.loop.Lazy = b.lazy
	return nil
}

// buildRouter builds a router, or the one that combines a list of them; nil: there is none.
func buildRouter(c *manifest.Compiler, n *manifest.Node) (contract.PartitionRouter, error) {
	switch {
	case n == nil, n.Kind == manifest.List && len(n.Items()) == 0:
		return nil, nil
	case n.Kind == manifest.List:
		return manifest.BuildAs[contract.PartitionRouter](c, n, "CartesianProduct")
	}
	return manifest.Build[contract.PartitionRouter](c, n)
}

// readsLazily reports whether the first pages are in the parents' records.
func readsLazily(router *manifest.Node) bool {
	for _, parent := range router.Get("parent_stream_configs").Items() {
		if len(parent.Get("lazy_read_pointer").Items()) > 0 {
			return true
		}
	}
	return false
}

// paging builds decoder and paginator. The selector is told what the paginator looks at in answers:
// the rest need not be held in memory.
func (b *builder) paging() error {
	var err error
	if b.scope.Decoder, err = b.decoder(); err != nil {
		return err
	}
	b.c = manifest.With(b.c, b.scope)
	if b.def.Paginator != nil {
		if b.loop.Paginator, err = manifest.Build[rest.Paginator](b.c, b.def.Paginator); err != nil {
			return err
		}
	}
	b.scope.Looks = paging.Looks(b.loop.Paginator, &b.loop.Settings)
	b.c = manifest.With(b.c, b.scope)
	strategy := b.def.Paginator.Get("pagination_strategy")
	if strategy.Type() == "OffsetIncrement" && unites(b.def.Selector.Get("extractor")) {
		return strategy.Problem("an OffsetIncrement can not count the records of a CombinedExtractor with mode union: " +
			"use first_match, or another strategy")
	}
	return nil
}

// decoder builds the decoder; nil: JSON's. Strict streams take bodies in other formats too.
func (b *builder) decoder() (rest.Decoder, error) {
	if b.def.Decoder == nil && b.scope.Pages.Strict {
		return manifest.BuildAs[rest.Decoder](b.c, b.n, "FormatDecoder")
	}
	return manifest.BuildOptional[rest.Decoder](b.c, b.def.Decoder)
}

// exchange builds requester and selector.
func (b *builder) exchange() (err error) {
	if b.loop.Selector, err = manifest.Build[rest.Selector](b.c, b.def.Selector); err != nil {
		return err
	}
	b.loop.Requester, err = manifest.Build[rest.Requester](b.c, b.def.Requester)
	return err
}

// unites reports whether an extractor joins the records of several others, so that there may be
// more than in the API's page.
func unites(extractor *manifest.Node) bool {
	if extractor.Type() != "CombinedExtractor" {
		return false
	}
	if mode, _ := extractor.Get("mode").Text(); mode == "" || mode == "union" {
		return true
	}
	for _, inner := range extractor.Get("extractors").Items() {
		if unites(inner) {
			return true
		}
	}
	return false
}

func (b *builder) warn(text string, args ...any) {
	if b.c.Log != nil {
		b.c.Log.Warn(text, append([]any{"stream", b.scope.Stream}, args...)...)
	}
}

// handles reports whether a filter of the requester's error handler has the action.
func (b *builder) handles(action rest.Action) bool {
	return handles(b.def.Requester.Get("error_handler"), string(action))
}

func handles(handler *manifest.Node, action string) bool {
	for _, inner := range handler.Get("error_handlers").Items() {
		if handles(inner, action) {
			return true
		}
	}
	for _, filter := range handler.Get("response_filters").Items() {
		if text, _ := filter.Get("action").Text(); text == action {
			return true
		}
	}
	return false
}

package retriever

import (
	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/jobs"
	"anytap/internal/rest/paging"
)

// AsyncDefinition configures an AsyncRetriever, which reads slices as jobs: it creates, polls and
// downloads them.
//
//	type: AsyncRetriever
//	creation_requester: {type: HttpRequester, url: "https://api.example.com/jobs", http_method: POST}
//	polling_requester: {type: HttpRequester, url: "https://api.example.com/jobs/{{ creation_response['id'] }}"}
//	status_extractor: {type: DpathExtractor, field_path: [status]}
//	status_mapping: {running: [queued], completed: [done], failed: [error], timeout: [expired]}
//	download_target_extractor: {type: DpathExtractor, field_path: [urls]}
//	download_requester: {type: HttpRequester, url: "{{ download_target }}"}
//	download_decoder: {type: JsonlDecoder}
//	record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
type AsyncDefinition struct {
	Selector          *manifest.Node `manifest:"record_selector,required,is=RecordSelector" doc:"How the downloaded records are filtered and changed; its extractor is not used."`
	Statuses          *manifest.Node `manifest:"status_mapping,required,is=AsyncJobStatusMap" doc:"What the API's words for a job's state mean."`
	Status            *manifest.Node `manifest:"status_extractor,required,is=DpathExtractor|CustomRecordExtractor|CombinedExtractor" doc:"Where the answer to polling_requester says how the job goes."`
	Target            *manifest.Node `manifest:"download_target_extractor,is=DpathExtractor|CustomRecordExtractor|CombinedExtractor" doc:"Where the last answer says what to download; without it there is one download."`
	DownloadExtractor *manifest.Node `manifest:"download_extractor,is=DpathExtractor|CustomRecordExtractor|ResponseToFileExtractor|CombinedExtractor" doc:"Where a download holds the records; by default it is them."`
	Create            *manifest.Node `manifest:"creation_requester,required,is=HttpRequester|CustomRequester" doc:"Creates a job."`
	Poll              *manifest.Node `manifest:"polling_requester,required,is=HttpRequester|CustomRequester" doc:"Asks how a job goes."`
	Timeout           any            `manifest:"polling_job_timeout,is=integer|string" doc:"Minutes that a job may run; 60 by default."`
	RetryAfter        any            `manifest:"failed_retry_wait_time_in_seconds,is=integer|string,min=1" doc:"Seconds to wait before a job that the API gave up is created anew."`
	Targets           *manifest.Node `manifest:"download_target_requester,is=HttpRequester|CustomRequester" doc:"Asks what to download, where the answer about the job does not say it."`
	Download          *manifest.Node `manifest:"download_requester,required,is=HttpRequester|CustomRequester" doc:"Downloads what a job made."`
	Paginator         *manifest.Node `manifest:"download_paginator,is=DefaultPaginator|NoPagination" doc:"How a download's next page is found; one page by default."`
	Abort             *manifest.Node `manifest:"abort_requester,is=HttpRequester|CustomRequester" doc:"Stops a job that took too long."`
	Delete            *manifest.Node `manifest:"delete_requester,is=HttpRequester|CustomRequester" doc:"Deletes a job that was downloaded."`
	Router            *manifest.Node `manifest:"partition_router,is=ListPartitionRouter|SubstreamPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter|[ListPartitionRouter|SubstreamPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter]" doc:"The partitions, a job each; of a list, each combination."`
	Decoder           *manifest.Node `manifest:"decoder,is=CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder|IterableDecoder|XmlDecoder|ZipfileDecoder|CustomDecoder" doc:"What the answers about jobs are; JSON by default."`
	DownloadDecoder   *manifest.Node `manifest:"download_decoder,is=CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder|IterableDecoder|XmlDecoder|ZipfileDecoder|CustomDecoder" doc:"What downloads are; JSON by default."`
}

// BuildAsync builds an AsyncRetriever.
func BuildAsync(c *manifest.Compiler, n *manifest.Node) (*jobs.Loop, error) {
	var def AsyncDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	b := &asyncBuilder{c: c, n: n, def: &def, loop: &jobs.Loop{Config: c.Config, HeaderNames: headerNames(n.Value())}}
	b.stream, _ = manifest.Scoped[contract.Scope](c)
	for _, step := range []func() error{b.check, b.shared, b.times, b.router, b.answers, b.requests, b.download} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b.loop, nil
}

// asyncBuilder holds an AsyncRetriever while it is being built.
type asyncBuilder struct {
	c      *manifest.Compiler
	n      *manifest.Node
	def    *AsyncDefinition
	stream contract.Scope // the stream's
	scope  contract.Scope // of requests about jobs
	loop   *jobs.Loop
}

// check refuses settings that the reference runtime refuses too.
func (b *asyncBuilder) check() error {
	if b.def.Targets != nil && b.def.Target == nil {
		return b.def.Targets.Problem("download_target_requester needs a download_target_extractor, which finds the targets in its answer")
	}
	for _, requester := range []*manifest.Node{b.def.Create, b.def.Poll, b.def.Download, b.def.Targets, b.def.Abort, b.def.Delete} {
		for _, action := range []rest.Action{rest.ReducePageSize, rest.SplitRequestWindow} {
			if handles(requester.Get("error_handler"), string(action)) {
				return requester.Problem("the action %s can not be used in an AsyncRetriever", action)
			}
		}
	}
	return nil
}

// shared takes what belongs to the whole run, and makes the scope of requests about jobs. These ask
// for the present state of the API, so no cache may answer them, whatever the stream's settings
// are.
func (b *asyncBuilder) shared() error {
	slots, ok := manifest.Service[*jobs.Slots](b.c)
	if !ok {
		slots = jobs.NewSlots(1)
		manifest.Provide(b.c, slots)
	}
	b.loop.Runtime, b.loop.Stream, b.loop.Slots = contract.Runtime(b.c), b.stream.Stream, slots
	b.scope = contract.Scope{Stream: b.stream.Stream, NoStore: true}
	return nil
}

// router builds the partition router. Requests about jobs know the partition only from templates.
func (b *asyncBuilder) router() error {
	router, err := buildRouter(b.c, b.def.Router)
	if router != nil {
		b.loop.Partitions = router
	}
	return err
}

// answers builds the parts that read answers about jobs, and the selector of downloaded records. As
// in the reference runtime, that selector neither filters by the cursor nor uploads files.
func (b *asyncBuilder) answers() error {
	var err error
	if b.scope.Decoder, err = manifest.BuildOptional[rest.Decoder](b.c, b.def.Decoder); err != nil {
		return err
	}
	c := manifest.With(b.c, b.scope)
	if b.loop.Statuses, err = manifest.BuildAs[map[string]jobs.Status](c, b.def.Statuses, "AsyncJobStatusMap"); err != nil {
		return err
	}
	if b.loop.Status, err = manifest.Build[rest.Extractor](c, b.def.Status); err != nil {
		return err
	}
	if b.loop.Target, err = manifest.BuildOptional[rest.Extractor](c, b.def.Target); err != nil {
		return err
	}
	records := b.stream
	records.Decoder, records.ClientSide, records.Upload, records.Looks = b.scope.Decoder, false, nil, nil
	b.loop.Refine, err = manifest.Build[rest.Refiner](manifest.With(b.c, records), b.def.Selector)
	return err
}

// requests builds the requesters about jobs. Answers to Poll are read whatever their status is.
func (b *asyncBuilder) requests() error {
	polls := b.scope
	polls.AnyStatus = true
	for _, r := range []struct {
		into  *rest.Requester
		node  *manifest.Node
		scope contract.Scope
		job   string
	}{
		{&b.loop.Create, b.def.Create, b.scope, "creation"}, {&b.loop.Poll, b.def.Poll, polls, "polling"}, {&b.loop.Abort, b.def.Abort, b.scope, "abort"},
		{&b.loop.Delete, b.def.Delete, b.scope, "delete"}, {&b.loop.Targets, b.def.Targets, b.scope, "extract_url"},
	} {
		var err error
		if *r.into, err = manifest.BuildOptional[rest.Requester](b.named(r.scope, r.job), r.node); err != nil {
			return err
		}
	}
	return nil
}

// named is the compiler with a scope that has the reference runtime's name of a job, for messages
// about waits.
func (b *asyncBuilder) named(scope contract.Scope, job string) *manifest.Compiler {
	scope.Stream = "job " + job + " - " + b.stream.Stream
	return manifest.With(b.c, scope)
}

// download builds the page loop that reads one target.
func (b *asyncBuilder) download() error {
	scope := b.scope
	var err error
	if scope.Decoder, err = manifest.BuildOptional[rest.Decoder](b.c, b.def.DownloadDecoder); err != nil {
		return err
	}
	loop := &paging.Loop{Runtime: b.loop.Runtime, Config: b.c.Config, Stream: b.stream.Stream, Limits: contract.Client(b.c)}
	loop.Ledger, _ = manifest.Service[*paging.Ledger](b.c)
	b.loop.Download = loop
	c := manifest.With(b.c, scope)
	extractor := b.def.DownloadExtractor
	if extractor == nil {
		extractor = b.n
	}
	if loop.Selector, err = manifest.BuildAs[rest.Selector](c, extractor, "DownloadSelector"); err != nil {
		return err
	}
	if loop.Requester, err = manifest.Build[rest.Requester](b.named(scope, "download"), b.def.Download); err != nil {
		return err
	}
	if b.def.Paginator == nil {
		return nil
	}
	strategy := b.def.Paginator.Get("pagination_strategy")
	if strategy.Type() == "OffsetIncrement" && unites(b.def.DownloadExtractor) {
		return strategy.Problem("an OffsetIncrement can not count the records of a CombinedExtractor with mode union: use first_match, or another strategy")
	}
	loop.Paginator, err = manifest.Build[rest.Paginator](c, b.def.Paginator)
	return err
}

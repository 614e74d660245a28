package retriever

import (
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
)

// ResetDefinition configures a PaginationReset: how the pagination of a slice starts again.
//
//	type: PaginationReset
//	action: SPLIT_USING_CURSOR
//	limits: {type: PaginationResetLimits, number_of_records: 10000}
type ResetDefinition struct {
	Action string         `manifest:"action,required,enum=SPLIT_USING_CURSOR|RESET" doc:"Whether the slice goes on from the last cursor value, or is read again as it is."`
	Limits *manifest.Node `manifest:"limits,is=PaginationResetLimits" doc:"When pagination starts anew by itself."`
}

// LimitsDefinition configures PaginationResetLimits: when pagination starts again by itself.
//
//	type: PaginationResetLimits
//	number_of_records: 10000
type LimitsDefinition struct {
	Records *int `manifest:"number_of_records" doc:"Records after which pagination starts anew."`
}

func buildReset(c *manifest.Compiler, n *manifest.Node) (*paging.Reset, error) {
	var def ResetDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := &paging.Reset{Narrow: def.Action == "SPLIT_USING_CURSOR"}
	limits, err := manifest.BuildOptional[*LimitsDefinition](c, def.Limits)
	if err == nil && limits != nil && limits.Records != nil {
		r.Limited, r.Limit = true, *limits.Records
	}
	return r, err
}

func buildLimits(c *manifest.Compiler, n *manifest.Node) (*LimitsDefinition, error) {
	var def LimitsDefinition
	return &def, manifest.Decode(c, n, &def)
}

// resets builds the ways to start pagination again: as it was, with smaller pages, or with smaller
// windows.
func (b *builder) resets() error {
	var err error
	if b.loop.Reset, err = manifest.BuildOptional[*paging.Reset](b.c, b.def.Reset); err != nil {
		return err
	}
	limits := b.def.Reset.Get("limits")
	if b.loop.Reset != nil && limits != nil && b.def.Selector.Get("record_filter") != nil {
		return limits.Problem("limits can not be used together with a record_filter")
	}
	if err := b.splitting(); err != nil {
		return err
	}
	return b.reduction()
}

// check refuses settings that do not go with first pages in the parents' records.
func (b *builder) check() error {
	if !b.lazy {
		return nil
	}
	sync := b.n.Parent().Get("incremental_sync")
	decoder := b.def.Decoder
	switch {
	case b.def.Reduction != nil || b.handles(rest.ReducePageSize):
		return b.n.Problem("page_size_reduction and REDUCE_PAGE_SIZE can not be used with a lazy_read_pointer: the first pages are not asked for")
	case b.def.Splitting != nil || b.handles(rest.SplitRequestWindow):
		return b.n.Problem("request_window_splitting and SPLIT_REQUEST_WINDOW can not be used with a lazy_read_pointer: the first pages are not asked for")
	case sync != nil && sync.Type() != "DatetimeBasedCursor":
		return sync.Problem("a lazy_read_pointer goes with a DatetimeBasedCursor only, not with a %s", sync.Type())
	case sync.Get("step") != nil || sync.Get("cursor_granularity") != nil:
		return sync.Problem("a lazy_read_pointer needs one window for each parent record: leave out step and cursor_granularity")
	case decoder != nil && decoder.Type() != "JsonDecoder":
		return decoder.Problem("a lazy_read_pointer goes with a JsonDecoder only, not with a %s", decoder.Type())
	}
	return nil
}

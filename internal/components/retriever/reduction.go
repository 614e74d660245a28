package retriever

import (
	"math"
	"strconv"
	"strings"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
)

// ReductionDefinition configures a PageSizeReduction: pages get smaller when the error handler asks
// for it.
//
//	type: PageSizeReduction
//	reduction_factor: 2
//	minimum_page_size: 10
//	max_attempts: 5
//	backoff_seconds: 0.5
//	reset_policy: AFTER_SUCCESSFUL_PAGE
type ReductionDefinition struct {
	Factor  float64 `manifest:"reduction_factor,above=1,default=2" doc:"What the page size is divided by."`
	Minimum int     `manifest:"minimum_page_size,min=1,default=1" doc:"The smallest page size that is tried."`
	Tries   int     `manifest:"max_attempts,min=1,default=5" doc:"Reductions in a row without a page coming through."`
	Backoff float64 `manifest:"backoff_seconds,min=0,default=0.5" doc:"The wait before the next try, times the tries in a row."`
	Retries int     `manifest:"retries_at_minimum_page_size,min=0,default=0" doc:"How often a page of the smallest size is asked for again as it is."`
	Message string  `manifest:"failure_message" doc:"What is added to the error when no size was small enough."`
	Policy  string  `manifest:"reset_policy,enum=NEVER|AFTER_SUCCESSFUL_PAGE,default=NEVER" doc:"When the whole page size is tried again."`
}

// longestBackoff bounds the wait, so that several of it do not overflow. No run waits so long.
const longestBackoff = 366 * 24 * time.Hour

func buildReduction(c *manifest.Compiler, n *manifest.Node) (*paging.Shrink, error) {
	var def ReductionDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &paging.Shrink{
		Factor: def.Factor, Minimum: def.Minimum, Attempts: def.Tries, RetriesAtMinimum: def.Retries,
		Backoff:        min(rest.Seconds(def.Backoff), longestBackoff),
		FailureMessage: def.Message, Restore: def.Policy == "AFTER_SUCCESSFUL_PAGE",
	}, nil
}

// reduction builds page_size_reduction. It refuses paginators whose next page depends on the size
// of the last one.
func (b *builder) reduction() error {
	n, used := b.def.Reduction, b.handles(rest.ReducePageSize)
	switch {
	case n == nil && used:
		return b.n.Problem("a response filter has the action REDUCE_PAGE_SIZE, but the retriever has no page_size_reduction")
	case n == nil:
		return nil
	case !used:
		b.warn("page_size_reduction has no effect: no response filter has the action REDUCE_PAGE_SIZE")
	}
	var err error
	if b.loop.Shrink, err = manifest.Build[*paging.Shrink](b.c, n); err != nil {
		return err
	}
	paginator := b.def.Paginator
	strategy := paginator.Get("pagination_strategy")
	switch {
	case b.loop.Properties != nil:
		return n.Problem("page_size_reduction can not be used with query properties: the records of earlier chunks would come twice")
	case b.scope.Upload != nil:
		return n.Problem("page_size_reduction can not be used with a file_uploader")
	case paginator.Type() != "DefaultPaginator":
		return n.Problem("page_size_reduction needs a DefaultPaginator, which sends the page size")
	case paginator.Get("page_size_option") == nil:
		return n.Problem("page_size_reduction needs a page_size_option in the paginator: without it the API is not told the size")
	case paginator.Get("page_token_option").Type() == "RequestPath":
		return n.Problem("page_size_reduction can not be used with a RequestPath: the next address holds the old page size")
	case strategy.Type() == "PageIncrement":
		return n.Problem("page_size_reduction can not be used with a PageIncrement: smaller pages have other numbers; use OffsetIncrement or CursorPagination")
	}
	if err := b.reducible(strategy); err != nil {
		return err
	}
	return b.stopsRight(strategy)
}

// reducible refuses page sizes that can not get smaller.
func (b *builder) reducible(strategy *manifest.Node) error {
	n := strategy.Get("page_size")
	if n == nil || n.IsNull() {
		return strategy.Problem("page_size_reduction needs a page_size: without one there is nothing to make smaller")
	}
	text, isText := n.Text()
	size, isNumber := n.Value().(int64)
	if isText {
		parsed, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		size, isNumber = parsed, err == nil
	}
	shrink := b.loop.Shrink
	if !isNumber {
		return nil // a template: the size is known only when a read begins
	}
	if size <= int64(shrink.Minimum) {
		return n.Problem("page_size %d is not above minimum_page_size %d, so it can never be reduced", size, shrink.Minimum)
	}
	if shrink.Minimum > 1 && math.Pow(shrink.Factor, float64(shrink.Attempts)) < float64(size)/float64(shrink.Minimum) {
		b.warn("max_attempts reductions in a row do not reach minimum_page_size", "page_size", size, "minimum_page_size", shrink.Minimum)
	}
	return nil
}

// stopsRight refuses stop conditions that take a full page of a smaller size for the last one.
func (b *builder) stopsRight(strategy *manifest.Node) error {
	n := strategy.Get("stop_condition")
	condition, _ := n.Text()
	if strategy.Type() != "CursorPagination" || condition == "" {
		return nil
	}
	switch safety, reason := jinja.StopOnShortPage(condition, int64(b.loop.Shrink.Minimum)); safety {
	case jinja.StopsEarly:
		return n.Problem("with page_size_reduction this condition ends the slice too early: %s; compare last_page_size with page_size", reason)
	case jinja.StopUnknown:
		b.warn("with page_size_reduction this stop_condition may end slices too early: "+reason, "stop_condition", condition)
	}
	return nil
}

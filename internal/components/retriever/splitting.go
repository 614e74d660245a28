package retriever

import (
	"strings"

	"anytap/internal/manifest"
	"anytap/internal/python/pytime"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/value"
)

// SplittingDefinition configures RequestWindowSplitting: windows are cut in two when the error
// handler asks for it.
//
//	type: RequestWindowSplitting
//	min_split_window: PT1H
//	failure_message: ask for fewer fields
type SplittingDefinition struct {
	Message string `manifest:"failure_message" doc:"What is added to the error when no window was small enough."`
	Floor   string `manifest:"min_split_window" doc:"An ISO 8601 duration: windows up to this are not cut any more."`
}

func buildSplitting(c *manifest.Compiler, n *manifest.Node) (*paging.Split, error) {
	var def SplittingDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s := &paging.Split{FailureMessage: def.Message}
	if def.Floor == "" {
		return s, nil
	}
	d, err := pytime.ParseDuration(def.Floor)
	if err != nil {
		return nil, n.Get("min_split_window").Problem("%v", err)
	}
	if d.Calendar() || d.Delta <= 0 {
		return nil, n.Get("min_split_window").Problem("%q is no positive duration of a fixed length, such as P1D or PT6H", def.Floor)
	}
	s.Floor = d.Delta
	return s, nil
}

// splitting builds request_window_splitting. It refuses streams whose windows can not be cut.
func (b *builder) splitting() error {
	n, used := b.def.Splitting, b.handles(rest.SplitRequestWindow)
	switch {
	case n == nil && used:
		return b.n.Problem("a response filter has the action SPLIT_REQUEST_WINDOW, but the retriever has no request_window_splitting")
	case n == nil:
		return nil
	case !used:
		b.warn("request_window_splitting has no effect: no response filter has the action SPLIT_REQUEST_WINDOW")
	}
	if err := b.splittable(n); err != nil {
		return err
	}
	var err error
	if b.loop.Split, err = manifest.Build[*paging.Split](b.c, n); err != nil {
		return err
	}
	switch {
	case b.loop.Properties != nil:
		return n.Problem("request_window_splitting can not be used with query properties: the records of earlier chunks would come twice")
	case b.scope.Upload != nil:
		return n.Problem("request_window_splitting can not be used with a file_uploader")
	}
	return nil
}

// splittable refuses cursors without windows, and those whose smallest window is not known.
func (b *builder) splittable(n *manifest.Node) error {
	sync := b.n.Parent().Get("incremental_sync")
	granularity, _ := sync.Get("cursor_granularity").Text()
	if b.scope.Sync == nil || sync.Type() != "DatetimeBasedCursor" || granularity == "" {
		return n.Problem("request_window_splitting needs a DatetimeBasedCursor with cursor_granularity")
	}
	if b.scope.Sync.ClientSide() {
		return sync.Problem("request_window_splitting can not be used with is_client_side_incremental: the window is no part of the request")
	}
	d, err := pytime.ParseDuration(granularity)
	if err != nil {
		return sync.Get("cursor_granularity").Problem("%v", err)
	}
	if d.Calendar() {
		return nil
	}
	if d.Delta <= 0 {
		return sync.Get("cursor_granularity").Problem("request_window_splitting needs a cursor_granularity above zero, not %q", granularity)
	}
	format, _ := sync.Get("datetime_format").Text()
	if unit, known := finestUnit(format); known && d.Delta < unit {
		return sync.Get("cursor_granularity").Problem("cursor_granularity %q is finer than what datetime_format %q can write", granularity, format)
	}
	return nil
}

// unitOf are the resolutions of the directives of datetime formats.
var unitOf = []struct {
	directive string
	unit      value.Timedelta
}{
	{"%epoch_microseconds", value.Microsecond},
	{"%s_as_float", value.Microsecond},
	{"%f", value.Microsecond},
	{"%_ms", 1000 * value.Microsecond},
	{"%ms", 1000 * value.Microsecond},
	{"%S", value.Second},
	{"%s", value.Second},
	{"%M", 60 * value.Second},
	{"%H", 3600 * value.Second},
	{"%I", 3600 * value.Second},
	{"%d", value.Day},
}

// finestUnit is the resolution of a datetime format.
func finestUnit(format string) (finest value.Timedelta, known bool) {
	for _, u := range unitOf {
		if strings.Contains(format, u.directive) && (!known || u.unit < finest) {
			finest, known = u.unit, true
		}
	}
	return finest, known
}

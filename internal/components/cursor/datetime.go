package cursor

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// DatetimeDefinition configures a DatetimeBasedCursor, which follows a field of dates or times.
//
//	type: DatetimeBasedCursor
//	cursor_field: updated_at
//	datetime_format: "%Y-%m-%dT%H:%M:%SZ"
//	start_datetime: "{{ config['start_date'] }}"
//	step: P30D
//	cursor_granularity: PT1S
//	start_time_option: {type: RequestOption, inject_into: request_parameter, field_name: from}
type DatetimeDefinition struct {
	CursorField     *jinja.String   `manifest:"cursor_field,required" doc:"The field whose times are followed."`
	FromCatalog     bool            `manifest:"allow_catalog_defined_cursor_field" doc:"The configured catalog may name another field."`
	Format          string          `manifest:"datetime_format,required" doc:"How times are written in requests and state, and read in records."`
	Formats         []string        `manifest:"cursor_datetime_formats" doc:"Formats that records may have, tried before datetime_format."`
	Start           *manifest.Node  `manifest:"start_datetime,required,is=string|MinMaxDatetime" doc:"Where the first run begins."`
	End             *manifest.Node  `manifest:"end_datetime,is=string|MinMaxDatetime" doc:"Where runs end; now by default."`
	StartOption     *manifest.Node  `manifest:"start_time_option,is=RequestOption" doc:"Where a window's start goes in a request."`
	EndOption       *manifest.Node  `manifest:"end_time_option,is=RequestOption" doc:"Where a window's end goes in a request."`
	StartName       *jinja.String   `manifest:"partition_field_start" doc:"What templates call a window's start; start_time by default."`
	EndName         *jinja.String   `manifest:"partition_field_end" doc:"What templates call a window's end; end_time by default."`
	Step            *jinja.String   `manifest:"step" doc:"The longest window, an ISO 8601 duration; goes with cursor_granularity."`
	Granularity     string          `manifest:"cursor_granularity" doc:"The unit of the API's times, an ISO 8601 duration; goes with step."`
	Lookback        *jinja.String   `manifest:"lookback_window" doc:"How much before the state is read again, an ISO 8601 duration."`
	Clamping        *clampingFields `manifest:"clamping" doc:"Windows begin and end at whole days, weeks or months."`
	DataFeed        bool            `manifest:"is_data_feed" doc:"The API gives the newest first: paging ends at what is known."`
	ClientSide      bool            `manifest:"is_client_side_incremental" doc:"The API can not filter: known records are dropped here."`
	CompareStrictly bool            `manifest:"is_compare_strictly" doc:"The API refuses a window whose start is its end."`
	Global          bool            `manifest:"global_substream_cursor" doc:"One cursor for all partitions."`
}

type clampingFields struct {
	Target  *jinja.String `manifest:"target,required" doc:"DAY, WEEK or MONTH."`
	Details *value.Dict   `manifest:"target_details" doc:"For WEEK: weekday, the day that weeks begin with."`
}

// BuildDatetime builds a DatetimeBasedCursor.
func BuildDatetime(c *manifest.Compiler, n *manifest.Node) (*Datetime, error) {
	var def DatetimeDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	f := &Datetime{
		clock: c.Now, log: c.Logger(), env: c.ConfigEnv(),
		field: def.CursorField, fromCatalog: def.FromCatalog,
		dates: newDates(def.Format, def.Formats), granularity: def.Granularity,
		names: [2]*jinja.String{def.StartName, def.EndName}, step: def.Step, lookback: def.Lookback,
		feed: def.DataFeed, clientSide: def.ClientSide, strict: def.CompareStrictly, global: def.Global,
	}
	if def.Clamping != nil {
		f.clamping, f.clampDetails = def.Clamping.Target, def.Clamping.Details
	}
	var err error
	if f.start, err = buildTime(c, n, def.Start); err != nil {
		return nil, err
	}
	if text, isText := def.End.Text(); def.End != nil && (!isText || text != "") {
		if f.end, err = buildTime(c, n, def.End); err != nil {
			return nil, err
		}
	}
	if f.options[0], err = manifest.BuildOptional[*rest.RequestOption](c, def.StartOption); err != nil {
		return nil, err
	}
	f.options[1], err = manifest.BuildOptional[*rest.RequestOption](c, def.EndOption)
	return f, err
}

// Datetime is a compiled DatetimeBasedCursor. Open evaluates its templates.
type Datetime struct {
	clock        func() time.Time
	log          *slog.Logger
	env          *jinja.Env // holds the config
	field        *jinja.String
	fromCatalog  bool
	dates        *dates
	start, end   *MinMax // end is nil: the present time
	granularity  string
	names        [2]*jinja.String // nil: the default
	step         *jinja.String
	lookback     *jinja.String
	clamping     *jinja.String
	clampDetails *value.Dict
	options      [2]*rest.RequestOption
	feed         bool
	clientSide   bool
	strict       bool
	global       bool
}

var _ contract.IncrementalSync = (*Datetime)(nil)

// Open starts one read. With a router each partition has a cursor of its own, unless one cursor
// serves for all.
func (f *Datetime) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	b, err := f.basics(o.CursorField)
	if err != nil {
		return nil, err
	}
	invalid := f.complete(b)
	if !o.Since.IsZero() {
		b.start = o.Since.UTC().Truncate(time.Microsecond)
	}
	if r == nil {
		if invalid != nil {
			return nil, invalid
		}
		return newSingle(b, o, f.log)
	}
	partitions, err := r.Open(o.State)
	if err != nil {
		return nil, err
	}
	c, err := newPartitioned(b, invalid, partitions, f.global || r.GlobalOnly(), o, f.log)
	if err == nil && f.clock != nil {
		c.wall = f.clock
	}
	return c, err
}

// Field is the manifest's cursor field.
func (f *Datetime) Field() ([]string, bool, error) {
	field, err := f.field.Text(f.env)
	if err != nil {
		return nil, false, fmt.Errorf("cursor_field: %w", err)
	}
	return []string{field}, f.fromCatalog, nil
}

// Validate evaluates what the reference runtime evaluates while it builds the stream. For a stream
// with partitions that is the cursor field and the granularity; the rest follows at the first
// partition.
func (f *Datetime) Validate(r tap.PartitionRouter) error {
	b, err := f.basics(nil)
	if err != nil || r != nil {
		return err
	}
	return f.complete(b)
}

// ClientSide is is_client_side_incremental.
func (f *Datetime) ClientSide() bool { return f.clientSide }

// DataFeed is is_data_feed.
func (f *Datetime) DataFeed() bool { return f.feed }

// DateState is the cursor value of a state, and the global one in a state of many partitions.
func (f *Datetime) DateState(state *value.Dict, r tap.PartitionRouter) (time.Time, bool) {
	b, err := f.basics(nil)
	if err != nil || state == nil {
		return time.Time{}, false
	}
	if r != nil {
		v, _ := state.Get("state")
		global, ok := v.(*value.Dict)
		if !ok {
			return time.Time{}, false
		}
		state = global
	}
	v, _ := state.Get(b.field)
	if kind, _ := state.Get(memberType); kind == "date-range" || kind == "integer" {
		first, _ := value.At(state, memberSlices, "0")
		if v, _ = value.At(first, memberMost); !value.Truth(v) {
			v, _ = value.At(first, memberEnd)
		}
	}
	if !value.Truth(v) {
		return time.Time{}, false
	}
	t, err := b.parse(v)
	return t, err == nil
}

// Inject adds the bounds of the window to a request.
func (f *Datetime) Inject(o *rest.Parts, p *rest.PageRequest) error {
	return injectWindow(o, p, f.options[:], func(i int) (string, error) { return f.name(i) })
}

// injectWindow adds values of the window to a request, each as its option says. name gives the
// window's member for an option. A parameter of the same name that another component set is
// overwritten.
func injectWindow(o *rest.Parts, p *rest.PageRequest, options []*rest.RequestOption, name func(int) (string, error)) error {
	own := &rest.Parts{}
	for i, option := range options {
		if option == nil || p.Slice.Window.Len() == 0 {
			continue
		}
		field, err := name(i)
		if err != nil {
			return err
		}
		v, _ := p.Slice.Window.Get(field)
		if err := option.Inject(own, v); err != nil {
			return err
		}
	}
	for _, part := range [4]struct {
		into **value.Dict
		from *value.Dict
	}{{&o.Params, own.Params}, {&o.Headers, own.Headers}, {&o.Form, own.Form}, {&o.JSON, own.JSON}} {
		if part.from == nil {
			continue
		}
		if *part.into == nil {
			*part.into = part.from
			continue
		}
		for key, v := range part.from.All() {
			(*part.into).Set(key, v)
		}
	}
	return nil
}

// defaultNames are the names of a window's start and end, unless the manifest has others.
var defaultNames = [2]string{"start_time", "end_time"}

func (f *Datetime) name(i int) (string, error) {
	if f.names[i] == nil || f.names[i].Source() == "" {
		return defaultNames[i], nil
	}
	return f.names[i].Text(f.env)
}

// clockEnd is a cursor's end as a template of the clock. It is evaluated again only when the clock
// has moved.
type clockEnd struct {
	evaluate func() (time.Time, error)
	clock    func() time.Time
	mu       sync.Mutex
	at       time.Time
	end      time.Time
	err      error
}

func (e *clockEnd) get() (time.Time, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now := e.clock(); e.at.IsZero() || !now.Equal(e.at) {
		e.at = now
		e.end, e.err = e.evaluate()
	}
	return e.end, e.err
}

var errStepAlone = errors.New("step and cursor_granularity go together: give both or neither")

package cursor

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// ReplicationKeyDefinition configures a ReplicationKeyCursor, a component of anytap's own that
// remembers the greatest value of a field, for each partition where the stream has some.
//
//	type: ReplicationKeyCursor
//	cursor_field: updated_at
//	request_option: {type: RequestOption, inject_into: request_parameter, field_name: updated_since}
//	start_value: "2026-01-01T00:00:00Z"
//
// The state holds the greatest value as it came: {"updated_at": "2026-03-01T12:00:00Z"}, or one for
// each partition in the reference runtime's form. The requests of the next read send it. Values may
// be times in any usual form, numbers or any other text. A time counts only if it was over when the
// read began, since a record that changes during the read may be on a page that was read before.
type ReplicationKeyDefinition struct {
	CursorField *jinja.String  `manifest:"cursor_field,required" doc:"The field whose greatest value is kept: a name, or a dotted path."`
	Path        []string       `manifest:"cursor_path" doc:"The names on the way to the field, where dots do not separate them."`
	Option      *manifest.Node `manifest:"request_option,is=RequestOption" doc:"Where the value goes in a request; without it every read reads everything."`
	Start       *jinja.String  `manifest:"start_value" doc:"What the first read sends; nothing by default."`
	EndOption   *manifest.Node `manifest:"end_option,is=RequestOption" doc:"Where the upper bound goes in a request."`
	End         *jinja.String  `manifest:"end_value" doc:"The upper bound; by default the time at which the read begins."`
	Template    any            `manifest:"template,is=string|object" doc:"What is sent, with {value} and {end_value} in it: a text, or an object."`
	Format      string         `manifest:"format" doc:"The date-time format that bounds are sent in; as records have them by default."`
	Lookback    any            `manifest:"lookback,is=string|integer" doc:"How much before the value is read again: an ISO 8601 duration or seconds."`
	Window      string         `manifest:"window" doc:"The longest range of times to ask for, an ISO 8601 duration."`
	NewestFirst bool           `manifest:"newest_first" doc:"The API gives the newest first: paging ends behind the first page that ends with an older one."`
	FilterHere  bool           `manifest:"filter_here" doc:"The API can not filter: records outside the bounds are dropped here."`
}

// BuildReplicationKey builds a ReplicationKeyCursor.
func BuildReplicationKey(c *manifest.Compiler, n *manifest.Node) (*ReplicationKey, error) {
	var def ReplicationKeyDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	k := &ReplicationKey{
		env: c.ConfigEnv(), clock: c.Now, log: c.Logger(), field: def.CursorField, path: def.Path, start: def.Start, end: def.End,
		format: keyFormat{form: formOf(def.Format), template: def.Template}, newest: def.NewestFirst, filter: def.FilterHere,
	}
	var err error
	if k.lookback, err = lookbackOf(def.Lookback); err != nil {
		return nil, n.Get("lookback").Problem("%v", err)
	}
	if def.Window != "" {
		window, err := parseDuration(def.Window)
		if err == nil && (window.isZero() || window.fractional || window.fixed < 0 || window.months < 0) {
			err = errors.New("expected a duration above 0")
		}
		if err != nil {
			return nil, n.Get("window").Problem("%v", err)
		}
		k.window = &window
	}
	if k.option, err = manifest.BuildOptional[*rest.RequestOption](c, def.Option); err != nil {
		return nil, err
	}
	k.endOption, err = manifest.BuildOptional[*rest.RequestOption](c, def.EndOption)
	return k, err
}

// lookbackOf reads a lookback: a duration, or a number of seconds.
func lookbackOf(v any) (d duration, err error) {
	switch v := v.(type) {
	case int64:
		d.fixed = value.Timedelta(v) * value.Second
	case string:
		if seconds, failed := strconv.ParseInt(v, 10, 32); failed == nil {
			d.fixed = value.Timedelta(seconds) * value.Second
		} else if v != "" {
			d, err = parseDuration(v)
		}
	}
	if err == nil && (d.fixed < 0 || d.months < 0 || d.fractional) {
		err = errors.New("expected a duration from 0")
	}
	return d, err
}

// ReplicationKey is a compiled ReplicationKeyCursor.
type ReplicationKey struct {
	env               *jinja.Env // holds the config
	clock             func() time.Time
	log               *slog.Logger
	field             *jinja.String
	path              []string            // empty: field says it
	start, end        *jinja.String       // nil: there is none
	option, endOption *rest.RequestOption // nil: requests send no such bound
	format            keyFormat
	lookback          duration
	window            *duration // nil: any range is asked for at once
	newest, filter    bool
}

var _ contract.IncrementalSync = (*ReplicationKey)(nil)

// The names of the window's members.
const (
	keyFrom = "start_value"
	keyTo   = "end_value"
)

// evaluate evaluates field, start and end; a nil key: there is none.
func (k *ReplicationKey) evaluate() (s *keySettings, err error) {
	s = &keySettings{ReplicationKey: k}
	if s.field, err = k.field.Text(k.env); err != nil {
		return nil, fmt.Errorf("cursor_field: %w", err)
	}
	if s.at, err = k.pathOf(s.field); err != nil {
		return nil, fmt.Errorf("cursor_field %w", err)
	}
	if s.start, err = s.bound(k.start); err != nil {
		return nil, fmt.Errorf("start_value: %w", err)
	}
	if s.end, err = s.bound(k.end); err != nil {
		return nil, fmt.Errorf("end_value: %w", err)
	}
	s.bounded = k.window != nil || k.endOption != nil || names(k.format.template, endName)
	return s, s.check()
}

func (k *ReplicationKey) pathOf(field string) (value.Path, error) {
	if len(k.path) == 0 {
		return value.ParsePath(field)
	}
	names := value.NewList()
	for _, name := range k.path {
		names.Append(name)
	}
	return value.PathOf(names)
}

// bound evaluates start_value or end_value.
func (s *keySettings) bound(t *jinja.String) (*key, error) {
	if t == nil {
		return nil, nil
	}
	v, err := t.EvalTypes(s.env, "str")
	if err != nil || v == "" || v == nil {
		return nil, err
	}
	bound, err := s.key(v)
	return &bound, err
}

// Open starts one read. With a router each partition has a value of its own.
func (k *ReplicationKey) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	s, err := k.evaluate()
	if err != nil {
		return nil, err
	}
	if err := s.beginAt(&o); err != nil {
		return nil, err
	}
	c := newKeyCursor(s)
	c.left, c.before, c.turns = o.Left, newBefore(o.Left), newTurns(o.Left)
	if r != nil {
		if c.partitions, err = r.Open(o.State); err != nil {
			return nil, err
		}
		if r.GlobalOnly() {
			c.all = &keyTrack{}
		}
	}
	return c, c.restore(o.State)
}

// Field is the path of the manifest's cursor field.
func (k *ReplicationKey) Field() ([]string, bool, error) {
	field, err := k.field.Text(k.env)
	if err != nil {
		return nil, false, fmt.Errorf("cursor_field: %w", err)
	}
	path, err := k.pathOf(field)
	if err != nil {
		return nil, false, fmt.Errorf("cursor_field %w", err)
	}
	return path.Names(), false, nil
}

// Validate evaluates the templates, and checks what they give.
func (k *ReplicationKey) Validate(tap.PartitionRouter) error {
	_, err := k.evaluate()
	return err
}

// ClientSide is false: what is left out is dropped behind the pagination, which must see it.
func (k *ReplicationKey) ClientSide() bool { return false }

// DataFeed is newest_first.
func (k *ReplicationKey) DataFeed() bool { return k.newest }

// DateState is the state's value if it is a time.
func (k *ReplicationKey) DateState(state *value.Dict, _ tap.PartitionRouter) (time.Time, bool) {
	field, err := k.field.Text(k.env)
	if err != nil || state == nil {
		return time.Time{}, false
	}
	v, _ := state.Get(field)
	at, err := newKey(v)
	return at.at, err == nil && at.isTime
}

// Inject adds the bounds to a request. A template may hold both.
func (k *ReplicationKey) Inject(o *rest.Parts, p *rest.PageRequest) error {
	low, have := p.Slice.Window.Get(keyFrom)
	high, bounded := p.Slice.Window.Get(keyTo)
	if k.option != nil && have {
		v := k.format.fill(low, high)
		if k.option.Into != rest.InJSON {
			v = asText(v)
		}
		if err := k.option.Inject(o, v); err != nil {
			return err
		}
	}
	if k.endOption != nil && bounded {
		return k.endOption.Inject(o, high)
	}
	return nil
}

// asText is a list or an object as JSON; any other value as it is.
func asText(v any) any {
	switch v.(type) {
	case *value.Dict, *value.List:
		return string(value.Append(nil, v))
	}
	return v
}

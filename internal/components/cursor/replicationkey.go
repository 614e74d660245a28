package cursor

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// ReplicationKeyDefinition configures a ReplicationKeyCursor, a component of anytap's own that
// remembers the greatest value of a field.
//
//	type: ReplicationKeyCursor
//	cursor_field: updated_at
//	request_option: {type: RequestOption, inject_into: request_parameter, field_name: updated_since}
//	start_value: "2026-01-01T00:00:00Z"
//
// The state holds the greatest value as it came: {"updated_at": "2026-03-01T12:00:00Z"}. The
// requests of the next read send it. Values may be RFC 3339 date-times, numbers or any other text.
type ReplicationKeyDefinition struct {
	CursorField *jinja.String  `manifest:"cursor_field,required" doc:"The field whose greatest value is kept."`
	Option      *manifest.Node `manifest:"request_option,is=RequestOption" doc:"Where the value goes in a request; without it every read reads everything."`
	Start       *jinja.String  `manifest:"start_value" doc:"What the first read sends; nothing by default."`
}

// BuildReplicationKey builds a ReplicationKeyCursor.
func BuildReplicationKey(c *manifest.Compiler, n *manifest.Node) (*ReplicationKey, error) {
	var def ReplicationKeyDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	k := &ReplicationKey{env: c.ConfigEnv(), field: def.CursorField, start: def.Start}
	var err error
	k.option, err = manifest.BuildOptional[*rest.RequestOption](c, def.Option)
	return k, err
}

// ReplicationKey is a compiled ReplicationKeyCursor.
type ReplicationKey struct {
	env    *jinja.Env // holds the config
	field  *jinja.String
	start  *jinja.String       // nil: the first read sends no value
	option *rest.RequestOption // nil: requests send no value
}

var _ contract.IncrementalSync = (*ReplicationKey)(nil)

var errKeyPartitions = errors.New("a ReplicationKeyCursor keeps one value for the whole stream: leave out the partition_router, or use a DatetimeBasedCursor")

// keyFrom is the name of the window's only member.
const keyFrom = "start_value"

// evaluate evaluates field and start; nil: there is no start.
func (k *ReplicationKey) evaluate() (field string, start any, err error) {
	if field, err = k.field.Text(k.env); err != nil {
		return "", nil, fmt.Errorf("cursor_field: %w", err)
	}
	if k.start == nil {
		return field, nil, nil
	}
	if start, err = k.start.EvalTypes(k.env, "str"); err != nil {
		return "", nil, fmt.Errorf("start_value: %w", err)
	}
	if start == "" {
		start = nil
	}
	return field, start, nil
}

// Open starts one read.
func (k *ReplicationKey) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	if r != nil {
		return nil, errKeyPartitions
	}
	field, start, err := k.evaluate()
	if err != nil {
		return nil, err
	}
	c := &keyCursor{field: field, start: start}
	if o.State != nil {
		c.kept, _ = o.State.Get(field)
	}
	if c.kept == nil {
		return c, nil
	}
	if _, err := newKey(c.kept); err != nil {
		return nil, tap.Errorf(tap.Config, "state: %s %w", field, err)
	}
	c.start = c.kept
	return c, nil
}

// Field is the manifest's cursor field.
func (k *ReplicationKey) Field() ([]string, bool, error) {
	field, err := k.field.Text(k.env)
	if err != nil {
		return nil, false, fmt.Errorf("cursor_field: %w", err)
	}
	return []string{field}, false, nil
}

// Validate evaluates the templates, and refuses partitions.
func (k *ReplicationKey) Validate(r tap.PartitionRouter) error {
	if r != nil {
		return errKeyPartitions
	}
	_, _, err := k.evaluate()
	return err
}

// ClientSide is false: the API filters.
func (k *ReplicationKey) ClientSide() bool { return false }

// DataFeed is false: the order of the records is not known.
func (k *ReplicationKey) DataFeed() bool { return false }

// DateState is the state's value if it is an RFC 3339 date-time.
func (k *ReplicationKey) DateState(state *value.Dict, _ tap.PartitionRouter) (time.Time, bool) {
	field, err := k.field.Text(k.env)
	if err != nil || state == nil {
		return time.Time{}, false
	}
	v, _ := state.Get(field)
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// Inject adds the start to a request.
func (k *ReplicationKey) Inject(o *rest.Parts, p *rest.PageRequest) error {
	return injectWindow(o, p, []*rest.RequestOption{k.option}, func(int) (string, error) { return keyFrom, nil })
}

// keyCursor is an opened ReplicationKey.
type keyCursor struct {
	field string
	start any // what requests send; nil: nothing

	mu      sync.Mutex
	kept    any // the greatest value of complete reads, as in the state; nil: none
	seen    *key
	failed  error
	version uint64
}

var _ tap.Cursor = (*keyCursor)(nil)

// Abilities are those of a cursor without bounds.
func (c *keyCursor) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{Failed: c.Failed, StateVersion: c.StateVersion}
}

// Slices yields the one slice of the stream.
func (c *keyCursor) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		window := value.NewDict(1)
		if c.start != nil {
			window.Set(keyFrom, c.start)
		}
		yield(tap.NewSlice(nil, window, nil), nil)
	}
}

// Observe keeps the greatest value. A record without one does not count.
func (c *keyCursor) Observe(_ *tap.Slice, r tap.Record) {
	v, _ := r.Data.Get(c.field)
	if v == nil {
		return
	}
	k, err := newKey(v)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil && c.failed == nil:
		c.failed = tap.Errorf(tap.Config, "cursor field %s %w", c.field, err)
	case err == nil && (c.seen == nil || c.seen.less(k)):
		c.seen = k
	}
}

// Failed is the error of the first value that can not be compared; nil: there was none.
func (c *keyCursor) Failed(*tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// Close keeps the greatest value. Before the end of the read records below it may be missing, since
// their order is not known.
func (c *keyCursor) Close(*tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed != nil || c.seen == nil {
		return c.failed
	}
	if c.kept != nil {
		// The value was read when the cursor was opened.
		if kept, err := newKey(c.kept); err == nil && !kept.less(c.seen) {
			return nil
		}
	}
	c.kept = c.seen.value
	c.version++
	return nil
}

// Finish has nothing to do.
func (c *keyCursor) Finish() {}

// State is the greatest value of complete reads.
func (c *keyCursor) State() *value.Dict {
	c.mu.Lock()
	defer c.mu.Unlock()
	state := value.NewDict(1)
	if c.kept != nil {
		state.Set(c.field, c.kept)
	}
	return state
}

// StateVersion changes with the state.
func (c *keyCursor) StateVersion() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// key is a value with what it is compared by.
type key struct {
	value  any
	text   string
	number any // int64, *big.Int or float64; nil: it is no number
	time   time.Time
	isTime bool
}

func newKey(v any) (*key, error) {
	k := &key{value: v}
	switch v := v.(type) {
	case int64, *big.Int, float64:
		k.number, k.text = v, value.Str(v)
	case string:
		k.text = v
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			k.time, k.isTime = t, true
		} else {
			k.number = numberIn(v)
		}
	default:
		return nil, fmt.Errorf("is a %s, expected a date-time, a number or a text", value.TypeName(v))
	}
	return k, nil
}

// numberIn parses a text as a number; nil: it is no number.
func numberIn(text string) any {
	if text == "" || strings.Trim(text, "0123456789.+-eE") != "" {
		return nil
	}
	if n, ok := new(big.Int).SetString(text, 10); ok {
		return value.Integer(n)
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return nil
}

// less compares date-times as such, numbers as such, and everything else as texts.
func (k *key) less(other *key) bool {
	switch {
	case k.isTime && other.isTime:
		return k.time.Before(other.time)
	case k.number != nil && other.number != nil:
		less, err := value.Order("<", k.number, other.number)
		return err == nil && less
	}
	return k.text < other.text
}

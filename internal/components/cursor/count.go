package cursor

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// CountDefinition configures an IncrementingCountCursor, which follows a field of numbers that only
// grow.
//
//	type: IncrementingCountCursor
//	cursor_field: id
//	start_value: 0
//	start_value_option: {type: RequestOption, inject_into: request_parameter, field_name: since_id}
type CountDefinition struct {
	CursorField *jinja.String  `manifest:"cursor_field,required" doc:"The field whose numbers are followed."`
	FromCatalog bool           `manifest:"allow_catalog_defined_cursor_field" doc:"The configured catalog may name another field."`
	Start       any            `manifest:"start_value,is=string|integer" doc:"Where the first run begins; 0 by default."`
	StartOption *manifest.Node `manifest:"start_value_option,is=RequestOption" doc:"Where the start goes in a request."`
}

// BuildCount builds an IncrementingCountCursor.
func BuildCount(c *manifest.Compiler, n *manifest.Node) (*Count, error) {
	var def CountDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	f := &Count{log: c.Logger(), env: c.ConfigEnv(), field: def.CursorField, fromCatalog: def.FromCatalog}
	var err error
	if def.Start != nil {
		f.start, err = jinja.CompileString(value.Str(def.Start), n.Parameters())
		if err != nil && (c.Strict || f.start == nil) {
			return nil, n.Problem("start_value: %v", err)
		}
	}
	f.option, err = manifest.BuildOptional[*rest.RequestOption](c, def.StartOption)
	return f, err
}

// Count is a compiled IncrementingCountCursor.
type Count struct {
	log         *slog.Logger
	env         *jinja.Env // holds the config
	field       *jinja.String
	fromCatalog bool
	start       *jinja.String // nil: 0
	option      *rest.RequestOption
}

var _ contract.IncrementalSync = (*Count)(nil)

var errCountPartitions = errors.New("an IncrementingCountCursor can not follow partitions: leave out the partition_router, or use a DatetimeBasedCursor")

// Open starts one read.
func (f *Count) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	if r != nil {
		return nil, errCountPartitions
	}
	field, start, err := f.evaluate(o.CursorField)
	if err != nil {
		return nil, err
	}
	o.WithoutSince("the cursor follows numbers, which are no times")
	return newCounter(field, start, o, f.log)
}

func (f *Count) evaluate(chosen []string) (field string, start any, err error) {
	start = int64(0)
	if f.start != nil {
		v, err := f.start.Eval(f.env)
		if err != nil {
			return "", nil, fmt.Errorf("start_value: %w", err)
		}
		n, err := number.Int(v)
		if err != nil {
			return "", nil, fmt.Errorf("start_value is %s, expected a whole number", value.Repr(v))
		}
		start = n
	}
	field, err = chooseField(f.field, f.env, f.fromCatalog, chosen)
	return field, start, err
}

// Field is the manifest's cursor field.
func (f *Count) Field() ([]string, bool, error) {
	field, err := f.field.Text(f.env)
	if err != nil {
		return nil, false, fmt.Errorf("cursor_field: %w", err)
	}
	return []string{field}, f.fromCatalog, nil
}

// Validate evaluates the templates, and refuses partitions.
func (f *Count) Validate(r tap.PartitionRouter) error {
	if r != nil {
		return errCountPartitions
	}
	_, _, err := f.evaluate(nil)
	return err
}

// ClientSide is false: the component has no such setting.
func (f *Count) ClientSide() bool { return false }

// DataFeed is false: the component has no such setting.
func (f *Count) DataFeed() bool { return false }

// DateState is never ok: numbers are no times.
func (f *Count) DateState(*value.Dict, tap.PartitionRouter) (time.Time, bool) {
	return time.Time{}, false
}

// Inject adds the start to a request.
func (f *Count) Inject(o *rest.Parts, p *rest.PageRequest) error {
	return injectWindow(o, p, []*rest.RequestOption{f.option}, func(int) (string, error) { return countFrom, nil })
}

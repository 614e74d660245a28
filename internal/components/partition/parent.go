package partition

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// ParentDefinition configures a ParentStreamConfig: a stream each of whose records makes a
// partition.
//
//	type: ParentStreamConfig
//	stream: "#/definitions/projects"
//	parent_key: id
//	partition_field: project_id
//	request_option: {type: RequestOption, inject_into: request_parameter, field_name: project}
//	incremental_dependency: true
//	extra_fields: [[owner, name]]
//	x-anytap: {missing: fail, optional: [owner.name]}
//
// x-anytap is anytap's own. missing says what becomes of a parent's record that lacks the key or an
// extra field: fail ends the read of the stream with an error, skip leaves the record out. Without
// it the record is left out if it lacks the key, as in the reference runtime. optional names extra
// fields that may be missing, and identity those that tell partitions apart as the key does.
type ParentDefinition struct {
	Stream         *manifest.Node    `manifest:"stream,required,is=DeclarativeStream|StateDelegatingStream" doc:"The parent."`
	ParentKey      *jinja.String     `manifest:"parent_key,required" doc:"The path of the value in the parent's records, with slashes."`
	PartitionField *jinja.String     `manifest:"partition_field,required" doc:"What templates call the value."`
	RequestOption  *manifest.Node    `manifest:"request_option,is=RequestOption" doc:"Where the value goes in a request."`
	Dependent      bool              `manifest:"incremental_dependency" doc:"The parent is read incrementally too; its state is kept in the child's."`
	LazyRead       []*jinja.String   `manifest:"lazy_read_pointer" doc:"The path in the parent's records of the child's first page."`
	ExtraFields    [][]*jinja.String `manifest:"extra_fields" doc:"Paths in the parent's records of values that templates may use."`
	Extension      any               `manifest:"x-anytap" doc:"What becomes of records without the fields (missing, optional), and what else tells partitions apart (identity)."`
}

// generation is how many streams are between a parent and the stream that the manifest lists; 0 for
// that stream's own parents.
type generation int

// BuildParent builds a ParentStreamConfig and the stream in it.
func BuildParent(c *manifest.Compiler, n *manifest.Node) (*Parent, error) {
	var def ParentDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	p := &Parent{
		env: c.ConfigEnv(), key: def.ParentKey, field: def.PartitionField, dependent: def.Dependent,
		extra: def.ExtraFields, lazy: def.LazyRead,
	}
	var err error
	if p.demand, err = readDemand(def.Extension); err != nil {
		return nil, n.Get("x-anytap").Problem("%v", err)
	}
	for _, part := range def.LazyRead {
		if strings.Contains(part.Source(), "*") {
			return nil, n.Get("lazy_read_pointer").Problem("a path with * is not possible here")
		}
	}
	if p.option, err = manifest.BuildOptional[*rest.RequestOption](c, def.RequestOption); err != nil {
		return nil, err
	}
	if p.stream, err = buildStream(c, def.Stream); err != nil {
		return nil, err
	}
	if p.stream.Unsupported != nil {
		return nil, p.stream.Unsupported
	}
	p.cursorField, err = parentCursorField(def.Stream)
	return p, err
}

// buildStream builds a parent. The answers that the parents of a listed stream read are kept for
// the run, since other streams may need the same ones. As in the reference runtime, older
// generations are read each time.
func buildStream(c *manifest.Compiler, n *manifest.Node) (*tap.Stream, error) {
	depth, _ := manifest.Scoped[generation](c)
	scope, _ := manifest.Scoped[contract.Scope](c)
	scope.UseCache = depth == 0 && !uncached(n)
	return manifest.Build[*tap.Stream](manifest.With(manifest.With(c, scope), depth+1), n)
}

// uncached reports whether a stream's requester says use_cache: false.
func uncached(n *manifest.Node) bool {
	for _, path := range [][]string{nil, {"full_refresh_stream"}, {"incremental_stream"}} {
		requester := n.At(append(path, "retriever", "requester")...)
		if use := requester.Get("use_cache"); use != nil && use.Value() == false {
			return true
		}
	}
	return false
}

// parentCursorField is the cursor field of the parent; nil: it has none.
func parentCursorField(stream *manifest.Node) (*jinja.String, error) {
	if stream.Type() == "StateDelegatingStream" {
		stream = stream.Get("incremental_stream")
	}
	sync := stream.Get("incremental_sync")
	text, ok := sync.Get("cursor_field").Text()
	if !ok {
		return nil, nil
	}
	t, err := jinja.CompileString(text, sync.Parameters())
	if t == nil {
		return nil, err
	}
	return t, nil
}

// Parent is a compiled ParentStreamConfig.
type Parent struct {
	stream      *tap.Stream
	env         *jinja.Env // holds the config
	key, field  *jinja.String
	option      *rest.RequestOption
	dependent   bool
	lazy        []*jinja.String
	extra       [][]*jinja.String
	cursorField *jinja.String
	demand      demand
}

// openParent is a parent opened for one read.
type openParent struct {
	*Parent
	reading   *tap.Reading
	abilities tap.CursorAbilities // the reading's cursor's
	pick      *picker
	// met are the partitions that came, by their hashes, where each is to come once.
	met map[[16]byte]bool
}

func (p *Parent) open(childState *value.Dict) (*openParent, error) {
	pick, err := p.picker()
	if err != nil {
		return nil, err
	}
	if childState != nil && childState.Len() > 0 {
		pick.lazy = nil // only a child's first read takes pages from the parent's records
	}
	state, err := p.state(childState)
	if err != nil {
		return nil, err
	}
	reading, err := p.stream.Open(tap.StartingPoint{State: state})
	if err != nil {
		return nil, err
	}
	o := &openParent{Parent: p, reading: reading, abilities: reading.Cursor.Abilities(), pick: pick}
	if p.demand.missing != "" {
		o.met = map[[16]byte]bool{}
	}
	return o, nil
}

// state finds the parent's state in the child's: in parent_state, else the global cursor, else the
// only value of a state from before the stream had partitions. nil: there is none.
func (p *Parent) state(child *value.Dict) (*value.Dict, error) {
	if !p.dependent || child == nil {
		return nil, nil
	}
	if all, ok := memberDict(child, "parent_state"); ok {
		if state, ok := memberDict(all, p.stream.Name); ok {
			return state.Clone(), nil
		}
	}
	if _, ok := child.Get("state"); ok {
		if state, ok := memberDict(child, "state"); ok {
			return state.Clone(), nil
		}
		return nil, nil
	}
	var only any
	values := 0
	for name, v := range child.All() {
		if name != contract.NoCursorState {
			only = v
			values++
		}
	}
	switch only.(type) {
	case string, int64, float64:
	default:
		return nil, nil
	}
	if values != 1 || p.cursorField == nil {
		return nil, nil
	}
	field, err := p.cursorField.Text(p.env)
	if err != nil {
		return nil, fmt.Errorf("cursor_field: %w", err)
	}
	return value.DictOf(field, only), nil
}

func memberDict(d *value.Dict, name string) (*value.Dict, bool) {
	v, _ := d.Get(name)
	m, ok := v.(*value.Dict)
	return m, ok
}

// read yields a slice for each record of the parent, and reports whether to go on. The last record
// of a parent's slice is yielded after that slice is closed, so that the parent's state already
// covers it. Therefore each record waits for the next one.
func (p *openParent) read(ctx context.Context, yield func(*tap.Slice, error) bool) bool {
	var waiting *tap.Slice
	for s, err := range p.reading.Cursor.Slices(ctx) {
		if err != nil {
			return fail(yield, p.wrap(err))
		}
		if waiting != nil && !p.slice(ctx, waiting, false, yield) {
			return false
		}
		waiting = s
	}
	return waiting == nil || p.slice(ctx, waiting, true, yield)
}

func fail(yield func(*tap.Slice, error) bool, err error) bool {
	yield(nil, err)
	return false
}

func (p *openParent) wrap(err error) error {
	return fmt.Errorf("parent stream %s: %w", p.stream.Name, err)
}

// slice yields the slices of the records in one slice of the parent.
func (p *openParent) slice(ctx context.Context, s *tap.Slice, last bool, yield func(*tap.Slice, error) bool) bool {
	var waiting *tap.Slice
	for page, err := range p.reading.Retriever.Pages(ctx, s) {
		for _, record := range page.Records {
			if waiting != nil && !yield(waiting, nil) {
				return false
			}
			var picked error
			if waiting, picked = p.record(s, record); picked != nil {
				return fail(yield, p.wrap(picked))
			}
			if waiting != nil && p.cameBefore(waiting) {
				waiting = nil
			}
		}
		if page.Release != nil {
			page.Release()
		}
		if err != nil {
			return fail(yield, p.wrap(err))
		}
	}
	if err := p.reading.Cursor.Close(s); err != nil {
		return fail(yield, p.wrap(err))
	}
	if last {
		p.reading.Cursor.Finish()
	}
	return waiting == nil || yield(waiting, nil)
}

// record observes a record and makes its slice; nil if it has no key.
func (p *openParent) record(s *tap.Slice, r tap.Record) (*tap.Slice, error) {
	p.reading.Cursor.Observe(s, r)
	if p.abilities.Failed != nil {
		if err := p.abilities.Failed(s); err != nil {
			return nil, err
		}
	}
	return p.pick.slice(s.Partition, r.Data)
}

// cameBefore reports whether a record before had the same partition, so that the same would be
// asked for again.
func (p *openParent) cameBefore(s *tap.Slice) bool {
	if p.met == nil {
		return false
	}
	sum := sha256.Sum256(value.AppendCompactSorted(nil, s.Partition))
	hash := [16]byte(sum[:16])
	before := p.met[hash]
	p.met[hash] = true
	return before
}

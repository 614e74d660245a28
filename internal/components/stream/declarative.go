package stream

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// DeclarativeDefinition configures a DeclarativeStream.
//
//	type: DeclarativeStream
//	name: items
//	primary_key: [id]
//	retriever: {type: SimpleRetriever, …}
//	incremental_sync: {type: DatetimeBasedCursor, …}
//	schema_loader: {type: InlineSchemaLoader, …}
//	transformations: [{type: AddFields, …}]
type DeclarativeDefinition struct {
	Name            string           `manifest:"name" doc:"The stream's name."`
	Retriever       *manifest.Node   `manifest:"retriever,required,is=SimpleRetriever|AsyncRetriever|CustomRetriever" doc:"How its records are read."`
	IncrementalSync *manifest.Node   `manifest:"incremental_sync,is=DatetimeBasedCursor|IncrementingCountCursor|ReplicationKeyCursor|ChangeTokenCursor" doc:"The field that incremental reads follow."`
	PrimaryKey      any              `manifest:"primary_key,is=string|[string]|[[string]]" doc:"Path or paths that identify a record."`
	SchemaLoader    []*manifest.Node `manifest:"schema_loader,single,of=InlineSchemaLoader|DynamicSchemaLoader|JsonFileSchemaLoader|CustomSchemaLoader|InferredSchemaLoader" doc:"Where the schema comes from; several are merged."`
	Transformations []*manifest.Node `manifest:"transformations,of=AddFields|RemoveFields|KeysToLower|KeysToSnakeCase|FlattenFields|DpathFlattenFields|LiftFields|KeysReplace|CustomTransformation" doc:"Changes made to each record."`
	StateMigrations []*manifest.Node `manifest:"state_migrations,of=LegacyToPerPartitionStateMigration|CustomStateMigration" doc:"Older forms of state that are understood."`
	FileUploader    *manifest.Node   `manifest:"file_uploader,is=FileUploader" doc:"Downloads the file that a record stands for."`
	Extension       any              `manifest:"x-anytap" doc:"Settings that the language has no words for."`
}

// BuildDeclarative builds a DeclarativeStream. With a Custom component in it the stream is
// Unsupported.
func BuildDeclarative(c *manifest.Compiler, n *manifest.Node) (*tap.Stream, error) {
	b, err := buildDeclarative(c, n)
	if err != nil {
		return nil, err
	}
	return b.stream, nil
}

func buildDeclarative(c *manifest.Compiler, n *manifest.Node) (*builder, error) {
	var def DeclarativeDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	// The component schema does not require a name, but the reference runtime does.
	if n.Get("name") == nil {
		return nil, n.Problem("name is missing, expected the stream's name")
	}
	strict, _ := value.At(def.Extension, "pages", "strict")
	key, err := keyPaths(n, def.PrimaryKey, strict == true)
	if err != nil {
		return nil, err
	}
	b := &builder{compiler: c, def: &def, stream: &tap.Stream{Name: def.Name, PrimaryKey: key}}
	err = b.build(n)
	if u, ok := errors.AsType[*manifest.UnsupportedError](err); ok {
		b.stream = &tap.Stream{Name: def.Name, PrimaryKey: key, Unsupported: u, Schema: noSchema, Open: cannotOpen(u)}
		return b, nil
	}
	return b, err
}

func noSchema(context.Context) (*value.Dict, error) { return value.DictOf("type", "object"), nil }

func cannotOpen(err error) func(tap.StartingPoint) (*tap.Reading, error) {
	return func(tap.StartingPoint) (*tap.Reading, error) { return nil, err }
}

// keyPaths reads a primary key: a field, a list of fields, or a list of paths with one field each.
// As in the reference runtime, longer paths are refused, unless the stream is strict.
func keyPaths(n *manifest.Node, v any, strict bool) ([][]string, error) {
	list, ok := v.(*value.List)
	if !ok {
		if v == nil {
			return nil, nil
		}
		return [][]string{{value.Str(v)}}, nil
	}
	var paths [][]string
	nested := 0
	for _, item := range list.All() {
		if inner, ok := item.(*value.List); ok {
			nested++
			if strict && inner.Len() > 1 {
				paths = append(paths, texts(inner))
				continue
			}
			if inner.Len() != 1 {
				return nil, n.Get("primary_key").Problem("has the path %s, expected paths of one field", value.Repr(inner))
			}
			item = inner.At(0)
		}
		paths = append(paths, []string{value.Str(item)})
	}
	if nested > 0 && nested < len(paths) {
		return nil, n.Get("primary_key").Problem("mixes fields and paths, expected one or the other")
	}
	return paths, nil
}

func texts(l *value.List) []string {
	out := make([]string, 0, l.Len())
	for _, v := range l.All() {
		out = append(out, value.Str(v))
	}
	return out
}

// builder holds a stream while it is being built, and opens it.
type builder struct {
	compiler   *manifest.Compiler
	def        *DeclarativeDefinition
	stream     *tap.Stream
	scope      contract.Scope
	sync       contract.IncrementalSync
	migrations []contract.StateMigration
	retriever  tap.RetrieverFactory
}

func (b *builder) build(n *manifest.Node) error {
	c := b.compiler
	b.scope, _ = manifest.Scoped[contract.Scope](c)
	b.scope = contract.Scope{Stream: b.stream.Name, PrimaryKey: b.stream.PrimaryKey, UseCache: b.scope.UseCache}
	if err := b.extension(); err != nil {
		return n.Problem("%v", err)
	}
	var err error
	if b.migrations, err = manifest.BuildAll[contract.StateMigration](c, b.def.StateMigrations); err != nil {
		return err
	}
	if err := b.incremental(n); err != nil {
		return err
	}
	if err := b.schema(n); err != nil {
		return err
	}
	return b.read(n)
}

// extension reads x-anytap. append_only and cursor_field make a stream incremental by position;
// request_timeout is how many seconds a request may be silent; pages are settings of the page loop;
// records say what is a record.
func (b *builder) extension() error {
	e, err := interpolate(b.compiler, b.def.Extension)
	if err != nil {
		return err
	}
	d, ok := e.(*value.Dict)
	if !ok && e != nil {
		return fmt.Errorf("x-anytap is a %s, expected an object", value.TypeName(e))
	}
	if err := spelling.Check("x-anytap", d, "append_only", "cursor_field", "request_timeout", "pages", "records"); err != nil {
		return err
	}
	if b.scope.Pages, err = paging.ParseSettings(e); err != nil {
		return err
	}
	if b.scope.Rows, err = contract.ParseRows(e); err != nil {
		return err
	}
	if timeout := value.Member[any](d, "request_timeout"); timeout != nil {
		if b.scope.RequestTimeout, err = positiveSeconds(timeout); err != nil {
			return fmt.Errorf("x-anytap: request_timeout: %w", err)
		}
	}
	if appendOnly := value.Member[any](d, "append_only"); appendOnly != nil {
		if b.stream.AppendOnly, ok = appendOnly.(bool); !ok {
			return fmt.Errorf("x-anytap: append_only is %s, expected true or false", value.Repr(appendOnly))
		}
	}
	if field := value.Member[any](d, "cursor_field"); field != nil {
		if !b.stream.AppendOnly {
			return errors.New("x-anytap: cursor_field has no use without append_only: true")
		}
		b.stream.CursorField = []string{value.Str(field)}
	}
	return nil
}

func positiveSeconds(v any) (time.Duration, error) {
	var f float64
	switch n := v.(type) {
	case int64:
		f = float64(n)
	case float64:
		f = n
	}
	if !(f > 0 && f < 1e6) {
		return 0, fmt.Errorf("is %s, expected seconds above 0", value.Repr(v))
	}
	return time.Duration(f * float64(time.Second)), nil
}

func (b *builder) incremental(n *manifest.Node) error {
	sync, err := manifest.BuildOptional[contract.IncrementalSync](b.compiler, b.def.IncrementalSync)
	if err != nil || sync == nil {
		return err
	}
	path, fromCatalog, err := sync.Field()
	if err != nil {
		return n.Problem("%v", err)
	}
	b.sync, b.scope.Sync = sync, sync
	b.scope.ClientSide = sync.ClientSide()
	b.stream.CursorField, b.stream.CursorFieldFromCatalog = path, fromCatalog
	return nil
}

func (b *builder) schema(n *manifest.Node) error {
	b.stream.Inferred = slices.ContainsFunc(b.def.SchemaLoader, func(n *manifest.Node) bool { return n.Type() == "InferredSchemaLoader" })
	c := manifest.With(b.compiler, b.scope)
	if b.stream.Inferred { // of records as they are written
		b.stream.Pattern = &atomic.Pointer[rawjson.Pattern]{}
		b.scope.Pattern = b.stream.Pattern
		var err error
		if b.scope.Transformations, err = manifest.BuildAll[contract.Transformer](c, b.def.Transformations); err != nil {
			return err
		}
		c = manifest.With(b.compiler, b.scope)
	}
	loader, err := schemaLoader(c, n, b.def.SchemaLoader)
	if err != nil {
		return err
	}
	cached := &cachedSchema{loader: loader}
	b.scope.Schema = cached
	b.stream.Schema = cached.Schema
	b.stream.Checked = b.scope.Pages.Strict
	return nil
}

// schemaLoader builds a loader, one that merges several, or the default one, which looks for a
// file.
func schemaLoader(c *manifest.Compiler, n *manifest.Node, nodes []*manifest.Node) (contract.SchemaLoader, error) {
	switch {
	case len(nodes) == 0:
		return manifest.BuildAs[contract.SchemaLoader](c, n, "DefaultSchemaLoader")
	case n.Get("schema_loader").Kind != manifest.List:
		return manifest.Build[contract.SchemaLoader](c, nodes[0])
	}
	return manifest.BuildAs[contract.SchemaLoader](c, n.Get("schema_loader"), "CompositeSchemaLoader")
}

func (b *builder) read(n *manifest.Node) error {
	c := manifest.With(b.compiler, b.scope)
	var err error
	if b.scope.Transformations, err = manifest.BuildAll[contract.Transformer](c, b.def.Transformations); err != nil {
		return err
	}
	if b.scope.Upload, err = manifest.BuildOptional[contract.Uploader](c, b.def.FileUploader); err != nil {
		return err
	}
	b.stream.FileBased = b.scope.Upload != nil
	if b.retriever, err = manifest.Build[tap.RetrieverFactory](manifest.With(b.compiler, b.scope), b.def.Retriever); err != nil {
		return err
	}
	if b.sync != nil {
		if err := b.sync.Validate(b.retriever.Router()); err != nil {
			return n.Problem("%v", err)
		}
	}
	b.stream.Strict = b.scope.Pages.Strict
	b.stream.Resumable = b.retriever.Resumable()
	b.stream.Open = b.open
	if !b.stream.Strict { // who reads other streams has not written their manifest
		b.stream.Locate = locator(n)
	}
	if router := b.retriever.Router(); router != nil {
		b.stream.Parents = router.ParentNames()
	}
	return nil
}

// locator adds a stream's place to errors of which the manifest may be the cause: not to those of
// the API's answers, nor of the network or the configuration.
func locator(n *manifest.Node) func(error) error {
	return func(err error) error {
		_, refused := errors.AsType[tap.Refused](err)
		_, unanswered := errors.AsType[*rest.Unanswered](err)
		ended := errors.Is(err, tap.ErrInterrupted) || tap.BudgetOf(err) != nil
		if refused || unanswered || ended || tap.KindOf(err) != tap.System || manifest.AsProblems(err) != nil {
			return err
		}
		return &tap.Error{Kind: tap.System, Message: n.String(), Err: err}
	}
}

// open starts one read.
func (b *builder) open(o tap.StartingPoint) (*tap.Reading, error) {
	for _, m := range b.migrations {
		if o.State == nil {
			break
		}
		if migrated, ok := m.Migrate(o.State); ok {
			o.State = migrated
		}
	}
	var sync tap.CursorFactory
	if b.sync != nil {
		sync = b.sync
	}
	reading, err := contract.OpenReading(b.retriever, sync, o)
	if err != nil {
		return nil, err
	}
	if !b.stream.Inferred {
		reading.Retriever = schemaFirst{b.stream.Schema, reading.Retriever}
	}
	return reading, nil
}

// schemaFirst loads the stream's schema before its first page. As in the reference runtime, a
// stream without a schema is not read. Who wants the first page alone needs none.
type schemaFirst struct {
	schema func(context.Context) (*value.Dict, error)
	tap.Retriever
}

// Pages loads the schema and reads the slice.
func (r schemaFirst) Pages(ctx context.Context, s *tap.Slice) iter.Seq2[tap.Page, error] {
	if tap.OnlyFirstPage(ctx) {
		return r.Retriever.Pages(ctx, s)
	}
	if _, err := r.schema(ctx); err != nil {
		return func(yield func(tap.Page, error) bool) { yield(tap.Page{}, err) }
	}
	return r.Retriever.Pages(ctx, s)
}

// cachedSchema loads a schema once in a run. An error is not kept.
type cachedSchema struct {
	loader contract.SchemaLoader
	mu     sync.Mutex
	schema *value.Dict
}

// Schema gives the loader's schema.
func (s *cachedSchema) Schema(ctx context.Context) (*value.Dict, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.schema != nil {
		return s.schema, nil
	}
	schema, err := s.loader.Schema(ctx)
	if err != nil {
		return nil, err
	}
	s.schema = schema
	return schema, nil
}

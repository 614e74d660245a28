package schemaloader

import (
	"context"
	"errors"

	"anytap/internal/components/contract"
	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// dynamicDefinition configures DynamicSchemaLoader, which makes the schema of the API's own
// description of its fields.
//
//	type: DynamicSchemaLoader
//	retriever:
//	  type: SimpleRetriever
//	  requester: {type: HttpRequester, url: "https://api.example.com/v1/fields"}
//	  record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
//	schema_type_identifier: {type: SchemaTypeIdentifier, schema_pointer: [fields], key_pointer: [name], type_pointer: [kind]}
//	schema_filter: {type: RecordFilter, condition: "{{ 'internal' not in record }}"}
//	schema_transformations: [{type: KeysToLower}]
//
// The description is the first record that the retriever finds. The filter sees each property as a
// record of one field, the transformations see all properties as one record.
type dynamicDefinition struct {
	Retriever  *manifest.Node   `manifest:"retriever,required,is=SimpleRetriever|AsyncRetriever|CustomRetriever" doc:"How the description of the fields is read."`
	Filter     *manifest.Node   `manifest:"schema_filter,is=RecordFilter|CustomRecordFilter" doc:"Which properties stay."`
	Changes    []*manifest.Node `manifest:"schema_transformations,of=AddFields|RemoveFields|KeysToLower|KeysToSnakeCase|FlattenFields|DpathFlattenFields|KeysReplace|CustomTransformation" doc:"Changes made to the properties, in this order."`
	Identifier *manifest.Node   `manifest:"schema_type_identifier,required,is=SchemaTypeIdentifier" doc:"Where the names and types of the fields stand."`
}

func buildDynamic(c *manifest.Compiler, n *manifest.Node) (contract.SchemaLoader, error) {
	var def dynamicDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if router := def.Retriever.Get("partition_router"); def.Retriever.Type() == "AsyncRetriever" && router != nil && value.Truth(router.Value()) {
		return nil, errors.New("an AsyncRetriever with a partition_router can not find a schema: only the first record is read, and the jobs of other partitions would be left behind")
	}
	l := &dynamic{vars: c.ConfigEnv()}
	var err error
	if l.identifier, err = manifest.BuildAs[*identifier](c, def.Identifier, "SchemaTypeIdentifier"); err != nil {
		return nil, err
	}
	if l.changes, err = manifest.BuildAll[contract.Transformer](c, def.Changes); err != nil {
		return nil, err
	}
	if l.filter, err = manifest.BuildOptional[contract.Filter](c, def.Filter); err != nil {
		return nil, err
	}
	scope := contract.Scope{Stream: "dynamic_properties", UseCache: true}
	l.retriever, err = manifest.Build[tap.RetrieverFactory](manifest.With(c, scope), def.Retriever)
	return l, err
}

type dynamic struct {
	retriever  tap.RetrieverFactory
	identifier *identifier
	filter     contract.Filter // nil: all properties stay
	changes    []contract.Transformer
	vars       *jinja.Env
}

// Schema is contract.SchemaLoader's. It asks the API each time.
func (l *dynamic) Schema(ctx context.Context) (*value.Dict, error) {
	record, err := l.first(ctx)
	if err != nil {
		return nil, err
	}
	properties, err := l.properties(record)
	if err != nil {
		return nil, tap.Errorf(tap.System, "make a schema of what the API says: %w", err)
	}
	return value.DictOf("$schema", "https://json-schema.org/draft-07/schema#", "type", "object", "additionalProperties", true, "properties", value.Expand(properties)), nil
}

// first reads the first record; nil if there is none.
func (l *dynamic) first(ctx context.Context) (*value.Dict, error) {
	cursor, err := contract.NoCursor{}.Open(tap.StartingPoint{}, nil)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for page, err := range l.retriever.Open(cursor).Pages(ctx, tap.NewSlice(nil, nil, nil)) {
		if len(page.Records) > 0 {
			return page.Records[0].Data, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// properties makes the schemas of the fields, by name. Without a record there are none.
func (l *dynamic) properties(record *value.Dict) (*value.Dict, error) {
	out := value.NewDict(8)
	vars := l.vars.Child().Set("stream_slice", nil)
	if record != nil && record.Len() > 0 {
		fields, err := l.identifier.fields(record)
		if err != nil {
			return nil, err
		}
		for _, field := range fields {
			key, schema, err := l.identifier.property(field, l.vars)
			if err != nil {
				return nil, err
			}
			out.Set(key, schema)
		}
	}
	if l.filter != nil {
		keep := l.filter.Bind(vars.Child().Set("next_page_token", nil))
		kept := value.NewDict(out.Len())
		for key, schema := range out.All() {
			ok, err := keep(value.DictOf(key, schema))
			if err != nil {
				return nil, err
			}
			if ok {
				kept.Set(key, schema)
			}
		}
		out = kept
	}
	for _, t := range l.changes {
		if err := t.Bind(vars)(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pointer is a path whose segments are templates of the config.
type pointer []*jinja.String

// get returns what the pointer leads to in v, or otherwise if it leads nowhere. An empty pointer
// leads to v itself.
func (p pointer) get(v any, vars *jinja.Env, otherwise any) (any, error) {
	if len(p) == 0 {
		return v, nil
	}
	segments := make([]any, len(p))
	for i, s := range p {
		var err error
		if segments[i], err = s.Eval(vars); err != nil {
			return nil, err
		}
	}
	found, err := dpath.New(segments...).Get(v)
	if errors.Is(err, dpath.ErrNotFound) {
		return otherwise, nil
	}
	return found, err
}

package partition

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// ListDefinition configures a ListPartitionRouter, which has a partition for each value of a list.
//
//	type: ListPartitionRouter
//	cursor_field: section
//	values: [news, sport]       # or "{{ config['sections'] }}"
//	request_option: {type: RequestOption, inject_into: request_parameter, field_name: section}
type ListDefinition struct {
	CursorField   *jinja.String  `manifest:"cursor_field,required" doc:"What templates call the value."`
	Values        any            `manifest:"values,required,is=string|[string]" doc:"The values, or a template that gives them."`
	RequestOption *manifest.Node `manifest:"request_option,is=RequestOption" doc:"Where the value goes in a request."`
}

// BuildList builds a ListPartitionRouter.
func BuildList(c *manifest.Compiler, n *manifest.Node) (*List, error) {
	var def ListDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	l := &List{field: def.CursorField, env: c.ConfigEnv(), values: def.Values}
	var err error
	if l.option, err = manifest.BuildOptional[*rest.RequestOption](c, def.RequestOption); err != nil {
		return nil, err
	}
	if text, ok := def.Values.(string); ok {
		l.template, err = jinja.CompileString(text, n.Parameters())
		if err != nil && (c.Strict || l.template == nil) {
			return nil, n.Get("values").Problem("%v", err)
		}
	}
	if c.Config == nil {
		return l, nil
	}
	if _, err := l.list(); err != nil {
		return nil, n.Get("values").Problem("%v", err)
	}
	return l, nil
}

// List is a compiled ListPartitionRouter.
type List struct {
	field    *jinja.String
	env      *jinja.Env // holds the config
	values   any
	template *jinja.String // gives the values; nil: they are in values
	option   *rest.RequestOption
}

var (
	_ router        = (*List)(nil)
	_ rest.Injector = (*List)(nil)
)

// list evaluates the values: a list, or anything else that itemsOf accepts.
func (l *List) list() (any, error) {
	if l.template == nil {
		return l.values, nil
	}
	return l.template.Eval(l.env)
}

// ParentNames is nil: there are no parents.
func (l *List) ParentNames() []string { return nil }

// GlobalOnly is false: each partition has a state.
func (l *List) GlobalOnly() bool { return false }

// Open starts one read.
func (l *List) Open(*value.Dict) (tap.Partitions, error) {
	field, err := l.field.Text(l.env)
	if err != nil {
		return nil, fmt.Errorf("cursor_field: %w", err)
	}
	values, err := l.list()
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	return &listed{field: field, values: values}, nil
}

// Injector is the list itself, if it has a request_option.
func (l *List) Injector() rest.Injector {
	if l.option == nil {
		return nil
	}
	return l
}

// Inject adds the partition's value to a request. An empty value and 0 are not sent.
func (l *List) Inject(o *rest.Parts, p *rest.PageRequest) error {
	field, err := l.field.Text(l.env)
	if err != nil {
		return fmt.Errorf("cursor_field: %w", err)
	}
	return injectPart(o, l.option, p.Slice, field)
}

// injectPart adds a field of the slice's partition to a request, as the option says.
func injectPart(o *rest.Parts, option *rest.RequestOption, s *tap.Slice, field string) error {
	v, ok := s.Partition.Get(field)
	if !ok {
		v, _ = s.Window.Get(field)
	}
	if !value.Truth(v) {
		return nil
	}
	return option.Inject(o, v)
}

func (l *List) fields() ([]string, error) {
	field, err := l.field.Text(l.env)
	return []string{field}, err
}

type listed struct {
	field  string
	values any
}

func (l *listed) All(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		items, err := itemsOf(l.values)
		if err != nil {
			yield(nil, fmt.Errorf("values: %w", err))
			return
		}
		for _, item := range items {
			if ctx.Err() != nil {
				yield(nil, context.Cause(ctx))
				return
			}
			partition := value.NewDict(1)
			partition.Set(l.field, value.Expand(value.Clone(item)))
			if !yield(tap.NewSlice(partition, nil, nil), nil) {
				return
			}
		}
	}
}

// ParentState is nil: there are no parents.
func (l *listed) ParentState() *value.Dict { return nil }

var errNotIterable = errors.New("is no list")

// itemsOf lists the items of a value as a loop in Python does: a text's are its characters, an
// object's its keys.
func itemsOf(v any) ([]any, error) {
	var items []any
	switch v := v.(type) {
	case *value.List:
		return v.Values(), nil
	case value.Tuple:
		return v, nil
	case *value.Set:
		return v.Values(), nil
	case *value.Dict:
		for key := range v.AllKeys() {
			items = append(items, key)
		}
	case string:
		for _, c := range v {
			items = append(items, string(c))
		}
	default:
		return nil, fmt.Errorf("%s %w", value.Repr(v), errNotIterable)
	}
	return items, nil
}

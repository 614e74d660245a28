package partition

import (
	"fmt"
	"strings"

	"anytap/jinja"
	"anytap/rest"
	"anytap/tap"
	"anytap/value"
)

// parentSlice is the name in a partition of the partition that the parent's record came from.
const parentSlice = "parent_slice"

// picker makes slices of a parent's records. Of a record it decodes what the slice needs.
type picker struct {
	key   *pointer
	field string
	lazy  *pointer // nil: the child is not read from the parent's records
	extra []extraField
}

type extraField struct {
	name string
	at   *pointer
	// err is reported with the first record: a segment that is no text has no name.
	err error
}

func (p *Parent) picker() (*picker, error) {
	key, err := p.key.Eval(p.env)
	if err != nil {
		return nil, fmt.Errorf("parent_key: %w", err)
	}
	text, ok := key.(string)
	if !ok {
		return nil, fmt.Errorf("parent_key is %s, expected a path", value.Repr(key))
	}
	k := &picker{}
	if k.key, err = newPointer(text); err != nil {
		return nil, fmt.Errorf("parent_key: %w", err)
	}
	if k.field, err = p.field.Text(p.env); err != nil {
		return nil, fmt.Errorf("partition_field: %w", err)
	}
	if len(p.lazy) > 0 {
		path, _, err := evalPath(p.lazy, p.env)
		if err == nil {
			k.lazy, err = pointerOf(path)
		}
		if err != nil {
			return nil, fmt.Errorf("lazy_read_pointer: %w", err)
		}
	}
	for _, parts := range p.extra {
		path, texts, err := evalPath(parts, p.env)
		if err != nil {
			return nil, fmt.Errorf("extra_fields: %w", err)
		}
		e := extraField{name: strings.Join(path, ".")}
		if e.at, e.err = pointerOf(path); e.err == nil && !texts {
			e.err = fmt.Errorf("a segment of the path %s is a number, which has no name", e.name)
		}
		k.extra = append(k.extra, e)
	}
	return k, nil
}

// evalPath evaluates a path's segments; texts says that all of them are texts.
func evalPath(parts []*jinja.String, env *jinja.Env) (path []string, texts bool, err error) {
	texts = true
	for _, part := range parts {
		v, err := part.Eval(env)
		if err != nil {
			return nil, false, err
		}
		_, ok := v.(string)
		texts = texts && ok
		path = append(path, value.Str(v))
	}
	return path, texts, nil
}

// slice makes the slice of one record, nothing of which shares the record's memory; nil where the record has no key.
func (k *picker) slice(from *value.Dict, record *value.Dict) (*tap.Slice, error) {
	key, ok, err := k.key.get(record)
	if err != nil {
		return nil, fmt.Errorf("parent_key: %w", err)
	}
	if !ok || key == nil {
		return nil, nil
	}
	partition := value.NewDict(2)
	partition.Set(k.field, own(key))
	if from == nil {
		from = value.NewDict(0)
	}
	partition.Set(parentSlice, from)
	extra, err := k.extras(record)
	if err != nil {
		return nil, err
	}
	return tap.NewSlice(partition, nil, extra), nil
}

func (k *picker) extras(record *value.Dict) (*value.Dict, error) {
	extra := value.NewDict(len(k.extra) + 1)
	if k.lazy != nil {
		page, ok, err := k.lazy.get(record)
		if err != nil {
			return nil, fmt.Errorf("lazy_read_pointer: %w", err)
		}
		if !ok {
			page = value.NewList()
		}
		extra.Set(rest.ChildResponse, own(page))
	}
	for _, e := range k.extra {
		if e.err != nil {
			return nil, fmt.Errorf("extra_fields: %w", e.err)
		}
		v, _, err := e.at.get(record)
		if err != nil {
			return nil, fmt.Errorf("extra_fields %s: %w", e.name, err)
		}
		extra.Set(e.name, own(v))
	}
	return extra, nil
}

// own copies a container out of the memory of the page that it came with, decoded, since several goroutines read slices.
func own(v any) any {
	switch v.(type) {
	case *value.Dict, *value.List:
		return value.Expand(value.DecodeRaw(value.Append(nil, v)))
	}
	return v
}

package partition

import (
	"errors"
	"fmt"
	"strings"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// parentSlice is the field of a partition that has the partition of the parent's record.
const parentSlice = "parent_slice"

// picker makes slices of a parent's records. It decodes only the fields that a slice needs.
type picker struct {
	key   *dpath.Path
	field string
	lazy  *dpath.Path // nil: the child is not read from the parent's records
	extra []extraField
	demand
}

type extraField struct {
	name string
	at   *dpath.Path
	// required says that a record without it is refused or left out, identity that it is part of
	// the partition.
	required, identity bool
	// err is reported with the first record: the path has a segment that is no text, so that the
	// field has no name.
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
	k := &picker{key: keyPath(text), demand: p.demand}
	if k.field, err = p.field.Text(p.env); err != nil {
		return nil, fmt.Errorf("partition_field: %w", err)
	}
	if len(p.lazy) > 0 {
		path, err := evalPath(p.lazy, p.env)
		if err != nil {
			return nil, fmt.Errorf("lazy_read_pointer: %w", err)
		}
		k.lazy = dpath.New(path...)
	}
	for _, parts := range p.extra {
		path, err := evalPath(parts, p.env)
		if err != nil {
			return nil, fmt.Errorf("extra_fields: %w", err)
		}
		k.extra = append(k.extra, k.demand.of(newExtraField(path)))
	}
	return k, nil
}

// keyPath parses a path whose segments are separated by slashes. An empty path is the record
// itself.
func keyPath(text string) *dpath.Path {
	if text == "" || text == "/" {
		return dpath.New()
	}
	return dpath.Of(strings.Split(strings.TrimLeft(text, "/"), "/"))
}

func evalPath(parts []*jinja.String, env *jinja.Env) ([]any, error) {
	path := make([]any, len(parts))
	for i, part := range parts {
		var err error
		if path[i], err = part.Eval(env); err != nil {
			return nil, err
		}
	}
	return path, nil
}

// newExtraField makes a field that is named by its path, with dots between the segments.
func newExtraField(path []any) extraField {
	e := extraField{at: dpath.New(path...)}
	names := make([]string, len(path))
	for i, segment := range path {
		names[i] = value.Str(segment)
		if _, isText := segment.(string); !isText {
			e.err = fmt.Errorf("the segment %s of a path is no text, so that it has no name", names[i])
		}
	}
	e.name = strings.Join(names, ".")
	return e
}

// lookUp finds a value; ok is false if there is none.
func lookUp(path *dpath.Path, record *value.Dict) (v any, ok bool, err error) {
	v, err = path.Get(record)
	if errors.Is(err, dpath.ErrNotFound) {
		return nil, false, nil
	}
	return v, err == nil, err
}

// fieldOf is lookUp, where demands are made also of a member whose name is the path's with dots.
func (k *picker) fieldOf(path *dpath.Path, name string, record *value.Dict) (v any, ok bool, err error) {
	v, ok, err = lookUp(path, record)
	if err == nil && !ok && k.missing != "" {
		v, ok = record.Get(name)
	}
	return v, ok, err
}

// slice makes the slice of a record, without sharing its memory; nil if the record has no key.
func (k *picker) slice(from *value.Dict, record *value.Dict) (*tap.Slice, error) {
	name := strings.TrimPrefix(k.field, parentPrefix)
	key, ok, err := k.fieldOf(k.key, name, record)
	if err != nil {
		return nil, fmt.Errorf("parent_key: %w", err)
	}
	if k.missing == "" && (!ok || key == nil) || k.missing != "" && lacks(key) {
		return nil, k.refuse(name, record)
	}
	partition := value.NewDict(2)
	partition.Set(k.field, value.Own(key))
	if from == nil {
		from = value.NewDict(0)
	}
	extra, err := k.extras(record)
	if err != nil || extra == nil {
		return nil, err
	}
	for _, e := range k.extra {
		if e.identity {
			v, _ := extra.Get(e.name)
			partition.Set(parentPrefix+e.name, v)
		}
	}
	partition.Set(parentSlice, from)
	return tap.NewSlice(partition, nil, extra), nil
}

// extras are the record's other values; nil if one is missing, so that the record is left out.
func (k *picker) extras(record *value.Dict) (*value.Dict, error) {
	extra := value.NewDict(len(k.extra) + 1)
	if k.lazy != nil {
		page, ok, err := lookUp(k.lazy, record)
		if err != nil {
			return nil, fmt.Errorf("lazy_read_pointer: %w", err)
		}
		if !ok {
			page = value.NewList()
		}
		extra.Set(paging.ChildResponse, value.Own(page))
	}
	for _, e := range k.extra {
		if e.err != nil {
			return nil, fmt.Errorf("extra_fields: %w", e.err)
		}
		v, _, err := k.fieldOf(e.at, e.name, record)
		if err != nil {
			return nil, fmt.Errorf("extra_fields %s: %w", e.name, err)
		}
		if e.required && lacks(v) {
			return nil, k.refuse(e.name, record)
		}
		extra.Set(e.name, value.Own(v))
	}
	return extra, nil
}

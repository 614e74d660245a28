package selector

import (
	"errors"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// parentFieldDefinition configures ParentFieldPath: a field that a RecordExpander copies from a
// record to each element.
//
//	type: ParentFieldPath
//	parent_path: [owner, id]
//	record_path: [owner_id]
//
// The copy is null if the record lacks the field.
type parentFieldDefinition struct {
	From []*jinja.String `manifest:"parent_path,required" doc:"The path of the field in the record."`
	To   []*jinja.String `manifest:"record_path,required" doc:"The path of the copy in the element."`
}

func buildParentField(c *manifest.Compiler, n *manifest.Node) (*parentField, error) {
	var def parentFieldDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if len(def.From) == 0 || len(def.To) == 0 {
		return nil, errors.New("parent_path and record_path must not be empty")
	}
	from, err := newPathOf(c, def.From).eval()
	if err != nil {
		return nil, err
	}
	to, err := newPathOf(c, def.To).eval()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(noGlobs(from.raw, "parent_path"), noGlobs(to.raw, "record_path")); err != nil {
		return nil, err
	}
	f := &parentField{}
	for _, s := range from.raw {
		f.from = append(f.from, value.Str(s))
	}
	for _, s := range to.raw {
		f.to = append(f.to, value.Str(s))
	}
	return f, nil
}

type parentField struct{ from, to []string }

// copy sets the field of a child to that of its parent.
func (f *parentField) copy(parent, child *value.Dict) error {
	v := value.Clone(f.look(parent))
	if err := dpath.Set(child, f.to, v); err != nil {
		return tap.Errorf(tap.Config, "write a field of the parent to record_path %q: the element holds something there that is no object: %w", f.to, err)
	}
	return nil
}

// look returns the field's value; nil if there is none.
func (f *parentField) look(v any) any {
	for _, s := range f.from {
		switch c := v.(type) {
		case *value.Dict:
			v, _ = c.Get(s)
		case *value.List:
			i, ok := index(s, c.Len())
			if !ok {
				return nil
			}
			v = c.At(i)
		default:
			return nil
		}
	}
	return v
}

// index reads a text as an index of a list with n elements, as int() does. Negative ones count from
// the end.
func index(s string, n int) (int, bool) {
	v, _ := number.TextInt(s)
	i, ok := v.(int64)
	if !ok || i >= int64(n) || i < -int64(n) {
		return 0, false
	}
	if i < 0 {
		i += int64(n)
	}
	return int(i), true
}

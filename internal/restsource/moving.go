package restsource

import (
	"cmp"
	"fmt"
	"slices"

	"anytap/internal/value"
)

// movingField is a field of the body, or a parameter, that changes from request to request, and the
// setting that says so.
type movingField struct {
	setting string
	names   []string
	// begins says that the first request has the value that the configuration gives, such as
	// cursor=*: those after it have the answer's token in its place.
	begins bool
}

// movingFields lists what other settings of the stream s put into a part of the requests: query or
// body.
func movingFields(s *value.Dict, part string) []movingField {
	var fields []movingField
	inForm := part == "body" && has(s, "form")
	add := func(setting string, path any, begins bool) {
		if path == nil || path == "" {
			return
		}
		names := []string{value.Str(path)}
		if part == "body" && !inForm {
			p, err := value.PathOf(path)
			if err != nil {
				return
			}
			names = p.Names()
		}
		fields = append(fields, movingField{setting, names, begins})
	}
	p := dict(s, "pagination")
	if kind := text(p, "type"); cmp.Or(text(p, "in"), "query") == part {
		add("pagination.param", cmp.Or(text(p, "param"), ways[kind].param), kind == "cursor")
		add("pagination.size_param", text(p, "size_param"), false)
		if params := dict(p, "params"); params != nil {
			for name := range params.All() {
				add("pagination.params", name, true)
			}
		}
	}
	if cmp.Or(text(s, "replication_in"), "query") == part {
		for _, name := range []string{"replication_param", "end_param"} {
			path, _ := s.Get(name)
			add(name, path, false)
		}
	}
	return fields
}

// withoutMoving returns params, a form or a body without the nulls that stand where fields move. Of
// anything else there it would not be known which is meant, but for a first token.
func withoutMoving(setting string, d *value.Dict, fields []movingField, above []string) (*value.Dict, error) {
	if d == nil || len(fields) == 0 {
		return d, nil
	}
	left := value.NewDict(d.Len())
	for name, v := range d.All() {
		here := append(above, name)
		i := slices.IndexFunc(fields, func(f movingField) bool { return slices.Equal(f.names, here) })
		switch {
		case i >= 0 && v == nil:
			continue
		case i >= 0 && !fields[i].begins:
			return nil, fmt.Errorf("%s has %s, which %s sets: leave it out of %s", setting, value.Repr(name), fields[i].setting, setting)
		}
		if inner, ok := v.(*value.Dict); ok {
			var err error
			if v, err = withoutMoving(setting, inner, fields, here); err != nil {
				return nil, err
			}
		}
		left.Set(name, v)
	}
	return left, nil
}

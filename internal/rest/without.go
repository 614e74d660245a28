package rest

import "anytap/internal/value"

// Without is o without the fields that other sets: where a page is asked for by the same parameter
// as what is new, such as CouchDB's since, a page's token takes the place of the cursor's value.
func Without(o, other *Parts) *Parts {
	if o == nil || other == nil {
		return o
	}
	left := *o
	left.Params, left.Headers = less(o.Params, other.Params), less(o.Headers, other.Headers)
	left.Form, left.JSON = less(o.Form, other.Form), less(o.JSON, other.JSON)
	return &left
}

// less is a dict without the members of another one. Objects on both sides are compared inside.
func less(d, other *value.Dict) *value.Dict {
	if d == nil || other == nil {
		return d
	}
	left := value.NewDict(d.Len())
	for k, v := range d.AllKeys() {
		taken, ok := other.GetKey(k)
		if !ok {
			left.SetKey(k, v)
			continue
		}
		inner, isDict := v.(*value.Dict)
		if outer, both := taken.(*value.Dict); isDict && both {
			if part := less(inner, outer); part.Len() > 0 {
				left.SetKey(k, part)
			}
		}
	}
	return left
}

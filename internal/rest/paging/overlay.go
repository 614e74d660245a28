package paging

import (
	"encoding/base64"
	"hash/fnv"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// overlay puts the fields of over above those of under: a cursor's fields replace a partition's, as
// in the reference runtime.
func overlay(under, over *rest.Parts) *rest.Parts {
	join := func(a, b *value.Dict) *value.Dict {
		if a == nil || a.Len() == 0 {
			return b
		}
		if b == nil || b.Len() == 0 {
			return a
		}
		a = a.Clone()
		for k, v := range b.AllKeys() {
			a.SetKey(k, v)
		}
		return a
	}
	return &rest.Parts{
		Params: join(under.Params, over.Params), Headers: join(under.Headers, over.Headers),
		Form: join(under.Form, over.Form), JSON: join(under.JSON, over.JSON),
	}
}

// without is o without the fields that other sets: where a page is asked for by the same parameter
// as what is new, such as CouchDB's since, a page's token takes the place of the cursor's value.
func without(o, other *rest.Parts) *rest.Parts {
	if o == nil || other == nil {
		return o
	}
	return &rest.Parts{
		Params: less(o.Params, other.Params), Headers: less(o.Headers, other.Headers),
		Form: less(o.Form, other.Form), JSON: less(o.JSON, other.JSON), Text: o.Text,
	}
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

// fingerprintOf hashes options.
func fingerprintOf(o *rest.Parts) string {
	if o.Empty() {
		return ""
	}
	h := fnv.New64a()
	for _, d := range []*value.Dict{o.Params, o.Headers, o.Form, o.JSON} {
		if d != nil {
			_, _ = h.Write(value.AppendCompactSorted(nil, d))
		}
		_, _ = h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

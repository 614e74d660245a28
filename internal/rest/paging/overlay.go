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

package selector

import (
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// foundAt says what a scan found at the path keys.
func foundAt(page *rawjson.Page, body []byte, keys []string) rest.Found {
	return rest.Found{Kind: foundKind(page.Kind, page.Value.In(body), len(keys) == 0), Path: keys}
}

// foundKind is the kind of what stands at the path, the body's root or deeper. raw is its text if
// it is a scalar or an object; it may be nil.
func foundKind(kind rawjson.Kind, raw []byte, root bool) rest.FoundKind {
	switch kind {
	case rawjson.Missing:
		return rest.NoRecords
	case rawjson.Array:
		return rest.ListThere
	case rawjson.Object:
		if !root {
			return rest.OneThere
		}
		if len(raw) == 0 || value.LazyDict(raw).Empty() {
			return rest.NoRecords
		}
		return rest.WholeThere
	case rawjson.Null:
		if root {
			return rest.NoRecords
		}
		return rest.NullThere
	}
	if root {
		return rest.OneThere
	}
	return valueKind(value.DecodeRaw(raw), true)
}

// valueKind is foundKind of a decoded value. Some APIs write false or an empty text for a list
// without elements.
func valueKind(v any, there bool) rest.FoundKind {
	if !there {
		return rest.NoRecords
	}
	switch v.(type) {
	case *value.List:
		return rest.ListThere
	case *value.Dict:
		return rest.OneThere
	}
	if value.Truth(v) {
		return rest.OneThere
	}
	return rest.NullThere
}

// note adds what stands at the path in one decoded body. A path with wildcards, or to the body
// itself, says nothing.
func (p *foundPath) note(r *rest.Response, found any, there bool) {
	if p.wild || p.Len() == 0 {
		return
	}
	if kind := valueKind(found, there); kind > r.Found.Kind {
		r.Found.Kind = kind
	}
	r.Found.Path, _ = p.Keys()
}

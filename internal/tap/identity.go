package tap

import (
	"encoding/base64"
	"hash/fnv"
	"strings"

	"anytap/internal/value"
)

// What makes two records the same is decided here alone: their primary keys are equal or, where a
// stream has no primary key or a record lacks it, their texts are.

// IDOf is the identity of a record as positions keep it: the value of the primary key (a list of
// values for a composite key), or else "hash:…" with a hash of the record's text. It holds no
// memory of the record.
func IDOf(primaryKey [][]string, r Record) any {
	if id := KeyOf(primaryKey, r); id != nil {
		return value.Own(id)
	}
	h := fnv.New64a()
	raw, ok := r.Data.Untouched()
	if !ok {
		raw = value.Append(nil, r.Data)
	}
	_, _ = h.Write(raw)
	return "hash:" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// KeyOf is the value of the primary key, a list of values for a composite key. It is nil where
// there is no key or the record lacks it. Unlike an identity it may share the record's memory.
func KeyOf(primaryKey [][]string, r Record) any {
	if len(primaryKey) == 0 {
		return nil
	}
	if len(primaryKey) == 1 {
		id, _ := FieldAt(r, primaryKey[0])
		return id
	}
	ids := value.NewList()
	for _, path := range primaryKey {
		id, ok := FieldAt(r, path)
		if !ok {
			return nil
		}
		ids.Append(id)
	}
	return ids
}

// FieldAt finds the field of a record at a path. Where the path leads to nothing, a member of the
// record whose name is that path with dots is meant.
func FieldAt(r Record, path []string) (any, bool) {
	v, ok := value.At(r.Data, path...)
	if !ok && len(path) > 1 {
		v, ok = r.Data.Get(strings.Join(path, "."))
	}
	return v, ok
}

// IndexOf finds the record with an identity; -1: it is not among them. Of several with the same
// identity it is the first, so that a read that goes on behind it loses none.
func IndexOf(primaryKey [][]string, records []Record, id any) int {
	for i, r := range records {
		if value.Equal(IDOf(primaryKey, r), id) {
			return i
		}
	}
	return -1
}

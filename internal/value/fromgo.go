package value

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"anytap/internal/rawjson"
)

// plainGo converts Go's other scalar types to those of this package. It leaves containers as they
// are.
func plainGo(v any) any {
	switch n := v.(type) {
	case nil, string, int64, bool, float64, *Dict, *List:
		return v
	case int:
		return int64(n)
	case int32:
		return int64(n)
	case int16:
		return int64(n)
	case int8:
		return int64(n)
	case uint8:
		return int64(n)
	case uint16:
		return int64(n)
	case uint32:
		return int64(n)
	case uint:
		return Integer(new(big.Int).SetUint64(uint64(n)))
	case uint64:
		return Integer(new(big.Int).SetUint64(n))
	case float32:
		return float64(n)
	case *big.Int:
		if n == nil {
			return nil
		}
		return Integer(n)
	case json.Number:
		return numberOf(string(n))
	case time.Time:
		return Datetime{Time: n}
	case time.Duration:
		return TimedeltaOf(n)
	}
	return v
}

// numberOf is the JSON number in s, or s if it is none.
func numberOf(s string) any {
	raw, _, err := rawjson.Trim([]byte(s), false)
	if err != nil || raw[0] != '-' && raw[0]-'0' > 9 {
		return s
	}
	return number(raw)
}

// FromGo converts the results of Go's decoders to values: maps (their keys sorted), slices,
// json.Number, json.RawMessage, all integer and float types, time.Time and time.Duration, and
// everything in them. It leaves values and unknown types as they are.
func FromGo(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return fromMap(v)
	case map[string]string:
		return fromMap(v)
	case map[any]any:
		return fromAnyMap(v)
	case []any:
		return fromSlice(v)
	case []string:
		return fromSlice(v)
	case []int:
		return fromSlice(v)
	case []map[string]any:
		return fromSlice(v)
	case json.RawMessage:
		if x, err := Decode(v); err == nil {
			return x
		}
		return string(v)
	case []byte:
		return Bytes(v)
	}
	return plainGo(v)
}

func fromMap[T any](m map[string]T) *Dict {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	d := NewDict(len(m))
	for _, k := range keys {
		d.Set(k, FromGo(m[k]))
	}
	return d
}

func fromAnyMap(m map[any]any) *Dict {
	keys := make([]any, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b any) int {
		if c, err := Compare(a, b); err == nil {
			return c
		}
		return compareNames(a, b)
	})
	d := NewDict(len(m))
	for _, k := range keys {
		d.SetKey(FromGo(k), FromGo(m[k]))
	}
	return d
}

func compareNames(a, b any) int {
	if TypeName(a) < TypeName(b) {
		return -1
	}
	return 1
}

func fromSlice[T any](s []T) *List {
	l := &List{opened: true, items: make([]slot, len(s))}
	for i := range s {
		l.items[i].val = FromGo(s[i])
	}
	return l
}

// Pointer splits a JSON pointer (RFC 6901), without its first slash, into a path for At.
func Pointer(text string) []string {
	path := strings.Split(text, "/")
	for i, name := range path {
		path[i] = strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
	}
	return path
}

// At follows a path from v: dicts by key, lists and tuples by index in decimal digits.
func At(v any, path ...string) (any, bool) {
	for _, p := range path {
		var ok bool
		switch c := v.(type) {
		case *Dict:
			v, ok = c.Get(p)
		case *List:
			if i, err := strconv.Atoi(p); err == nil && i >= 0 && i < c.Len() {
				v, ok = c.At(i), true
			}
		case Tuple:
			if i, err := strconv.Atoi(p); err == nil && i >= 0 && i < len(c) {
				v, ok = c[i], true
			}
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

// ToGo converts dicts and lists to Go's maps and slices, for libraries that do not know ours. Other
// values stay as they are.
func ToGo(v any) any {
	switch v := v.(type) {
	case *Dict:
		m := make(map[string]any, v.Len())
		for name, item := range v.All() {
			m[name] = ToGo(item)
		}
		return m
	case *big.Int:
		return json.Number(v.String())
	case *List:
		l := make([]any, 0, v.Len())
		for _, item := range v.All() {
			l = append(l, ToGo(item))
		}
		return l
	}
	return v
}

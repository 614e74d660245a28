package selector

import (
	"errors"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// object makes a record of an extracted value that is not an object, as the reference runtime does:
// if the stream has a schema, it calls Python's dict(). An empty list or text becomes an empty
// object, a list of pairs an object of them. Everything else ends the stream.
func (l *line) object(v any) (*value.Dict, error) {
	if l.schema == nil {
		return nil, notObject(v)
	}
	schema, err := l.schema.Schema(l.ctx)
	if err != nil {
		return nil, err
	}
	if schema == nil || schema.Len() == 0 {
		return nil, notObject(v)
	}
	switch v := v.(type) {
	case string:
		if v == "" {
			return value.NewDict(0), nil
		}
	case *value.List:
		return pairs(v.Values())
	case value.Tuple:
		return pairs(v)
	}
	return nil, notObject(v)
}

// pairs is dict() of a list.
func pairs(items []any) (*value.Dict, error) {
	d := value.NewDict(len(items))
	for i, item := range items {
		key, v, ok := pair(item)
		if _, hashable := value.Key(key); !ok || !hashable {
			return nil, tap.Errorf(tap.System, "a record is a list whose element %d is no pair: %w", i, errNoPair)
		}
		d.SetKey(key, v)
	}
	return d, nil
}

var errNoPair = errors.New("it can not be made an object")

// pair splits an element that has two parts.
func pair(item any) (key, v any, ok bool) {
	switch item := item.(type) {
	case *value.List:
		if item.Len() == 2 {
			return item.At(0), item.At(1), true
		}
	case value.Tuple:
		if len(item) == 2 {
			return item[0], item[1], true
		}
	case string:
		if r := []rune(item); len(r) == 2 {
			return string(r[0]), string(r[1]), true
		}
	case *value.Dict:
		if keys := item.Keys(); len(keys) == 2 {
			return keys[0], keys[1], true
		}
	}
	return nil, nil, false
}

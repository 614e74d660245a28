package jinja

import "anytap/internal/value"

// StreamSlice is the value of stream_slice, the CDK's StreamSlice: a mapping of the partition and
// the cursor slice, with extra fields that are not part of the mapping.
type StreamSlice struct {
	partition, cursor, extra, all *value.Dict
}

// NewStreamSlice makes a StreamSlice of its parts. A nil part is empty.
func NewStreamSlice(partition, cursor, extra *value.Dict) *StreamSlice {
	parts := []*value.Dict{partition, cursor, extra}
	for i, p := range parts {
		if p == nil {
			parts[i] = value.NewDict(0)
		}
	}
	s := &StreamSlice{partition: parts[0], cursor: parts[1], extra: parts[2]}
	s.all = s.partition.Clone()
	for k, v := range s.cursor.AllKeys() {
		s.all.SetKey(k, v)
	}
	return s
}

// Partition is the part of the partition router.
func (s *StreamSlice) Partition() *value.Dict { return s.partition }

// Cursor is the part of the incremental cursor.
func (s *StreamSlice) Cursor() *value.Dict { return s.cursor }

// Extra are the extra fields.
func (s *StreamSlice) Extra() *value.Dict { return s.extra }

// Dict is the mapping: the partition and the cursor slice together. It is part of python.Mapping.
func (s *StreamSlice) Dict() *value.Dict { return s.all }

// TypeName is part of value.Object.
func (s *StreamSlice) TypeName() string { return "airbyte_cdk.sources.types.StreamSlice" }

// Repr is part of value.Object.
func (s *StreamSlice) Repr() string { return value.Repr(s.all) }

// Str is part of value.Object.
func (s *StreamSlice) Str() string { return value.Repr(s.all) }

// Truth is part of value.Object.
func (s *StreamSlice) Truth() bool { return s.all.Len() > 0 || s.extra.Len() > 0 }

// Attribute is part of python.Attributed.
func (s *StreamSlice) Attribute(name string) (any, bool, error) {
	switch name {
	case "partition", "_partition":
		return s.partition, true, nil
	case "cursor_slice":
		return s.cursor, true, nil
	case "extra_fields":
		return s.extra, true, nil
	}
	return nil, false, nil
}

// Equal is part of python.Comparable.
func (s *StreamSlice) Equal(m *value.Meter, v any) bool {
	switch v := v.(type) {
	case *value.Dict:
		return m.Equal(s.all, v)
	case *StreamSlice:
		return m.Equal(s.partition, v.partition) && m.Equal(s.cursor, v.cursor)
	}
	return false
}

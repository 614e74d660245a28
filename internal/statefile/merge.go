package statefile

import (
	"fmt"
	"strings"

	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Merge takes over the states of a later file. Of a stream that both have, the later one counts; of
// partitions, that of each.
func (f *File) Merge(later *File) {
	for _, name := range later.Streams() {
		f.Set(name, merged(f.Get(name), later.Get(name)))
	}
}

// merged is a later state with the partitions that only the earlier one has.
func merged(earlier, later *value.Dict) *value.Dict {
	before, after := partitionsOf(earlier), partitionsOf(later)
	if before == nil || after == nil {
		return later
	}
	known := map[string]bool{}
	for _, item := range after.All() {
		known[partitionOf(item)] = true
	}
	all := value.NewList()
	for _, item := range before.All() {
		if !known[partitionOf(item)] {
			all.Append(item)
		}
	}
	for _, item := range after.All() {
		all.Append(item)
	}
	later = later.Clone()
	later.Set("states", all)
	return later
}

// partitionsOf are the states of partitions; nil: the stream has none.
func partitionsOf(d *value.Dict) *value.List {
	if d == nil {
		return nil
	}
	return value.Member[*value.List](d, "states")
}

func partitionOf(entry any) string {
	d, _ := entry.(*value.Dict)
	return string(value.AppendCompactSorted(nil, member(d, "partition")))
}

// SetCursor makes a stream go on from a value of its cursor field, in each partition if it has
// some. Positions of an unfinished read go: they belong to another one. text is read as JSON unless
// the value before was a text. A stream that has no state gets one.
func (f *File) SetCursor(stream, field, text string) error {
	var v any = text
	d := f.Get(stream)
	if d == nil || d.Len() == 0 {
		f.Set(stream, value.DictOf(field, number(text)))
		return nil
	}
	cursor := state.WithoutPositions(d)
	if spans := value.Member[*value.List](cursor, "slices"); spans != nil {
		if first, _ := spans.At(0).(*value.Dict); first != nil {
			if _, isText := member(first, "start").(string); !isText {
				v = number(text)
			}
		}
		f.Set(stream, value.DictOf(field, v))
		return nil
	}
	holders := []*value.Dict{cursor}
	if states := partitionsOf(cursor); states != nil {
		holders = nil
		for _, item := range states.All() {
			entry, _ := item.(*value.Dict)
			if c := value.Member[*value.Dict](entry, "cursor"); c != nil {
				holders = append(holders, c)
			}
		}
	}
	if global := value.Member[*value.Dict](cursor, "state"); global != nil {
		holders = append(holders, global)
	}
	set := 0
	var names []string
	for _, h := range holders {
		old, ok := h.Get(field)
		if !ok {
			names = append(names, h.Keys()...)
			continue
		}
		v = text
		if _, isText := old.(string); !isText {
			v = number(text)
		}
		h.Set(field, v)
		h.Delete("unfinished") // where an unfinished read of it began
		set++
	}
	if set == 0 && len(names) > 0 {
		if near := spelling.DidYouMean(field, names); near != "" {
			return tap.Errorf(tap.Config, "%s: the state of %s has no %s%s", f.Path, stream, field, near)
		}
		return tap.Errorf(tap.Config, "%s: the state of %s has no %s, but %s", f.Path, stream, field, names[0])
	}
	if set == 0 {
		cursor = value.DictOf(field, number(text))
	}
	f.Set(stream, cursor)
	return nil
}

// number is the number, truth value or null that a text is; else the text.
func number(text string) any {
	v, err := value.DecodeString(text)
	if err != nil {
		return text
	}
	switch v.(type) {
	case *value.Dict, *value.List:
		return text
	}
	return v
}

// Change is how the state of a stream differs between two files.
type Change struct {
	Stream        string
	Before, After *Summary // nil: the stream is not there
}

// Diff lists what another file has otherwise.
func (f *File) Diff(other *File) []Change {
	var all []Change
	for _, name := range f.Streams() {
		before := Summarize(name, f.Get(name))
		c := Change{Stream: name, Before: &before}
		if other.find(name) != nil {
			if same(f.Get(name), other.Get(name)) {
				continue
			}
			after := Summarize(name, other.Get(name))
			c.After = &after
		}
		all = append(all, c)
	}
	for _, name := range other.Streams() {
		if f.find(name) == nil {
			after := Summarize(name, other.Get(name))
			all = append(all, Change{Stream: name, After: &after})
		}
	}
	return all
}

// same reports whether two states say the same; nil and {} do.
func same(a, b *value.Dict) bool {
	if a == nil || a.Len() == 0 || b == nil || b.Len() == 0 {
		return (a == nil || a.Len() == 0) == (b == nil || b.Len() == 0)
	}
	return value.Equal(a, b)
}

// String is the summary without the stream's name.
func (s *Summary) String() string {
	var parts []string
	switch {
	case s.Partitions > 0 && s.Cursor != "":
		parts = append(parts, fmt.Sprintf("%s (partitions: %d)", s.Cursor, s.Partitions))
	case s.Partitions > 0:
		parts = append(parts, fmt.Sprintf("partitions: %d", s.Partitions))
	case s.Cursor != "":
		parts = append(parts, s.Cursor)
	}
	if s.Position != "" {
		parts = append(parts, s.Position)
	}
	if len(parts) == 0 {
		return "nothing to go on from"
	}
	return strings.Join(parts, ", ")
}

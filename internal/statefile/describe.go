package statefile

import (
	"cmp"
	"fmt"
	"strings"

	"anytap/internal/value"
	"anytap/state"
)

// Summary says in words what the state of a stream is.
type Summary struct {
	Stream     string
	Partitions int    // that have a state or a position of their own
	Cursor     string // what the cursor remembers; empty: nothing
	Position   string // where an unfinished read goes on; empty: it begins by the cursor
}

// Summaries are those of all streams, in the file's order.
func (f *File) Summaries() []Summary {
	var all []Summary
	for _, name := range f.Streams() {
		all = append(all, Summarize(name, f.Get(name)))
	}
	return all
}

// Summarize is the summary of one state; nil is that of a stream that begins anew.
func Summarize(stream string, d *value.Dict) Summary {
	s := Summary{Stream: stream}
	if d == nil || d.Len() == 0 {
		s.Position = "at its beginning"
		return s
	}
	about := value.Member[*value.Dict](d, "anytap")
	b, err := state.Parse(d, value.Member[string](about, "source"), stream)
	if err != nil {
		s.Position = "not readable: " + err.Error()
		return s
	}
	s.Cursor, s.Partitions = describeCursor(b.Cursor)
	s.Position = describePositions(b)
	for _, at := range b.Slices {
		if at.Partition.Len() > 0 {
			s.Partitions = max(s.Partitions, len(b.Slices)+len(b.Done))
		}
	}
	return s
}

// noCursor is what the reference runtime writes for a stream without a cursor.
const noCursor = "__ab_no_cursor_state_message"

// describeCursor says what a cursor remembers: one value, ranges, or a value for each partition.
func describeCursor(d *value.Dict) (text string, partitions int) {
	if d == nil || d.Len() == 0 {
		return "", 0
	}
	if _, none := d.Get(noCursor); none {
		return "", 0
	}
	if value.Member[bool](d, "use_global_cursor") {
		return members(value.Member[*value.Dict](d, "state")) + " for all partitions", 0
	}
	if states := value.Member[*value.List](d, "states"); states != nil {
		return describePartitions(states), states.Len()
	}
	if spans := value.Member[*value.List](d, "slices"); spans != nil && spans.Len() > 0 {
		first, _ := spans.At(0).(*value.Dict)
		last, _ := spans.At(spans.Len() - 1).(*value.Dict)
		text = fmt.Sprintf("%s … %s", short(member(first, "start")), short(cmp.Or(member(last, "most_recent_cursor_value"), member(last, "end"))))
		if spans.Len() > 1 {
			text += fmt.Sprintf(" in %d parts", spans.Len())
		}
		return text, 0
	}
	return members(d), 0
}

// describePartitions says from which to which value those of partitions reach.
func describePartitions(states *value.List) string {
	field, least, most := "", "", ""
	for _, item := range states.All() {
		entry, _ := item.(*value.Dict)
		cursor := value.Member[*value.Dict](entry, "cursor")
		if cursor == nil {
			continue
		}
		for name, v := range cursor.All() {
			text := short(v)
			if field == "" {
				field, least, most = name, text, text
			}
			if name == field {
				least, most = min(least, text), max(most, text)
			}
		}
	}
	switch {
	case field == "":
		return ""
	case least == most:
		return field + "=" + least
	}
	return fmt.Sprintf("%s=%s … %s", field, least, most)
}

// members are those of a dict as name=value.
func members(d *value.Dict) string {
	if d == nil {
		return "nothing"
	}
	var all []string
	for name, v := range d.All() {
		all = append(all, name+"="+short(v))
	}
	return strings.Join(all, ", ")
}

func member(d *value.Dict, name string) any {
	if d == nil {
		return nil
	}
	v, _ := d.Get(name)
	return v
}

// short is a value as a text of one line that is not long.
func short(v any) string {
	text, ok := v.(string)
	if !ok {
		text = string(value.Append(nil, v))
	}
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// describePositions says where an unfinished read goes on.
func describePositions(b *state.Bookmark) string {
	if len(b.Slices) == 0 && len(b.Done) == 0 && len(b.Finished) == 0 {
		return ""
	}
	how := "unfinished"
	if b.Complete {
		how = "read to its end"
	}
	var parts []string
	switch n := len(b.Slices); {
	case n == 1:
		parts = append(parts, describePosition(&b.Slices[0]))
	case n > 1:
		parts = append(parts, fmt.Sprintf("in %d places (the first: %s)", n, describePosition(&b.Slices[0])))
	}
	if len(b.Done) > 0 {
		parts = append(parts, fmt.Sprintf("%d finished", len(b.Done)))
	}
	if len(b.Finished) > 0 {
		parts = append(parts, fmt.Sprintf("%d windows finished", len(b.Finished)))
	}
	return how + ": " + strings.Join(parts, ", ")
}

func describePosition(s *state.SlicePosition) string {
	text := ""
	if s.Partition != nil && s.Partition.Len() > 0 {
		text = members(s.Partition) + " "
	}
	switch {
	case s.Position.Token == nil:
		text += "on the first page"
	case s.Position.Kind == state.Page:
		text += "on page " + short(s.Position.Token)
	case s.Position.Kind == state.Offset:
		text += "at offset " + short(s.Position.Token)
	case s.Position.Kind == state.NextURL:
		text += "at " + short(s.Position.Token)
	default:
		text += "at the cursor " + short(s.Position.Token)
	}
	if s.Position.LastID != nil {
		text += ", after record " + short(s.Position.LastID)
	}
	return text
}

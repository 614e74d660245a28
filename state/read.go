package state

import (
	"fmt"
	"slices"
	"time"

	"anytap/internal/value"
)

// Parse takes a stream state apart: the cursor's own part, and the positions. A state without
// positions, such as the reference runtime's, is all cursor. d may be nil. Parse fails on positions
// of another source or stream, of a newer format, or of a wrong form.
func Parse(d *value.Dict, source, stream string) (*Bookmark, error) {
	b := &Bookmark{Source: source, Stream: stream}
	if d == nil {
		return b, nil
	}
	about, ok := d.Get(memberAnytap)
	if !ok {
		b.Cursor = d
		return b, nil
	}
	if err := b.readAbout(about); err != nil {
		return nil, err
	}
	if err := b.readSlices(d); err != nil {
		return nil, err
	}
	if rest := WithoutPositions(d); rest.Len() > 0 {
		b.Cursor = rest
	}
	return b, nil
}

// readAbout checks whose positions these are.
func (b *Bookmark) readAbout(about any) error {
	d, ok := about.(*value.Dict)
	if !ok {
		return fmt.Errorf("state of stream %q: %q is a %s, expected an object", b.Stream, memberAnytap, value.TypeName(about))
	}
	format := value.Member[int64](d, aboutFormat)
	if format < 1 {
		return fmt.Errorf("state of stream %q: anytap.format is missing, expected a number from 1 to %d", b.Stream, Format)
	}
	if format > Format {
		return fmt.Errorf("state of stream %q has format %d, newer than this version of anytap knows (%d): update anytap or reset the stream", b.Stream, format, Format)
	}
	if source := value.Member[string](d, aboutSource); source != b.Source {
		return fmt.Errorf("state of stream %q belongs to the source %q, not to %q: give the state file of this source, or none", b.Stream, source, b.Source)
	}
	if stream := value.Member[string](d, aboutStream); stream != b.Stream {
		return fmt.Errorf("state of stream %q belongs to the stream %q: its entry was copied from there", b.Stream, stream)
	}
	b.Complete = value.Member[bool](d, aboutComplete)
	b.Full = value.Member[bool](d, aboutFull)
	b.Newest, _ = d.Get(aboutNewest)
	b.From, _ = d.Get(aboutFrom)
	if text, ok := d.Get(aboutBegun); ok {
		at, err := b.readTime(aboutBegun, text)
		if err != nil {
			return err
		}
		b.Begun = at
	}
	return b.readFinished(d)
}

func (b *Bookmark) readTime(name string, v any) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, value.Str(v))
	if err != nil {
		return at, fmt.Errorf("state of stream %q: %s is %s, expected a time such as 2026-01-31T08:00:00Z", b.Stream, name, value.Repr(v))
	}
	return at, nil
}

// readFinished reads the windows that were finished beyond the cursor's state.
func (b *Bookmark) readFinished(about *value.Dict) error {
	v, ok := about.Get(aboutFinished)
	if !ok {
		return nil
	}
	list, ok := v.(*value.List)
	if !ok {
		return fmt.Errorf("state of stream %q: anytap.finished is a %s, expected a list", b.Stream, value.TypeName(v))
	}
	for i, item := range list.All() {
		d, ok := item.(*value.Dict)
		if !ok {
			return fmt.Errorf("state of stream %q: anytap.finished[%d] is a %s, expected an object", b.Stream, i, value.TypeName(item))
		}
		w := FinishedWindow{Inner: value.Member[bool](d, memberInner)}
		w.Greatest, _ = d.Get(memberGreatest)
		w.Until, _ = d.Get(memberUntil)
		var err error
		if w.Partition, err = b.readDict(d, memberPartition); err != nil {
			return err
		}
		if w.Window, err = b.readDict(d, memberWindow); err != nil {
			return err
		}
		b.Finished = append(b.Finished, w)
	}
	return nil
}

// readSlices reads the positions: those of a list, or the one at the top.
func (b *Bookmark) readSlices(d *value.Dict) error {
	entries, several := d.Get(memberPartitions)
	if !several {
		p, err := b.readPosition(d)
		if err == nil {
			p.Partition = value.NewDict(0) // a member of that name is the cursor's
			b.Slices = []SlicePosition{p}
		}
		return err
	}
	list, ok := entries.(*value.List)
	if !ok {
		return fmt.Errorf("state of stream %q: partitions is a %s, expected a list", b.Stream, value.TypeName(entries))
	}
	for i, entry := range list.All() {
		e, ok := entry.(*value.Dict)
		if !ok {
			return fmt.Errorf("state of stream %q: partitions[%d] is a %s, expected an object", b.Stream, i, value.TypeName(entry))
		}
		p, err := b.readPosition(e)
		if err == nil {
			p.Partition, err = b.readDict(e, memberPartition)
		}
		if err != nil {
			return err
		}
		b.Slices = append(b.Slices, p)
	}
	return b.readDone(d)
}

func (b *Bookmark) readDone(d *value.Dict) error {
	done, ok := d.Get(memberDone)
	if !ok {
		return nil
	}
	list, ok := done.(*value.List)
	if !ok {
		return fmt.Errorf("state of stream %q: done is a %s, expected a list of texts", b.Stream, value.TypeName(done))
	}
	for i, key := range list.All() {
		text, ok := key.(string)
		if !ok {
			return fmt.Errorf("state of stream %q: done[%d] is a %s, expected a text", b.Stream, i, value.TypeName(key))
		}
		b.Done = append(b.Done, text)
	}
	return nil
}

// mostPlace is the greatest number of a page or offset. No list is so long; what is added to it
// stays within 64 bits.
const mostPlace = 1 << 53

// readPosition reads the window and the position in it that an object holds.
func (b *Bookmark) readPosition(d *value.Dict) (s SlicePosition, err error) {
	if s.Window, err = b.readDict(d, memberWindow); err != nil {
		return s, err
	}
	for _, kind := range []Kind{Page, Offset, Opaque, NextURL} {
		if token, ok := d.Get(string(kind)); ok {
			s.Position.Kind, s.Position.Token = kind, token
			if n, whole := token.(int64); token != nil && (!whole || n < 0 || n > mostPlace) && (kind == Page || kind == Offset) {
				return s, fmt.Errorf("state of stream %q: %s is %s, expected a whole number from 0 to %d", b.Stream, kind, value.Repr(token), int64(mostPlace))
			}
		}
	}
	s.Position.LastID, _ = d.Get(memberLastID)
	s.Position.Came = max(0, value.Member[int64](d, memberCame))
	s.Position.Query = value.Member[string](d, memberQuery)
	if v, ok := d.Get(memberPagination); ok && v != nil {
		if s.Position.Pagination, err = b.readDict(d, memberPagination); err != nil {
			return s, err
		}
	}
	if text, ok := d.Get(memberIssuedAt); ok {
		if s.Position.IssuedAt, err = b.readTime(memberIssuedAt, text); err != nil {
			return s, err
		}
	}
	s.Greatest, _ = d.Get(memberGreatest)
	s.Inner = value.Member[bool](d, memberInner)
	s.Until, _ = d.Get(memberUntil)
	if s.Records = value.Member[int64](d, memberRecords); s.Records < 0 {
		return s, fmt.Errorf("state of stream %q: %s is %d, expected a whole number from 0", b.Stream, memberRecords, s.Records)
	}
	return s, nil
}

// readDict reads a member that is an object; an empty one where it is missing or null.
func (b *Bookmark) readDict(d *value.Dict, name string) (*value.Dict, error) {
	v, _ := d.Get(name)
	if v == nil {
		return value.NewDict(0), nil
	}
	part, ok := v.(*value.Dict)
	if !ok {
		return nil, fmt.Errorf("state of stream %q: %s is a %s, expected an object", b.Stream, name, value.TypeName(v))
	}
	return part, nil
}

// WithoutPositions is what the cursor wrote of a stream state.
func WithoutPositions(d *value.Dict) *value.Dict {
	rest := value.NewDict(d.Len())
	for key, v := range d.All() {
		if !slices.Contains(reserved, key) {
			rest.Set(key, v)
		}
	}
	return rest
}

package state

import (
	"time"

	"anytap/internal/value"
)

// The members that positions add to a stream state. The package's doc shows where they stand.
const (
	memberAnytap     = "anytap" // see aboutFormat
	memberPartitions = "partitions"
	memberDone       = "done"
	memberPartition  = "partition"
	memberWindow     = "window"
	memberLastID     = "last_id"
	memberIssuedAt   = "issued_at"
	memberQuery      = "query"
	memberCame       = "came"
	memberGreatest   = "greatest"
	memberInner      = "inner"
	memberUntil      = "until"
	memberRecords    = "records"
	memberPagination = "pagination"
)

// The members of memberAnytap.
const (
	aboutFormat   = "format"
	aboutSource   = "source"
	aboutStream   = "stream"
	aboutComplete = "complete"
	aboutFull     = "full"
	aboutFinished = "finished" // windows, with the members of a position's slice
	aboutBegun    = "begun"
	aboutNewest   = "newest"
	aboutFrom     = "from"
)

// reserved are the names that a cursor's own members must not have.
var reserved = []string{
	memberAnytap, memberPartitions, memberDone, memberWindow, memberLastID, memberIssuedAt, memberQuery, memberCame,
	memberGreatest, memberInner, memberUntil, memberRecords, memberPagination,
	string(Page), string(Offset), string(Opaque), string(NextURL),
}

// Dict is the bookmark as both protocols carry it; nil when there is nothing to remember. Where the
// cursor has a member with one of the reserved names, positions are left out: the next read then
// goes on by the cursor alone.
func (b *Bookmark) Dict() *value.Dict {
	if !b.hasPositions() || b.Clashes() {
		return b.Cursor
	}
	d := value.NewDict(6)
	if b.Cursor != nil {
		d = b.Cursor.Clone()
	}
	if len(b.Slices) == 1 && len(b.Done) == 0 && b.Slices[0].Partition.Len() == 0 {
		writePosition(d, b.Slices[0])
	} else {
		b.writeSlices(d)
	}
	d.Set(memberAnytap, b.about())
	return d
}

// about says whose positions these are, and how far the read came beside them.
func (b *Bookmark) about() *value.Dict {
	about := value.DictOf(aboutFormat, int64(Format), aboutSource, b.Source, aboutStream, b.Stream)
	if b.Complete {
		about.Set(aboutComplete, true)
	}
	if b.Full {
		about.Set(aboutFull, true)
	}
	if len(b.Finished) > 0 {
		list := value.NewList()
		for _, w := range b.Finished {
			entry := value.NewDict(4)
			if w.Partition.Len() > 0 {
				entry.Set(memberPartition, w.Partition)
			}
			entry.Set(memberWindow, w.Window)
			writeReach(entry, w.Greatest, w.Inner, w.Until)
			list.Append(entry)
		}
		about.Set(aboutFinished, list)
	}
	if !b.Begun.IsZero() {
		about.Set(aboutBegun, b.Begun.UTC().Format(time.RFC3339))
	}
	if b.Newest != nil {
		about.Set(aboutNewest, b.Newest)
	}
	if b.From != nil {
		about.Set(aboutFrom, b.From)
	}
	return about
}

func (b *Bookmark) hasPositions() bool {
	return len(b.Slices) > 0 || len(b.Done) > 0 || len(b.Finished) > 0 || !b.Begun.IsZero() || b.Full
}

// Clashes reports whether the cursor has a member with a reserved name, so that positions are left
// out.
func (b *Bookmark) Clashes() bool {
	if b.Cursor == nil {
		return false
	}
	for _, name := range reserved {
		if _, ok := b.Cursor.Get(name); ok {
			return true
		}
	}
	return false
}

// writeSlices adds the positions of several slices, and what is finished.
func (b *Bookmark) writeSlices(d *value.Dict) {
	entries := value.NewList()
	for _, s := range b.Slices {
		entry := value.DictOf(memberPartition, s.Partition)
		writePosition(entry, s)
		entries.Append(entry)
	}
	d.Set(memberPartitions, entries)
	if len(b.Done) > 0 {
		done := value.NewList()
		for _, key := range b.Done {
			done.Append(key)
		}
		d.Set(memberDone, done)
	}
}

// writePosition adds a position. The partition, where there is one, is the caller's to add.
func writePosition(d *value.Dict, s SlicePosition) {
	if s.Window != nil && s.Window.Len() > 0 {
		d.Set(memberWindow, s.Window)
	}
	p := s.Position
	if p.Kind != None {
		d.Set(string(p.Kind), p.Token)
	}
	if p.LastID != nil {
		d.Set(memberLastID, p.LastID)
	}
	if !p.IssuedAt.IsZero() {
		d.Set(memberIssuedAt, p.IssuedAt.UTC().Format(time.RFC3339))
	}
	if p.Query != "" {
		d.Set(memberQuery, p.Query)
	}
	if p.Came > 0 {
		d.Set(memberCame, p.Came)
	}
	if p.Pagination != nil {
		d.Set(memberPagination, p.Pagination)
	}
	writeReach(d, s.Greatest, s.Inner, s.Until)
	if s.Records > 0 {
		d.Set(memberRecords, s.Records)
	}
}

func writeReach(d *value.Dict, greatest any, inner bool, until any) {
	if greatest != nil {
		d.Set(memberGreatest, greatest)
	}
	if inner {
		d.Set(memberInner, true)
	}
	if until != nil {
		d.Set(memberUntil, until)
	}
}

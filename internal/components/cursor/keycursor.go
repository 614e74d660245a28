package cursor

import (
	"container/list"
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// keyCursor is an opened ReplicationKey. It follows a track for each partition; a stream without
// partitions has one track, without a name. Above 10,000 partitions of a key of times one value
// serves for all, as in the reference runtime, and of more than 25,000 the oldest are forgotten.
// Those are read from their beginning again.
type keyCursor struct {
	*keySettings
	partitions tap.Partitions  // nil: the stream has none
	globalFrom int             // above this number of partitions one value serves for all
	left       *state.Bookmark // what an earlier read left unfinished; nil: nothing
	before     before          // the same, by slices

	mu       sync.Mutex
	tracks   map[string]*list.Element // of *keyTrack, by name
	order    *list.List               // of *keyTrack, in the order in which they came
	all      *keyTrack                // the one for all partitions; nil: each has its own
	hadAll   bool                     // the state had that one
	started  time.Time                // when the first slice was given out
	allGiven bool                     // every slice was given out
	parents  parents
	open     openSlices[keySlice]
	reader   timeReader
	turns    turns
	had      bool     // a record or the state had the field
	lacking  []string // the names in a record without the field
	warnings keyWarnings
	version  uint64
	state    []byte // of this version; nil: not made yet
}

// keyTrack is how far one partition was read.
type keyTrack struct {
	name string // the partition as JSON with sorted keys
	kept *key   // the greatest value of complete windows; nil: none
	// begun, low and from say how far an unfinished read came: when it began, and where the first
	// of its windows that are left begins (see keyWindow; nil: that is not known). Zero: there is
	// none.
	begun     time.Time
	low, from *key

	windows []*keySlice    // of this read, as long as it is not complete
	closed  int            // how many of them, from the first, are closed
	seams   map[uint64]int // the hashed records at the bounds between them, each with the window that gave it first
	written bool           // a record of an unfinished read was written
	seq     int            // its number in this read, from 1; 0: it did not come
	last    bool           // an earlier run of the same read had finished it; see turns
	entry   []byte         // its entry in the state; nil: not made yet
}

// keySlice is a slice that was given out.
type keySlice struct {
	keyWindow
	track   *keyTrack
	number  int // of the window in its track
	closed  bool
	err     error  // why the slice ended early; nil: it did not
	raw     []byte // the JSON text of the last value
	most    *key   // the greatest value that counts
	distant *key   // the greatest value more than a day after now
}

var _ tap.Cursor = (*keyCursor)(nil)

func newKeyCursor(s *keySettings) *keyCursor {
	return &keyCursor{
		keySettings: s, globalFrom: maxOwnStates, tracks: map[string]*list.Element{}, order: list.New(),
		reader: timeReader{format: s.format.form},
	}
}

// Abilities are those of a cursor whose windows are not cut any further.
func (c *keyCursor) Abilities() tap.CursorAbilities {
	a := tap.CursorAbilities{Failed: c.Failed, StateVersion: c.StateVersion, Reach: c.Reach, Leave: c.Leave}
	if c.changes {
		a.Changed = c.Changed
	}
	switch {
	case c.newest:
		a.Keep = c.Keep
	case c.filter || c.bounded:
		a.Drop = func(s *tap.Slice, record *value.Dict) bool { return !c.Keep(s, record) }
	}
	return a
}

// Slices yields the windows of the stream, or of each partition.
func (c *keyCursor) Slices(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		if c.partitions == nil {
			if c.track(tap.NewSlice(nil, nil, nil), "", nil, yield) {
				c.given()
			}
			return
		}
		var later []func() bool
		for s, err := range c.partitions.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			value.Expand(s.Partition)
			name, parents := c.nameOf(s.Partition), c.partitions.ParentState()
			if last := c.turns.last(name); last && c.hadAll {
				continue // what came to it since is newer than the one value for all will be
			} else if last {
				later = append(later, func() bool { return c.track(s, name, parents, yield) })
			} else if !c.track(s, name, parents, yield) {
				return
			}
		}
		c.came()
		for _, track := range later {
			if !track() {
				return
			}
		}
		c.given()
	}
}

func (c *keyCursor) given() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.allGiven = true
}

// nameOf is the name of a partition's track.
func (c *keyCursor) nameOf(partition *value.Dict) string {
	if c.partitions == nil {
		return ""
	}
	return state.SliceKey(partition, nil)
}

// track yields the slices of one partition, and reports whether to go on.
func (c *keyCursor) track(s *tap.Slice, name string, parents *value.Dict, yield func(*tap.Slice, error) bool) bool {
	given, err := c.begin(s, name, parents)
	if err != nil {
		yield(nil, err)
		return false
	}
	for _, slice := range given {
		if !yield(slice, nil) {
			return false
		}
	}
	return true
}

// begin makes the slices of one partition; none if it came before.
func (c *keyCursor) begin(s *tap.Slice, name string, parents *value.Dict) ([]*tap.Slice, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock()
	if c.started.IsZero() {
		c.started = now
	}
	t := c.find(name)
	if t.seq > 0 {
		c.warnings.repeated.cameAgain(c.log, name)
		return nil, nil
	}
	windows, err := c.windows(t, now)
	if err != nil {
		return nil, err
	}
	if t.seq = c.parents.begin(parents); len(windows) == 0 {
		c.log.Warn("nothing is asked for: the read would begin behind its upper bound", "field", c.field, "partition", name)
		c.parents.end(t.seq)
		return nil, nil
	}
	slices := make([]*tap.Slice, 0, len(windows))
	if t.kept != nil && c.option == nil && !c.filter && !c.newest && !c.changes && c.warnings.all.first() {
		c.log.Warn("everything is read again: nothing says how to ask for what is new only (replication_param, newest_first or filter_here)", "field", c.field)
	}
	t.last = c.partitions != nil && c.turns.last(name)
	if !t.last {
		c.turns.begin()
	}
	for i, w := range windows {
		d, err := c.dict(w)
		if err != nil {
			return nil, err
		}
		slice := tap.NewSlice(s.Partition, d, s.Extra)
		if collide(slice) {
			return nil, fmt.Errorf("the partition and the cursor's window have a field of one name: %s", slice.Key())
		}
		one := &keySlice{keyWindow: w, track: t, number: i}
		most, finished := c.before.of(slice)
		if k, err := c.key(most); err == nil {
			one.most = &k
		}
		t.windows = append(t.windows, one)
		if one.closed = finished; finished {
			continue
		}
		c.open.add(slice, one)
		slices = append(slices, slice)
	}
	if c.advance(t); t.closed == len(t.windows) {
		c.complete(t)
		c.changed(t)
	}
	return slices, nil
}

// find returns the track of a partition. A new one is read from the start, as it may have records
// from any time.
func (c *keyCursor) find(name string) *keyTrack {
	if e, ok := c.tracks[name]; ok {
		return e.Value.(*keyTrack)
	}
	t := &keyTrack{name: name}
	if c.limit(); c.all != nil {
		t.kept, t.begun = c.all.kept, c.all.begun
	}
	c.tracks[name] = c.order.PushBack(t)
	c.changed(t)
	return t
}

// limit applies the limits of states: one value for all partitions, or the oldest partition that is
// not being read is forgotten.
func (c *keyCursor) limit() {
	n := c.order.Len()
	if n >= c.globalFrom {
		c.serveAll()
	}
	if c.all != nil && c.all.begun.IsZero() {
		c.all.begun = c.started
	}
	if c.all != nil || n < maxPartitions {
		return
	}
	for e := c.order.Front(); e != nil; e = e.Next() {
		if t := e.Value.(*keyTrack); len(t.windows) == 0 {
			if c.warnings.forgotten.first() {
				c.log.Warn("too many partitions for a state of each: the oldest are forgotten, and read from their beginning when they come again", "partitions", n)
			}
			delete(c.tracks, t.name)
			c.order.Remove(e)
			return
		}
	}
}

// serveAll makes one value serve for all partitions, if the key is of times. That is known once a
// partition is closed: with several in flight, perhaps not before all of them came.
func (c *keyCursor) serveAll() {
	if c.all != nil || c.changes || !c.ofTimes() {
		return
	}
	c.all = &keyTrack{begun: c.started}
	c.log.Warn("too many partitions for a state of each: from the next run on one value serves for all, so that of new partitions only what is newer than it is read",
		"partitions", c.order.Len(), "field", c.field)
}

// ofTimes reports whether the key's values are times, as far as they are known.
func (c *keyCursor) ofTimes() bool {
	for e := c.order.Front(); e != nil; e = e.Next() {
		if t := e.Value.(*keyTrack); t.kept != nil {
			_, _, ok := t.kept.moment()
			return ok
		}
	}
	return false
}

// changed is called when the state has changed by a track.
func (c *keyCursor) changed(t *keyTrack) {
	t.entry, c.state = nil, nil
	c.version++
}

// StateVersion changes with the state.
func (c *keyCursor) StateVersion() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// Failed is the error of the first value that can not be followed; nil: there was none.
func (c *keyCursor) Failed(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.open.find(s); one != nil {
		return one.err
	}
	return nil
}

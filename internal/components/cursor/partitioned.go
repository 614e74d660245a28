package cursor

import (
	"container/list"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// The reference runtime's limits.
const (
	maxOwnStates  = 10_000 // above this number of partitions one cursor serves for all
	maxPartitions = 25_000 // partitions in a state
)

// partitioned follows a cursor for each partition, and a global one at which partitions start that
// have no state yet. Its state:
//
//	{"use_global_cursor": false, "states": [{"partition": {"id": 7}, "cursor": {"updated": "…"}}, …],
//	 "state": {"updated": "…"}, "lookback_window": 12, "parent_state": {"parents": {…}}}
type partitioned struct {
	*bounds
	invalid    error // why bounds are incomplete; nil: they are not. The first partition fails with it.
	partitions tap.Partitions
	log        *slog.Logger
	globalFrom int // above this number of partitions one cursor serves for all
	wall       func() time.Time
	ran        time.Time  // when this run began, by wall
	begun      time.Time  // when the read began, by wall
	from       *time.Time // what an earlier run of the read left of onward; nil: nothing

	mu       sync.RWMutex
	known    map[string]*list.Element // of *partition, by key
	order    *list.List               // of *partition, in the order in which they came
	count    int                      // partitions that ever had a state
	global   bool                     // one cursor serves for all partitions
	since    *string                  // the global cursor's value, at which new partitions start; nil: there is none
	newest   *newest                  // the greatest value of this read, which becomes since when everything is read
	back     int64                    // new partitions start so many seconds before since
	synced   bool                     // a record with a cursor value was seen
	parents  parents
	open     datedSlices
	left     *leftovers // what an earlier read left unfinished; nil: nothing
	flight   *inFlight
	gaps     map[*partition]bool // those with finished windows that are not done
	turns    turns
	keepAll  *track // Keep uses it for partitions without a track of their own
	version  uint64
	state    []byte
	warnings onceWarnings
}

// partition is one partition of a read, or of its state.
type partition struct {
	key     string // its JSON text with sorted keys
	track   *track
	state   []byte // its entry in the state; nil: not made yet
	pending int    // slices that were given out and are not closed
	cut     bool   // all of its slices were given out
	open    bool   // it was given out and is not read completely
	seq     int    // its number in this read, from 1; 0: it did not come
	done    bool   // it was read to its end
	again   bool   // an earlier run of the same read had read it to its end
}

// newest is the greatest cursor value of a read. Values are compared as text, as in the reference
// runtime.
type newest struct {
	text string
	at   *instant // the time that text stands for; nil: not parsed
}

var _ tap.Cursor = (*partitioned)(nil)

// Abilities are all of them.
func (c *partitioned) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{
		Keep: c.Keep, Split: c.Split, Narrow: c.Narrow, Failed: c.Failed, StateVersion: c.StateVersion,
		Reach: c.Reach, Leave: c.Leave, Ended: c.flight.end,
	}
}

// newPartitioned opens a cursor at a starting point. If invalid is set, b needs only its field and
// dates.
func newPartitioned(b *bounds, invalid error, p tap.Partitions, global bool, o tap.StartingPoint, log *slog.Logger) (*partitioned, error) {
	c := &partitioned{
		bounds: b, invalid: invalid, partitions: p, log: log, global: global, wall: time.Now,
		globalFrom: maxOwnStates, known: map[string]*list.Element{}, order: list.New(), gaps: map[*partition]bool{}, turns: newTurns(o.Left),
	}
	if o.Left != nil && invalid == nil {
		c.left, c.flight = newLeftovers(o), newInFlight()
	}
	if o.State == nil || o.State.Len() == 0 {
		return c, nil
	}
	return c, c.restore(o.State)
}

// learn adds a partition, or replaces the track of one that is there.
func (c *partitioned) learn(key string, t *track) *partition {
	if e, ok := c.known[key]; ok {
		p := e.Value.(*partition)
		p.track, p.state = t, nil
		return p
	}
	p := &partition{key: key, track: t}
	c.known[key] = c.order.PushBack(p)
	return p
}

// Slices yields the windows of each partition. A partition is cut into windows only when the next
// one has come, or the end, as in the reference runtime. Of the partitions that an earlier read
// left unfinished the open windows come in their turn and the rest last; see leftovers.
func (c *partitioned) Slices(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		c.begin()
		var waiting *tap.Slice
		var parents *value.Dict
		for s, err := range c.partitions.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if waiting != nil && !c.yieldPartition(waiting, parents, yield) {
				return
			}
			waiting, parents = s, c.partitions.ParentState()
		}
		if waiting != nil && !c.yieldPartition(waiting, parents, yield) {
			return
		}
		c.yieldRest(ctx, yield)
	}
}

// yieldPartition yields the slices of one partition and reports whether to go on.
func (c *partitioned) yieldPartition(s *tap.Slice, parents *value.Dict, yield func(*tap.Slice, error) bool) bool {
	p, err := c.start(s, parents)
	if err != nil {
		yield(nil, err)
		return false
	}
	if p == nil {
		return true
	}
	if c.left != nil {
		open, later, err := c.putOff(p, s)
		if err != nil {
			yield(nil, err)
			return false
		}
		for i := range open {
			if !c.give(open[i].slice, open[i].openSlice(p), false, yield) {
				return false
			}
		}
		if later {
			return true
		}
	}
	return c.yieldWindows(s, p, nil, yield)
}

// yieldWindows yields what is left to read of a partition; failed are slices that were tried.
func (c *partitioned) yieldWindows(s *tap.Slice, p *partition, failed []reopened, yield func(*tap.Slice, error) bool) bool {
	c.mu.Lock()
	spans, err := p.track.goOn(failed)
	c.mu.Unlock()
	if err != nil {
		yield(nil, err)
		return false
	}
	var waiting *tap.Slice
	var one *openSlice
	var peaks peaks
	for w, err := range c.windows(spans) {
		if err != nil {
			yield(nil, fmt.Errorf("cut windows: %w", err))
			return false
		}
		if waiting != nil && !c.give(waiting, one, false, yield) {
			return false
		}
		if waiting = tap.NewSlice(s.Partition, c.window(w), s.Extra); collide(waiting) {
			yield(nil, fmt.Errorf("the partition and the cursor's window have a field of one name: %s", waiting.Key()))
			return false
		}
		one = &openSlice{peak: peaks.of(waiting), partition: p, inner: w.inner}
	}
	if waiting == nil {
		c.cut(p)
		return true
	}
	return c.give(waiting, one, true, yield)
}

// give yields a slice; last says that no other one of its partition follows.
func (c *partitioned) give(s *tap.Slice, one *openSlice, last bool, yield func(*tap.Slice, error) bool) bool {
	c.flight.add(s)
	c.mu.Lock()
	p := one.partition
	p.pending++
	p.cut = p.cut || last
	c.open.add(s, one)
	c.mu.Unlock()
	return yield(s, nil)
}

// collide reports whether partition and window have a member of the same name, so that templates
// see only one of them.
func collide(s *tap.Slice) bool {
	for _, name := range s.Window.Keys() {
		if _, both := s.Partition.Get(name); both {
			return true
		}
	}
	return false
}

// start starts a partition. It returns nil for one that came before in this read.
func (c *partitioned) start(s *tap.Slice, parents *value.Dict) (*partition, error) {
	if c.invalid != nil {
		return nil, c.invalid
	}
	value.Expand(s.Partition)
	key := state.SliceKey(s.Partition, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit()
	p, err := c.find(key)
	if err != nil {
		return nil, err
	}
	if p.seq > 0 {
		c.warnings.repeated.cameAgain(c.log, key)
		return nil, nil
	}
	c.changed()
	p.open = true
	p.seq = c.parents.begin(parents)
	c.turns.begin()
	if c.left != nil {
		err = p.track.lookBack()
	}
	return p, err
}

// find returns a partition. A new one starts at the global cursor.
func (c *partitioned) find(key string) (*partition, error) {
	if e, ok := c.known[key]; ok {
		return e.Value.(*partition), nil
	}
	t, err := c.fresh()
	if err != nil {
		return nil, err
	}
	c.count++
	return c.learn(key, t), nil
}

// fresh makes the track of a new partition.
func (c *partitioned) fresh() (*track, error) {
	if c.since == nil {
		return c.track(nil, 0)
	}
	return c.track(value.DictOf(c.field, *c.since), c.back)
}

// limit applies the reference runtime's limits. Of too many partitions it forgets the oldest that
// is not being read.
func (c *partitioned) limit() {
	if !c.global && c.count > c.globalFrom {
		c.log.Info("too many partitions for a state of each: one cursor serves for all", "partitions", c.count)
		c.global = true
		c.changed()
	}
	for c.order.Len() >= maxPartitions {
		victim := c.order.Front()
		for e := victim; e != nil; e = e.Next() {
			if !e.Value.(*partition).open {
				victim = e
				break
			}
		}
		delete(c.known, victim.Value.(*partition).key)
		c.order.Remove(victim)
	}
}

// changed is called when the state has changed.
func (c *partitioned) changed() {
	c.version++
	c.state = nil
}

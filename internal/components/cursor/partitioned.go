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
)

// The reference runtime's limits of what it remembers of single partitions.
const (
	maxOwnStates  = 10_000 // with more partitions than this one cursor serves for all
	maxPartitions = 25_000 // partitions remembered at a time
)

// partitioned follows one cursor for each partition and, beside them, a global one, from which partitions start that
// are not known yet. Its state:
//
//	{"use_global_cursor": false, "states": [{"partition": {"id": 7}, "cursor": {"updated": "…"}}, …],
//	 "state": {"updated": "…"}, "lookback_window": 12, "parent_state": {"parents": {…}}}
type partitioned struct {
	*bounds
	invalid    error // why bounds can not be used; reported by the first partition
	partitions tap.Partitions
	log        *slog.Logger
	globalFrom int       // with more partitions than this one cursor serves for all
	begun      time.Time // the wall clock when Slices was called

	mu      sync.RWMutex
	known   map[string]*list.Element // of *partition, by key
	order   *list.List               // of *partition, in the order they became known
	count   int                      // partitions ever known
	global  bool                     // one cursor serves for all
	since   *string                  // the global cursor's value that partitions start from; nil: none
	newest  *newest                  // the greatest value of this run, that since becomes when all is read
	back    int64                    // seconds before since from which new partitions start
	synced  bool                     // a record with a value was seen
	parents parents
	open    readings
	keepAll *track // what Keep judges by where a partition has no track of its own
	version uint64
	state   []byte
	remarks remarks
}

// partition is what is known of one partition.
type partition struct {
	key     string // its JSON with sorted keys
	track   *track
	state   []byte // its entry in the state; nil: not made yet
	pending int    // slices given out and not closed
	cut     bool   // all its slices were given out
	open    bool   // it was given out and is not done
	seq     int    // its number in this run
}

// newest is the greatest cursor value of a run. Texts decide, as in the reference runtime.
type newest struct {
	text string
	at   *instant // the time of text, where it is known
}

var _ tap.Cursor = (*partitioned)(nil)

// Abilities are all that there are.
func (c *partitioned) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{Keep: c.Keep, Split: c.Split, Narrow: c.Narrow, Failed: c.Failed, StateVersion: c.StateVersion}
}

// newPartitioned takes bounds of which only field and dates need be there where invalid is set.
func newPartitioned(b *bounds, invalid error, p tap.Partitions, global bool, state *value.Dict, log *slog.Logger) (*partitioned, error) {
	c := &partitioned{
		bounds: b, invalid: invalid, partitions: p, log: log, global: global,
		globalFrom: maxOwnStates, known: map[string]*list.Element{}, order: list.New(),
	}
	if state == nil || state.Len() == 0 {
		return c, nil
	}
	return c, c.restore(state)
}

// learn remembers a partition; one that is known keeps its place.
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

// Slices yields each partition's windows. The last partition is cut only once its successor, or the end, is known.
func (c *partitioned) Slices(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		c.mu.Lock()
		c.begun = time.Now()
		c.mu.Unlock()
		var waiting *tap.Slice
		var parents *value.Dict
		for s, err := range c.partitions.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if waiting != nil && !c.give(waiting, parents, yield) {
				return
			}
			waiting, parents = s, c.partitions.ParentState()
		}
		if waiting != nil {
			c.give(waiting, parents, yield)
		}
	}
}

// give yields one partition's slices and reports whether to go on.
func (c *partitioned) give(s *tap.Slice, parents *value.Dict, yield func(*tap.Slice, error) bool) bool {
	p, spans, err := c.begin(s, parents)
	if err != nil {
		yield(nil, err)
		return false
	}
	if p == nil {
		return true
	}
	var waiting *tap.Slice
	var peaks peaks
	hand := func(last bool) bool {
		c.mu.Lock()
		p.pending++
		p.cut = p.cut || last
		c.open.add(waiting, &reading{peak: peaks.of(waiting), partition: p})
		c.mu.Unlock()
		return yield(waiting, nil)
	}
	for w, err := range c.windows(spans) {
		if err != nil {
			yield(nil, fmt.Errorf("cut windows: %w", err))
			return false
		}
		if waiting != nil && !hand(false) {
			return false
		}
		if waiting = tap.NewSlice(s.Partition, c.window(w), s.Extra); collide(waiting) {
			yield(nil, fmt.Errorf("the partition and the cursor's window have a field of one name: %s", waiting.Key()))
			return false
		}
	}
	return waiting == nil || hand(true)
}

// collide reports whether templates could not tell a slice's partition and window apart.
func collide(s *tap.Slice) bool {
	for _, name := range s.Window.Keys() {
		if _, both := s.Partition.Get(name); both {
			return true
		}
	}
	return false
}

// begin starts a partition; none is returned for one that this run had already.
func (c *partitioned) begin(s *tap.Slice, parents *value.Dict) (*partition, []span[time.Time], error) {
	if c.invalid != nil {
		return nil, nil, c.invalid
	}
	value.Expand(s.Partition)
	key := string(value.AppendCompactSorted(nil, s.Partition))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit()
	p, err := c.find(key)
	if err != nil {
		return nil, nil, err
	}
	if p.seq > 0 {
		if !c.remarks.repeated {
			c.remarks.repeated = true
			c.log.Warn("a partition came more than once; it is read once", "partition", key)
		}
		return nil, nil, nil
	}
	c.changed()
	p.open = true
	p.seq = c.parents.begin(parents)
	spans, err := p.track.cut()
	return p, spans, err
}

// find gives the partition; one that is not known starts from the global cursor.
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

// fresh is the cursor of a partition that is not known.
func (c *partitioned) fresh() (*track, error) {
	if c.since == nil {
		return c.track(nil, 0)
	}
	return c.track(value.DictOf(c.field, *c.since), c.back)
}

// limit keeps within the reference runtime's limits; partitions that are done are forgotten first.
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

// changed says that the state is another one.
func (c *partitioned) changed() {
	c.version++
	c.state = nil
}

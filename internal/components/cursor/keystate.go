package cursor

import (
	"fmt"
	"strconv"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// The state of a stream without partitions, and the cursor of each one in the state of partitions,
// which otherwise has the reference runtime's form (see partitioned), is
//
//	{"updated_at": "…", "unfinished": {"begun": "…", "from": "…", "border": "…"}}
//
// unfinished stands there while a read is not complete: when it began, the bound from which its
// windows are left, and the end of the window before that, where the two are not the same.
const (
	memberUnfinished = "unfinished"
	memberBegun      = "begun"
	memberFrom       = "from"
	memberBorder     = "border"
)

// restore reads a state; nil: there is none.
func (c *keyCursor) restore(state *value.Dict) error {
	if state == nil || state.Len() == 0 {
		return nil
	}
	if c.partitions == nil {
		t := &keyTrack{}
		if err := c.restoreTrack(t, state); err != nil {
			return err
		}
		c.tracks[""] = c.order.PushBack(t)
		return nil
	}
	if v, _ := state.Get("parent_state"); value.Truth(v) {
		if d, ok := v.(*value.Dict); ok {
			c.parents.reached = d.Clone()
		}
	}
	if v, _ := state.Get("use_global_cursor"); value.Truth(v) {
		c.all, c.hadAll = &keyTrack{}, true
		if global, ok := memberOf(state, "state"); ok {
			return c.restoreTrack(c.all, global)
		}
		return nil
	}
	v, ok := state.Get("states")
	if !ok {
		c.log.Warn("the state has one value for the whole stream, which has partitions now: they are read from their beginning", "field", c.field)
		return nil
	}
	return c.restorePartitions(v)
}

func memberOf(d *value.Dict, name string) (*value.Dict, bool) {
	v, _ := d.Get(name)
	m, ok := v.(*value.Dict)
	return m, ok
}

func (c *keyCursor) restorePartitions(v any) error {
	entries, ok := v.(*value.List)
	if !ok {
		return tap.Errorf(tap.Config, "state: states is a %s, expected a list", value.TypeName(v))
	}
	for i, entry := range entries.All() {
		d, ok := entry.(*value.Dict)
		if !ok {
			return tap.Errorf(tap.Config, "state: states[%d] is a %s, expected an object", i, value.TypeName(entry))
		}
		partition, named := memberOf(d, "partition")
		cursor, ok := memberOf(d, "cursor")
		if !ok || !named {
			return tap.Errorf(tap.Config, "state: states[%d] lacks the objects partition and cursor", i)
		}
		t := &keyTrack{name: c.nameOf(partition)}
		if err := c.restoreTrack(t, cursor); err != nil {
			return fmt.Errorf("states[%d]: %w", i, err)
		}
		c.tracks[t.name] = c.order.PushBack(t)
	}
	return nil
}

// restoreTrack reads the state of one track.
func (c *keyCursor) restoreTrack(t *keyTrack, d *value.Dict) error {
	var err error
	if t.kept, err = c.restoreKey(d, c.field); err != nil {
		return err
	}
	c.had = c.had || t.kept != nil
	unfinished, ok := memberOf(d, memberUnfinished)
	if !ok || c.field == memberUnfinished {
		return nil
	}
	begun, _ := unfinished.Get(memberBegun)
	text, _ := begun.(string)
	if t.begun, err = time.Parse(time.RFC3339Nano, text); err != nil {
		return tap.Errorf(tap.Config, "state: %s.%s is %s, expected a time", memberUnfinished, memberBegun, value.Repr(begun))
	}
	if t.low, err = c.restoreKey(unfinished, memberFrom); err != nil {
		return err
	}
	if t.from, err = c.restoreKey(unfinished, memberBorder); t.from == nil {
		t.from = t.low
	}
	return err
}

func (c *keyCursor) restoreKey(d *value.Dict, name string) (*key, error) {
	v, _ := d.Get(name)
	if v == nil {
		return nil, nil
	}
	k, err := c.key(value.Own(v))
	if err != nil {
		return nil, tap.Errorf(tap.Config, "state: %s %w", name, err)
	}
	return &k, nil
}

// State is the greatest value of complete windows, or that of each partition.
func (c *keyCursor) State() *value.Dict {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == nil {
		c.state = c.appendState(nil)
	}
	return value.LazyDict(c.state)
}

func (c *keyCursor) appendState(dst []byte) []byte {
	if c.partitions == nil {
		if e, ok := c.tracks[""]; ok {
			return value.Append(dst, c.dictOf(e.Value.(*keyTrack)))
		}
		return append(dst, "{}"...)
	}
	dst = strconv.AppendBool(append(dst, `{"use_global_cursor":`...), c.all != nil)
	if c.all != nil {
		dst = value.Append(append(dst, `,"state":`...), c.dictOf(c.all))
	} else {
		dst = append(dst, `,"states":[`...)
		comma := ""
		for e := c.order.Front(); e != nil; e = e.Next() {
			if entry := c.entry(e.Value.(*keyTrack)); len(entry) > 0 {
				dst = append(append(dst, comma...), entry...)
				comma = ","
			}
		}
		dst = append(dst, ']')
	}
	if c.parents.reached != nil {
		dst = value.Append(append(dst, `,"parent_state":`...), c.parents.reached)
	}
	return append(dst, '}')
}

// entry is the track's entry in the state; empty if nothing is known of it.
func (c *keyCursor) entry(t *keyTrack) []byte {
	if t.entry == nil {
		t.entry = []byte{}
		if d := c.dictOf(t); d.Len() > 0 {
			t.entry = append(append(append(t.entry, `{"partition":`...), t.name...), `,"cursor":`...)
			t.entry = append(value.Append(t.entry, d), '}')
		}
	}
	return t.entry
}

// dictOf is the state of one track.
func (c *keyCursor) dictOf(t *keyTrack) *value.Dict {
	d := value.NewDict(2)
	if t.kept != nil {
		d.Set(c.field, t.kept.value)
	}
	begun, low, from := t.begun, t.low, t.from
	if t.closed < len(t.windows) {
		begun, low, from = time.Time{}, nil, nil
		if one := t.windows[t.closed]; t.written || !t.begun.IsZero() {
			begun = one.begun
			if c.bounded {
				low, from = one.low, one.from
			}
		}
	}
	if begun.IsZero() || c.field == memberUnfinished {
		return d
	}
	unfinished := value.DictOf(memberBegun, begun.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano))
	if low != nil {
		unfinished.Set(memberFrom, low.value)
	}
	if from != nil && from != low && from.text != low.text {
		unfinished.Set(memberBorder, from.value)
	}
	d.Set(memberUnfinished, unfinished)
	return d
}

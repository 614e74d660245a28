package cursor

import (
	"fmt"
	"math"
	"strconv"

	"anytap/internal/python/number"
	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// restore reads a state of many partitions, or the state of one cursor, which becomes the global
// one.
func (c *partitioned) restore(state *value.Dict) error {
	if v, _ := state.Get("parent_state"); value.Truth(v) {
		d, ok := v.(*value.Dict)
		if !ok {
			return fmt.Errorf("state: parent_state is a %s, expected an object", value.TypeName(v))
		}
		c.parents.reached = d.Clone()
	}
	states, many := state.Get("states")
	global, one := state.Get("state")
	if !many && !one {
		return c.restoreGlobal(state)
	}
	v, _ := state.Get("use_global_cursor")
	c.global = value.Truth(v)
	if v, ok := state.Get("lookback_window"); ok {
		n, err := number.Int64(v)
		if err != nil || n > math.MaxInt32 || n < -math.MaxInt32 {
			return fmt.Errorf("state: lookback_window is %s, expected a number of seconds", value.Repr(v))
		}
		c.back = n
	}
	if many {
		if err := c.restorePartitions(states); err != nil {
			return err
		}
	}
	if !one {
		return nil
	}
	d, ok := global.(*value.Dict)
	if !ok {
		return fmt.Errorf("state: state is a %s, expected an object", value.TypeName(global))
	}
	return c.restoreGlobal(d)
}

func (c *partitioned) restoreGlobal(state *value.Dict) error {
	v, ok := state.Get(c.field)
	if !ok {
		return nil
	}
	t, err := c.dates.parse(v)
	if err != nil {
		return fmt.Errorf("state: %s: %w", c.field, err)
	}
	text := c.dates.format(t)
	c.since, c.newest = &text, &newest{text: text}
	return nil
}

func (c *partitioned) restorePartitions(states any) error {
	entries, ok := states.(*value.List)
	if !ok {
		return fmt.Errorf("state: states is a %s, expected a list", value.TypeName(states))
	}
	for i, entry := range entries.All() {
		d, ok := entry.(*value.Dict)
		if !ok {
			return fmt.Errorf("state: states[%d] is a %s, expected an object", i, value.TypeName(entry))
		}
		name, ok := d.Get("partition")
		if !ok {
			return fmt.Errorf("state: states[%d]: partition is missing", i)
		}
		v, _ := d.Get("cursor")
		cursor, ok := v.(*value.Dict)
		if !ok {
			return fmt.Errorf("state: states[%d]: cursor is a %s, expected an object", i, value.TypeName(v))
		}
		if c.invalid != nil {
			return c.invalid
		}
		t, err := c.track(cursor, 0)
		if err != nil {
			return fmt.Errorf("state: states[%d]: %w", i, err)
		}
		c.count++
		c.learn(string(value.AppendCompactSorted(nil, name)), t)
	}
	return nil
}

// State writes the form that partitioned documents. The text of each partition is kept, so that
// many of them cost little.
func (c *partitioned) State() *value.Dict {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == nil {
		c.state = c.appendState(make([]byte, 0, c.order.Len()*96+256))
	}
	return value.LazyDict(c.state)
}

func (c *partitioned) appendState(dst []byte) []byte {
	dst = append(dst, `{"use_global_cursor":`...)
	dst = strconv.AppendBool(dst, c.global)
	if !c.global {
		dst = append(dst, `,"states":[`...)
		for e := c.order.Front(); e != nil; e = e.Next() {
			if e.Prev() != nil {
				dst = append(dst, ',')
			}
			dst = append(dst, e.Value.(*partition).entry()...)
		}
		dst = append(dst, ']')
	}
	if c.since != nil {
		dst = append(dst, `,"state":{`...)
		dst = append(rawjson.AppendQuoted(dst, c.field), ':')
		dst = append(rawjson.AppendQuoted(dst, *c.since), '}')
	}
	dst = strconv.AppendInt(append(dst, `,"lookback_window":`...), c.back, 10)
	if c.parents.reached != nil {
		dst = value.Append(append(dst, `,"parent_state":`...), c.parents.reached)
	}
	return append(dst, '}')
}

// entry is the partition's entry in the state.
func (p *partition) entry() []byte {
	if p.state == nil {
		p.state = append(append(append(p.state, `{"partition":`...), p.key...), `,"cursor":`...)
		p.state = append(p.track.appendState(p.state), '}')
	}
	return p.state
}

package cursor

import (
	"errors"
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
		if _, ok := states.(*value.List); !ok {
			return fmt.Errorf("state: states is a %s, expected a list", value.TypeName(states))
		}
		text, untouched := state.Raw("states")
		if !untouched {
			text = value.Append(nil, states)
		}
		if err := c.restorePartitions(text); err != nil {
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

// restorePartitions reads the states of partitions. It goes through their text: a list would keep
// each of them decoded. Of too many only the last ones are kept, as limit does when the first
// partition begins.
func (c *partitioned) restorePartitions(text []byte) error {
	count := 0
	if err := rawjson.Elements(text, func([]byte) bool { count++; return true }); err != nil {
		return fmt.Errorf("state: states: %w", err)
	}
	dropped := max(0, count-maxPartitions+1)
	c.count += dropped
	i, failed := 0, error(nil)
	err := rawjson.Elements(text, func(entry []byte) bool {
		if i >= dropped {
			failed = c.restorePartition(i, value.DecodeRaw(entry))
		}
		i++
		return failed == nil
	})
	return errors.Join(failed, err)
}

func (c *partitioned) restorePartition(i int, entry any) error {
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
	return nil
}

// State writes the form that partitioned documents. The text of each partition is kept, so that
// many of them cost little.
func (c *partitioned) State() *value.Dict {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == nil {
		room := 256
		if !c.global {
			room += c.order.Len() * 96
		}
		c.state = c.appendState(make([]byte, 0, room))
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

package dpath

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"anytap/internal/value"
)

// Set sets the value at a path without globs. It creates missing containers on the way: a list if
// the next segment is a number, or else a dict. It fills a list with None up to the index. It fails
// if something on the way is neither a dict nor a list, or if a list cannot have the index.
func Set(in any, segments []string, v any) error {
	if len(segments) == 0 {
		return ErrNotFound
	}
	last := len(segments) - 1
	for i, s := range segments[:last] {
		next, ok, err := child(in, s)
		if err != nil {
			return fmt.Errorf("set %q: %w", segments, err)
		}
		if !ok {
			next = any(value.NewDict(1))
			if decimal(segments[i+1]) {
				next = value.NewList()
			}
			if err := put(in, s, next); err != nil {
				return fmt.Errorf("set %q: %w", segments, err)
			}
		}
		if !container(next) {
			return fmt.Errorf("set %q: the value at %q is a %s", segments, s, value.TypeName(next))
		}
		in = next
	}
	if err := put(in, segments[last], v); err != nil {
		return fmt.Errorf("set %q: %w", segments, err)
	}
	return nil
}

func container(v any) bool {
	switch v.(type) {
	case *value.Dict, *value.List, value.Tuple:
		return true
	}
	return false
}

// child gives the value one step down.
func child(in any, s string) (v any, ok bool, err error) {
	switch in := in.(type) {
	case *value.Dict:
		v, ok = in.Get(s)
		return v, ok, nil
	case *value.List:
		i, isIndex := pythonInt(s)
		if !isIndex || !decimal(s) {
			return nil, false, fmt.Errorf("%q is no index of a list", s)
		}
		return in.At(i), i < in.Len(), nil
	case value.Tuple:
		if i, isIndex := pythonInt(s); isIndex && decimal(s) && i < len(in) {
			return in[i], true, nil
		}
	}
	return nil, false, fmt.Errorf("a %s has nothing at %q", value.TypeName(in), s)
}

// maxGrowth limits how many elements one Set may add to a list.
const maxGrowth = 1 << 20

func put(in any, s string, v any) error {
	switch in := in.(type) {
	case *value.Dict:
		in.Set(s, v)
		return nil
	case *value.List:
		i, isIndex := pythonInt(s)
		if !isIndex || !decimal(s) {
			return fmt.Errorf("%q is no index of a list", s)
		}
		if i-in.Len() > maxGrowth {
			return fmt.Errorf("index %d is too far behind the end of the list", i)
		}
		for in.Len() <= i {
			in.Append(nil)
		}
		in.Set(i, v)
		return nil
	}
	return fmt.Errorf("a %s can not be changed", value.TypeName(in))
}

// decimal is Python's str.isdecimal.
func decimal(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Nd, r) {
			return false
		}
	}
	return s != ""
}

// Delete removes every value at the path and reports their number. It removes members of dicts and
// last elements of lists. Other elements of lists become None, so that the following ones keep
// their index.
func (p *Path) Delete(v any) (int, error) {
	if err := p.usable(v); err != nil {
		return 0, err
	}
	if keys, ok := p.Keys(); ok {
		return p.deleteKey(v, keys)
	}
	var found [][]step
	p.find(v, func(at []step, _ any) bool {
		found = append(found, append([]step(nil), at...))
		return true
	})
	return remove(v, found, func(any) (bool, error) { return true, nil })
}

// deleteKey removes a member of nested dicts.
func (p *Path) deleteKey(v any, keys []string) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	last := len(keys) - 1
	for _, key := range keys[:last] {
		d, ok := v.(*value.Dict)
		if !ok {
			return 0, nil
		}
		if v, ok = d.Get(key); !ok {
			return 0, nil
		}
	}
	if d, ok := v.(*value.Dict); ok && d.Delete(keys[last]) {
		return 1, nil
	}
	return 0, nil
}

// DeleteLeaves removes every value in v that is no container and that the filter selects. It
// ignores the path, as Python's dpath does if there is a filter.
func (p *Path) DeleteLeaves(v any, filter func(any) (bool, error)) (int, error) {
	if err := p.usable(v); err != nil {
		return 0, err
	}
	var found [][]step
	walk(v, nil, func(at []step, leaf any) bool {
		if !container(leaf) {
			found = append(found, append([]step(nil), at...))
		}
		return true
	})
	return remove(v, found, filter)
}

// remove deletes the paths found, in order, if they still exist.
func remove(v any, found [][]step, filter func(any) (bool, error)) (n int, err error) {
	for _, at := range found {
		parent, ok := reach(v, at[:len(at)-1])
		if !ok {
			continue
		}
		last := at[len(at)-1]
		leaf, ok := reach(parent, at[len(at)-1:])
		if !ok {
			continue
		}
		selected, err := filter(leaf)
		if err != nil {
			return n, err
		}
		if !selected {
			continue
		}
		n++
		switch parent := parent.(type) {
		case *value.Dict:
			parent.DeleteKey(last.key)
		case *value.List:
			if last.index == parent.Len()-1 {
				parent.Delete(last.index)
			} else {
				parent.Set(last.index, nil)
			}
		default:
			return n, fmt.Errorf("delete: a %s can not be changed", value.TypeName(parent))
		}
	}
	return n, nil
}

// reach follows a path that a walk has found.
func reach(v any, at []step) (any, bool) {
	for _, s := range at {
		ok := false
		switch c := v.(type) {
		case *value.Dict:
			v, ok = c.GetKey(s.key)
		case *value.List:
			if ok = s.n > 0 && s.index < c.Len(); ok {
				v = c.At(s.index)
			}
		case value.Tuple:
			if ok = s.n > 0 && s.index < len(c); ok {
				v = c[s.index]
			}
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

// DeleteLists removes every list at the path. If it is an element of a list, the following elements
// move up.
func (p *Path) DeleteLists(v any) error {
	if err := p.usable(v); err != nil {
		return err
	}
	var found [][]step
	p.find(v, func(at []step, list any) bool {
		if _, ok := list.(*value.List); ok {
			found = append(found, append([]step(nil), at...))
		}
		return true
	})
	// From the end, so that a removal does not change the paths of later ones.
	slices.SortStableFunc(found, func(a, b []step) int { return slices.CompareFunc(b, a, compareSteps) })
	for _, at := range found {
		parent, ok := reach(v, at[:len(at)-1])
		if !ok {
			continue
		}
		switch last := at[len(at)-1]; parent := parent.(type) {
		case *value.Dict:
			parent.DeleteKey(last.key)
		case *value.List:
			parent.Delete(last.index)
		}
	}
	return nil
}

// compareSteps orders indices before keys.
func compareSteps(a, b step) int {
	switch {
	case a.n > 0 && b.n > 0:
		return a.index - b.index
	case a.n > 0:
		return -1
	case b.n > 0:
		return 1
	}
	return strings.Compare(value.Str(a.key), value.Str(b.key))
}

package selector

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// maxCastDepth bounds schemas that refer to themselves without going deeper into the value.
const maxCastDepth = 10_000

var errCastDepth = errors.New("the schema refers to itself without end")

// apply casts what is inside v. Text in which nothing is to be cast stays text.
func (p *schemaPlan) apply(v any) error { return p.applyAt(v, 0) }

func (p *schemaPlan) applyAt(v any, depth int) error {
	if depth > maxCastDepth {
		return errCastDepth
	}
	switch c := v.(type) {
	case *value.Dict:
		if raw, ok := c.Untouched(); ok && p.fineText(raw, c, depth) {
			return nil
		}
		c.Open()
	case *value.List:
		if raw, ok := c.Untouched(); ok && p.fine(raw, depth) {
			return nil
		}
	default:
		if !p.scalars {
			return nil
		}
	}
	for i := range p.steps {
		if err := p.steps[i].apply(v, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (s *planStep) apply(v any, depth int) error {
	if err := s.check(v); err != nil {
		return err
	}
	switch c := v.(type) {
	case *value.Dict:
		if s.err != nil {
			return s.err
		}
		if err := s.applyTo(c, depth); err != nil {
			return err
		}
	case *value.List:
		if s.items != nil {
			if err := s.items.applyAll(c, depth); err != nil {
				return err
			}
		}
	}
	if s.ref != nil {
		return s.ref.applyAt(v, depth)
	}
	return nil
}

// check looks for the first type that fits, as the reference runtime does. It fails if it comes to
// an unknown one.
func (s *planStep) check(v any) error {
	for _, t := range s.types {
		if !slices.Contains(known, t) {
			return fmt.Errorf("the schema has the unknown type %q", t)
		}
		if isType(v, t) {
			break
		}
	}
	return s.never
}

// applyTo casts the members, and then what is inside them.
func (s *planStep) applyTo(d *value.Dict, depth int) error {
	var done uint64 // members, by index, whose text shows that nothing inside is to be cast
	for i, f := range s.order {
		raw, asText := d.Raw(f.key)
		if asText && !f.wants(raw) {
			if f.inside(raw, depth) {
				done |= 1 << i
			}
			continue
		}
		v, ok := d.Get(f.key)
		if !ok {
			done |= 1 << i
			continue
		}
		out, changed, err := f.cast(v)
		if err != nil {
			return err
		}
		if changed {
			d.Set(f.key, out)
		}
	}
	for i, f := range s.order {
		if f.next == nil || done&(1<<i) != 0 {
			continue
		}
		if child, ok := d.Get(f.key); ok {
			if err := f.next.applyAt(child, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// applyAll casts the elements of a list, and what is inside them.
func (f *fieldCast) applyAll(l *value.List, depth int) error {
	for i, n := 0, l.Len(); i < n; i++ {
		if raw, ok := l.Raw(i); ok && !f.wants(raw) {
			continue
		}
		out, changed, err := f.cast(l.At(i))
		if err != nil {
			return err
		}
		if changed {
			l.Set(i, out)
		}
	}
	if f.next == nil {
		return nil
	}
	for _, v := range l.All() {
		if err := f.next.applyAt(v, depth); err != nil {
			return err
		}
	}
	return nil
}

// fine reports whether the text of an object or list shows at once that nothing in it is to be
// cast.
func (p *schemaPlan) fine(raw []byte, depth int) bool {
	return p.fineText(raw, nil, depth)
}

// fineText is fine for the text of a dict, which may know where its members are; nil: it has none.
func (p *schemaPlan) fineText(raw []byte, of *value.Dict, depth int) bool {
	if depth > maxCastDepth {
		return false
	}
	for i := range p.steps {
		if !p.steps[i].fine(raw, of, depth+1) {
			return false
		}
	}
	return true
}

func (s *planStep) fine(raw []byte, of *value.Dict, depth int) bool {
	if s.err != nil || s.never != nil || s.types != nil {
		return false
	}
	ok := true
	switch {
	case raw[0] == '{' && s.fields != nil:
		check := func(key, val []byte) bool {
			name := key[1 : len(key)-1]
			if bytes.IndexByte(name, '\\') >= 0 {
				ok = false
				return false
			}
			f, known := s.fields[string(name)]
			ok = !known || f.fine(val, depth)
			return ok
		}
		if of != nil {
			return of.Texts(check) == nil && ok
		}
		return rawjson.Members(raw, check) == nil && ok
	case raw[0] == '[' && s.items != nil:
		err := rawjson.Elements(raw, func(val []byte) bool {
			ok = s.items.fine(val, depth)
			return ok
		})
		return ok && err == nil
	case s.ref != nil:
		return s.ref.fineText(raw, of, depth)
	}
	return true
}

func (f *fieldCast) fine(raw []byte, depth int) bool { return !f.wants(raw) && f.inside(raw, depth) }

// inside is fine for what is inside a value.
func (f *fieldCast) inside(raw []byte, depth int) bool {
	switch {
	case f.next == nil:
		return true
	case raw[0] != '{' && raw[0] != '[':
		return !f.next.scalars
	}
	return f.next.fine(raw, depth)
}

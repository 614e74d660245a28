package dpath

import "anytap/internal/value"

// Replace replaces every value at the path and reports their number. It creates nothing.
func (p *Path) Replace(v, by any) (n int, err error) {
	if err := p.usable(v); err != nil || len(p.segments) == 0 {
		return 0, err
	}
	var found [][]step
	p.find(v, func(at []step, _ any) bool {
		found = append(found, append([]step(nil), at...))
		return true
	})
	for _, at := range found {
		last := at[len(at)-1]
		parent, ok := reach(v, at[:len(at)-1])
		if !ok {
			continue // it was inside of a value that was replaced
		}
		if _, ok := reach(parent, at[len(at)-1:]); !ok {
			continue
		}
		switch parent := parent.(type) {
		case *value.Dict:
			parent.SetKey(last.key, value.Clone(by))
			n++
		case *value.List:
			parent.Set(last.index, value.Clone(by))
			n++
		}
	}
	return n, nil
}

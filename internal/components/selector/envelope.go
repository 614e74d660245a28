package selector

import (
	"slices"
	"sync"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

func emptyValue() (any, error) { return value.NewDict(0), nil }

// templateValue returns what templates know as response. It is made of the members that the scan
// found, so that the records are not read again.
func (c *cutter) templateValue(body []byte, page *rawjson.Page) func() (any, error) {
	root := page.Root.In(body)
	if len(c.keys) == 0 || root[0] != '{' {
		return func() (any, error) {
			if v := value.DecodeRaw(root); v != nil {
				return v, nil
			}
			return value.NewDict(0), nil
		}
	}
	members := slices.Clone(page.Members)
	return sync.OnceValues(func() (any, error) { return envelope(body, members, c.keys, 0), nil })
}

// envelope makes a dict of the members of one depth, and of those below it that are on the way to
// the records.
func envelope(body []byte, members []rawjson.Member, keys []string, depth int) *value.Dict {
	d := value.NewDict(8)
	onWay := 0 // members with the name that leads to the records
	for _, m := range members {
		if m.Depth == depth && depth < len(keys) && rawjson.KeyIs(m.Key.In(body), keys[depth]) {
			onWay++
		}
	}
	for _, m := range members {
		if m.Depth != depth {
			continue
		}
		key, raw := m.Key.In(body), m.Value.In(body)
		// If the name is there twice, it is unclear to which of the two the members below belong.
		if onWay == 1 && depth+1 < len(keys) && raw[0] == '{' && rawjson.KeyIs(key, keys[depth]) {
			d.Set(keys[depth], envelope(body, members, keys, depth+1))
			continue
		}
		d.Set(rawjson.Unquote(key), value.DecodeRaw(raw))
	}
	return d
}

package manifest

import (
	"slices"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// params are the $parameters in force at some place. They are never changed, and shared by as many
// places as possible.
type params struct {
	list  []param
	value *value.Dict

	indexed bool
	index   map[string]int // of list, by a key that is text
	nested  []int          // in list: those that are no scalars
	others  bool           // some keys are no text
}

type param struct {
	key      yaml11.Key
	raw      *yaml11.Node // with its own reference followed
	verbatim bool         // texts in it are no references
}

func (p *params) prepare() {
	if p.indexed {
		return
	}
	p.indexed, p.index = true, make(map[string]int, len(p.list))
	for i, q := range p.list {
		if q.raw.Kind != Scalar {
			p.nested = append(p.nested, i)
		}
		if q.key.IsOther {
			p.others = true
		} else {
			p.index[q.key.Name] = i
		}
	}
}

func (p *params) find(k yaml11.Key) int {
	p.prepare()
	if !k.IsOther {
		if i, ok := p.index[k.Name]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(p.list, func(q param) bool { return q.key.Equal(k) })
}

func (p *params) without(i int) *params {
	return &params{list: slices.Delete(slices.Clone(p.list), i, i+1)}
}

func (p *params) with(q param) *params {
	return &params{list: append(slices.Clip(p.list), q)}
}

func (p *params) dict(d *document) *value.Dict {
	if p.value == nil {
		p.value = value.NewDict(len(p.list))
		for _, q := range p.list {
			q.key.SetIn(p.value, d.plainValue(q.raw, q.verbatim))
		}
	}
	return p.value
}

// over gives base with top's entries put over it, in the order of Python's {**base, **top}.
func (d *document) over(base, top *params) *params {
	switch {
	case len(base.list) == 0:
		return top
	case len(top.list) == 0:
		return base
	}
	if out := d.merged[[2]*params{base, top}]; out != nil {
		return out
	}
	out := &params{list: slices.Clone(base.list)}
	for _, q := range top.list {
		if i := base.find(q.key); i >= 0 {
			out.list[i].raw, out.list[i].verbatim = q.raw, q.verbatim
		} else {
			out.list = append(out.list, q)
		}
	}
	d.copied(out)
	if d.merged == nil {
		d.merged = map[[2]*params]*params{}
	}
	d.merged[[2]*params{base, top}] = out
	return out
}

// copied counts parameters that were copied. Several of them weigh as much as a node.
func (d *document) copied(p *params) { d.count(1 + len(p.list)/4) }

// count counts nodes, and reports whether there may be so many.
func (d *document) count(nodes int) bool {
	d.unfolded += nodes
	d.overflow = d.overflow || d.unfolded > maxUnfolded
	return !d.overflow
}

// ownParams are the parameters that a map states. verbatim: its texts are no references.
func (d *document) ownParams(p *yaml11.Node, verbatim bool) *params {
	memo := d.note(p)
	if memo.own != nil && !verbatim {
		return memo.own
	}
	own := &params{list: make([]param, len(p.Keys))}
	for i, k := range p.Keys {
		q := param{k, p.Values[i], verbatim || k.Name == overridesKey}
		if !q.verbatim {
			q.raw = d.resolve(q.raw)
		}
		own.list[i] = q
	}
	if !verbatim {
		memo.own = own
	}
	return own
}

package yaml11

import "strings"

// flow reads a flow collection or scalar of one line, such as ["null", string] or {type: object},
// and gives the place after it. It knows quoted scalars, and plain ones of letters that have no
// meaning in flow style.
func (b *blockReader) flow(pos int) (*Node, int) {
	if b.depth++; b.depth > MaxDepth {
		return b.fail(), pos
	}
	defer func() { b.depth-- }()
	if pos >= b.stop {
		return b.fail(), pos
	}
	switch b.src[pos] {
	case '[':
		return b.flowList(pos)
	case '{':
		return b.flowMap(pos)
	case '"', '\'':
		r := b.node(pos)
		text, after, ok := b.quotedLine(pos)
		if !ok {
			return b.fail(), pos
		}
		r.Value, r.style = text, doubleQuoted
		if b.src[pos] == '\'' {
			r.style = singleQuoted
		}
		return r, after
	}
	return b.flowPlain(pos)
}

func (b *blockReader) flowPlain(pos int) (*Node, int) {
	r := b.node(pos)
	end := pos
	for end < b.stop && flowLetter(b.src[end]) {
		end++
	}
	text := strings.TrimRight(b.src[pos:end], " ")
	if text == "" || text[0] == '-' && (len(text) == 1 || !digit(text[1])) || text == mergeKey {
		return b.fail(), pos
	}
	v, err := resolvePlain(text)
	if err != nil {
		return b.fail(), pos
	}
	r.Value = v
	return r, end
}

// flowLetter tells whether a character has no meaning in flow style.
func flowLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digitOrBar(c) || strings.IndexByte("-./$+ ", c) >= 0 || c >= 0x80
}

// skip gives the place after blanks.
func (b *blockReader) skip(pos int) int {
	for pos < b.stop && b.src[pos] == ' ' {
		pos++
	}
	return pos
}

func (b *blockReader) flowList(pos int) (*Node, int) {
	r := b.node(pos)
	r.Become(List, 0)
	pos = b.skip(pos + 1)
	for !b.failed && pos < b.stop && b.src[pos] != ']' {
		var v *Node
		v, pos = b.flow(pos)
		r.Values = append(r.Values, v)
		pos = b.separator(pos, ']')
	}
	return b.closed(r, pos)
}

func (b *blockReader) flowMap(pos int) (*Node, int) {
	r := b.node(pos)
	r.Become(Map, 0)
	pos = b.skip(pos + 1)
	for !b.failed && pos < b.stop && b.src[pos] != '}' {
		var kr, v *Node
		kr, pos = b.flow(pos)
		if b.failed || kr.Kind != Scalar || pos+1 >= b.stop || b.src[pos] != ':' || b.src[pos+1] != ' ' || b.src[pos-1] == ' ' {
			return b.fail(), pos
		}
		k := Key{Line: kr.Line, Col: kr.Col}
		if s, ok := kr.Text(); ok {
			k.Name = s
		} else {
			k.Other, k.IsOther = kr.Value, true
		}
		if v, pos = b.flow(b.skip(pos + 1)); b.failed {
			return nil, pos
		}
		r.Put(k, v)
		pos = b.separator(pos, '}')
	}
	return b.closed(r, pos)
}

// separator gives the place after a comma, or that of the closing mark.
func (b *blockReader) separator(pos int, closing byte) int {
	pos = b.skip(pos)
	switch {
	case b.failed || pos >= b.stop:
		b.fail()
	case b.src[pos] == ',':
		next := b.skip(pos + 1)
		if next < b.stop && b.src[next] == ',' || next == pos+1 && next < b.stop && b.src[next] != closing {
			b.fail()
		}
		return next
	case b.src[pos] != closing:
		b.fail()
	}
	return pos
}

// closed steps over the closing mark of r.
func (b *blockReader) closed(r *Node, pos int) (*Node, int) {
	if b.failed || pos >= b.stop {
		return b.fail(), pos
	}
	return r, pos + 1
}

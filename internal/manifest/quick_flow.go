package manifest

import "strings"

// flow reads a flow collection or scalar of one line, such as ["null", string] or {type: object}, and gives the place
// after it. Scalars in it are quoted or made of letters that mean nothing in flow style.
func (q *quick) flow(pos int) (*raw, int) {
	if q.depth++; q.depth > maxDepth {
		return q.fail(), pos
	}
	defer func() { q.depth-- }()
	if pos >= q.stop {
		return q.fail(), pos
	}
	switch q.src[pos] {
	case '[':
		return q.flowList(pos)
	case '{':
		return q.flowMap(pos)
	case '"', '\'':
		r := q.node(pos)
		text, after, ok := q.quotedLine(pos)
		if !ok {
			return q.fail(), pos
		}
		r.value, r.style = text, doubleQuoted
		if q.src[pos] == '\'' {
			r.style = singleQuoted
		}
		return r, after
	}
	return q.flowPlain(pos)
}

func (q *quick) flowPlain(pos int) (*raw, int) {
	r := q.node(pos)
	end := pos
	for end < q.stop && flowLetter(q.src[end]) {
		end++
	}
	text := strings.TrimRight(q.src[pos:end], " ")
	if text == "" || text[0] == '-' && (len(text) == 1 || !digit(text[1])) || text == mergeKey {
		return q.fail(), pos
	}
	v, err := resolvePlain(text)
	if err != nil {
		return q.fail(), pos
	}
	r.value = v
	return r, end
}

// flowLetter are the characters that mean nothing in flow style.
func flowLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digitOrBar(c) || strings.IndexByte("-./$+ ", c) >= 0 || c >= 0x80
}

func (q *quick) skip(pos int) int {
	for pos < q.stop && q.src[pos] == ' ' {
		pos++
	}
	return pos
}

func (q *quick) flowList(pos int) (*raw, int) {
	r := q.node(pos)
	r.hold(List, 0)
	pos = q.skip(pos + 1)
	for !q.failed && pos < q.stop && q.src[pos] != ']' {
		var v *raw
		v, pos = q.flow(pos)
		r.vals = append(r.vals, v)
		pos = q.separator(pos, ']')
	}
	return q.closed(r, pos)
}

func (q *quick) flowMap(pos int) (*raw, int) {
	r := q.node(pos)
	r.hold(Map, 0)
	pos = q.skip(pos + 1)
	for !q.failed && pos < q.stop && q.src[pos] != '}' {
		var kr, v *raw
		kr, pos = q.flow(pos)
		if q.failed || kr.kind != Scalar || pos+1 >= q.stop || q.src[pos] != ':' || q.src[pos+1] != ' ' || q.src[pos-1] == ' ' {
			return q.fail(), pos
		}
		k := key{line: kr.line, col: kr.col}
		if s, ok := kr.text(); ok {
			k.name = s
		} else {
			k.other, k.isOther = kr.value, true
		}
		if v, pos = q.flow(q.skip(pos + 1)); q.failed {
			return nil, pos
		}
		r.put(k, v)
		pos = q.separator(pos, '}')
	}
	return q.closed(r, pos)
}

// separator goes past a comma, or stays before the closing mark.
func (q *quick) separator(pos int, closing byte) int {
	pos = q.skip(pos)
	switch {
	case q.failed || pos >= q.stop:
		q.fail()
	case q.src[pos] == ',':
		next := q.skip(pos + 1)
		if next < q.stop && q.src[next] == ',' || next == pos+1 && next < q.stop && q.src[next] != closing {
			q.fail()
		}
		return next
	case q.src[pos] != closing:
		q.fail()
	}
	return pos
}

func (q *quick) closed(r *raw, pos int) (*raw, int) {
	if q.failed || pos >= q.stop {
		return q.fail(), pos
	}
	return r, pos + 1
}

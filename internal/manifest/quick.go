package manifest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// quickRead reads the block style in which nearly all manifests are written, some ten times faster than a full YAML
// parser. It gives up (nil) on everything else, mistakes included: tags, anchors, tabs, flow collections over several
// lines, keys that are no simple scalar. The full parser then has the word; a fuzz test holds the two together.
func quickRead(data []byte) *raw {
	if len(data) == 0 || data[len(data)-1] != '\n' || !quickBytes(data) {
		return nil
	}
	q := &quick{src: string(data)}
	q.src = strings.TrimPrefix(q.src, "---\n")
	if len(q.src) < len(data) {
		q.row = 1
	}
	if !q.advance() || q.indent != 0 {
		return nil
	}
	root := q.block(0)
	if q.failed || !q.end {
		return nil
	}
	return root
}

// quickBytes refuses what YAML refuses or takes for a line break, and tabs.
func quickBytes(data []byte) bool {
	ascii := true
	for _, c := range data {
		if c < ' ' && c != '\n' || c == 0x7f {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return true
	}
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 || r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff {
			return false
		}
		i += n
	}
	return true
}

// quick stands at the beginning of a line's content, or behind the "- " or "key:" that came before on the line.
type quick struct {
	src    string
	start  int // of the line
	stop   int // of the line, at its line break
	pos    int // of the content
	indent int // column of the content, from 0
	row    int // of the line after the current one, from 0
	next   int // start of the line after the current one
	depth  int
	end    bool // no line is left
	failed bool

	keys []key // members of the maps being read
	vals []*raw
	slab []raw

	branches []branch
}

func (q *quick) fail() *raw {
	q.failed = true
	return nil
}

// node makes a node at a place on the current line.
func (q *quick) node(pos int) *raw {
	if len(q.slab) == 0 {
		const chunk = 128
		q.slab = make([]raw, chunk)
	}
	r := &q.slab[0]
	q.slab = q.slab[1:]
	r.branch = bare
	r.line, r.col = int32(q.row), int32(utf8.RuneCountInString(q.src[q.start:pos])+1)
	return r
}

// hold makes a node the map or list of what was read since base.
func (q *quick) hold(r *raw, kind Kind, base int) {
	if len(q.branches) == 0 {
		const chunk = 64
		q.branches = make([]branch, chunk)
	}
	r.kind, r.branch = kind, &q.branches[0]
	q.branches = q.branches[1:]
	r.vals = slices.Clone(q.vals[base:])
	q.vals = q.vals[:base]
}

// line goes to the next line, whatever it holds.
func (q *quick) line() bool {
	if q.next >= len(q.src) {
		q.end = true
		return false
	}
	q.start = q.next
	q.stop = q.start + strings.IndexByte(q.src[q.start:], '\n')
	q.next = q.stop + 1
	q.row++
	q.pos = q.start
	for q.pos < q.stop && q.src[q.pos] == ' ' {
		q.pos++
	}
	q.indent = q.pos - q.start
	return true
}

// advance goes to the next line that holds more than a comment.
func (q *quick) advance() bool {
	for q.line() {
		if q.pos < q.stop && q.src[q.pos] != '#' {
			return true
		}
	}
	return false
}

// isDash tells whether a list's element starts at pos.
func (q *quick) isDash(pos int) bool {
	return q.src[pos] == '-' && (pos+1 == q.stop || q.src[pos+1] == ' ')
}

// block reads the map, list or scalar that starts at the current content; a scalar goes on in lines that are
// indented more than parent.
func (q *quick) block(parent int) *raw {
	if q.depth++; q.depth > maxDepth {
		return q.fail()
	}
	defer func() { q.depth-- }()
	if q.isDash(q.pos) {
		return q.list()
	}
	if k, after, ok := q.key(); ok {
		return q.blockMap(k, after)
	}
	if q.failed || parent == 0 && q.indent == 0 {
		return q.fail()
	}
	return q.scalar(parent)
}

// blockMap reads a map whose first key was read already.
func (q *quick) blockMap(k key, after int) *raw {
	column, base := q.indent, len(q.keys)
	r := q.node(q.pos)
	for {
		v := q.value(after, column, true)
		if q.failed {
			return nil
		}
		q.keys = append(q.keys, k)
		q.vals = append(q.vals, v)
		if q.end || q.indent < column {
			break
		}
		var ok bool
		if k, after, ok = q.key(); !ok || q.indent > column {
			return q.fail()
		}
	}
	q.take(r, base)
	return r
}

// take moves the members read since base into the map.
func (q *quick) take(r *raw, base int) {
	q.hold(r, Map, len(q.vals)-(len(q.keys)-base))
	r.keys = slices.Clone(q.keys[base:])
	q.keys = q.keys[:base]
	if !r.repeats() {
		return
	}
	keys, vals := r.keys, r.vals
	r.hold(Map, len(keys))
	for i, k := range keys {
		r.put(k, vals[i])
	}
}

// repeats tells whether a key comes twice, or may.
func (r *raw) repeats() bool {
	if len(r.keys) > linearKeys {
		r.get("")
		return len(r.index) != len(r.keys)
	}
	for i := range r.keys {
		for j := range i {
			if r.keys[i].isOther || r.keys[i].name == r.keys[j].name {
				return true
			}
		}
	}
	return false
}

// list reads a list whose first dash is the current content.
func (q *quick) list() *raw {
	column, base := q.indent, len(q.vals)
	r := q.node(q.pos)
	for {
		v := q.value(q.pos+1, column, false)
		if q.failed {
			return nil
		}
		q.vals = append(q.vals, v)
		if q.end || q.indent < column || q.indent == column && !q.isDash(q.pos) {
			break
		}
		if q.indent > column {
			return q.fail()
		}
	}
	q.hold(r, List, base)
	return r
}

// value reads what stands behind a dash or a key's colon, on the same line or below, and goes to the line after it.
// column is where the dash or key stands.
func (q *quick) value(pos, column int, ofKey bool) *raw {
	for pos < q.stop && q.src[pos] == ' ' {
		pos++
	}
	if pos == q.stop || q.src[pos] == '#' && q.src[pos-1] == ' ' {
		return q.below(pos, column, ofKey)
	}
	q.pos, q.indent = pos, pos-q.start
	switch c := q.src[pos]; {
	case c == '|' || c == '>':
		return q.blockScalar(column)
	case ofKey:
		return q.scalar(column)
	}
	return q.block(column)
}

// below reads a value that starts on a later line; none is null.
func (q *quick) below(pos, column int, ofKey bool) *raw {
	r := q.node(pos)
	if !q.advance() || q.indent < column {
		return r
	}
	switch {
	case q.indent > column:
		if c := q.src[q.pos]; c == '|' || c == '>' {
			return q.fail()
		}
		return q.block(column)
	case ofKey && q.isDash(q.pos):
		return q.list()
	}
	return r
}

// key reads "name:" at the current content; after is where the colon ends.
func (q *quick) key() (k key, after int, ok bool) {
	k.line, k.col = int32(q.row), int32(q.indent+1)
	c := q.src[q.pos]
	var v any
	if c == '"' || c == '\'' {
		text, stop, closed := q.quotedLine(q.pos)
		if !closed || stop >= q.stop || q.src[stop] != ':' {
			return k, 0, false
		}
		v, after = text, stop+1
	} else {
		colon := q.colon(q.pos)
		if colon < 0 || !plainStart(q.src[q.pos:q.stop]) {
			return k, 0, false
		}
		text := strings.TrimRight(q.src[q.pos:colon], " ")
		var err error
		if v, err = resolvePlain(text); err != nil || text == mergeKey || colon-q.pos > 1000 {
			q.fail()
			return k, 0, false
		}
		after = colon + 1
	}
	if after < q.stop && q.src[after] != ' ' {
		q.fail()
		return k, 0, false
	}
	if s, text := v.(string); text {
		k.name = s
	} else {
		k.other, k.isOther = v, true
	}
	return k, after, true
}

// colon finds the colon that makes what stands at pos a key; -1 when there is none on the line.
func (q *quick) colon(pos int) int {
	for i := pos; i < q.stop; i++ {
		switch q.src[i] {
		case ':':
			if i+1 == q.stop || q.src[i+1] == ' ' {
				return i
			}
		case '#':
			if i > pos && q.src[i-1] == ' ' {
				return -1
			}
		}
	}
	return -1
}

// plainStart tells whether an unquoted scalar may start like this; the rarer ways to start one are left out.
func plainStart(s string) bool {
	switch s[0] {
	case ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '?', ':', '=':
		return false
	case '-':
		return len(s) > 1 && s[1] != ' ' && s[1] != '-'
	case '.':
		return !strings.HasPrefix(s, "...")
	}
	return true
}

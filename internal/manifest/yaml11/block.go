package yaml11

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// readBlocks reads the block style in which nearly all manifests are written, some ten times faster
// than the parser. It gives nil for everything else, mistakes included: tags, anchors, tabs, flow
// collections over several lines, keys that are no simple scalar. The parser then reads the
// document. A fuzz test holds that both give the same nodes.
func readBlocks(data []byte) *Node {
	if len(data) == 0 || data[len(data)-1] != '\n' || !onlyBlockBytes(data) {
		return nil
	}
	b := &blockReader{src: string(data)}
	b.src = strings.TrimPrefix(b.src, "---\n")
	if len(b.src) < len(data) {
		b.row = 1
	}
	if !b.advance() || b.indent != 0 {
		return nil
	}
	root := b.block(0)
	if b.failed || !b.end {
		return nil
	}
	return root
}

// onlyBlockBytes refuses tabs, and characters that YAML forbids or takes for a line break.
func onlyBlockBytes(data []byte) bool {
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

// blockReader reads line by line. It stands at the beginning of a line's content, or behind the "-
// " or "key:" that came before on the line.
type blockReader struct {
	src    string
	start  int // where the line starts
	stop   int // where its line break stands
	pos    int // where its content starts
	indent int // column of the content, from 0
	row    int // number of the current line, from 1
	next   int // where the next line starts
	depth  int
	end    bool // no line is left
	failed bool // the document is not for this reader

	keys   []Key   // of the maps that are being read
	values []*Node // of the maps and lists that are being read

	nodes    []Node // made ahead, not given out yet
	branches []branch
}

func (b *blockReader) fail() *Node {
	b.failed = true
	return nil
}

// node makes a node at a place on the current line.
func (b *blockReader) node(pos int) *Node {
	if len(b.nodes) == 0 {
		const chunk = 256
		b.nodes = make([]Node, chunk)
	}
	r := &b.nodes[0]
	b.nodes = b.nodes[1:]
	r.branch = bare
	r.Line, r.Col = int32(b.row), int32(utf8.RuneCountInString(b.src[b.start:pos])+1)
	return r
}

// fill makes a node the map or list of the values read since base.
func (b *blockReader) fill(r *Node, kind Kind, base int) {
	if len(b.branches) == 0 {
		const chunk = 128
		b.branches = make([]branch, chunk)
	}
	r.Kind, r.branch = kind, &b.branches[0]
	b.branches = b.branches[1:]
	r.Values = slices.Clone(b.values[base:])
	b.values = b.values[:base]
}

// line goes to the next line, whatever it holds, and tells whether there was one.
func (b *blockReader) line() bool {
	if b.next >= len(b.src) {
		b.end = true
		return false
	}
	b.start = b.next
	b.stop = b.start + strings.IndexByte(b.src[b.start:], '\n')
	b.next = b.stop + 1
	b.row++
	b.pos = b.start
	for b.pos < b.stop && b.src[b.pos] == ' ' {
		b.pos++
	}
	b.indent = b.pos - b.start
	return true
}

// advance is line for the next line that holds more than a comment.
func (b *blockReader) advance() bool {
	for b.line() {
		if b.pos < b.stop && b.src[b.pos] != '#' {
			return true
		}
	}
	return false
}

// isDash tells whether a list's element starts at pos.
func (b *blockReader) isDash(pos int) bool {
	return b.src[pos] == '-' && (pos+1 == b.stop || b.src[pos+1] == ' ')
}

// block reads the map, list or scalar that starts at the current content. A scalar continues on
// lines that are indented more than parent.
func (b *blockReader) block(parent int) *Node {
	if b.depth++; b.depth > MaxDepth {
		return b.fail()
	}
	defer func() { b.depth-- }()
	if b.isDash(b.pos) {
		return b.list()
	}
	if k, after, ok := b.key(); ok {
		return b.blockMap(k, after)
	}
	if b.failed || parent == 0 && b.indent == 0 {
		return b.fail()
	}
	return b.scalar(parent)
}

// blockMap reads a map whose first key k has been read.
func (b *blockReader) blockMap(k Key, after int) *Node {
	column, base := b.indent, len(b.keys)
	r := b.node(b.pos)
	for {
		v := b.value(after, column, true)
		if b.failed {
			return nil
		}
		b.keys = append(b.keys, k)
		b.values = append(b.values, v)
		if b.end || b.indent < column {
			break
		}
		var ok bool
		if k, after, ok = b.key(); !ok || b.indent > column {
			return b.fail()
		}
	}
	b.take(r, base)
	return r
}

// take moves the keys read since base, and their values, into the map.
func (b *blockReader) take(r *Node, base int) {
	b.fill(r, Map, len(b.values)-(len(b.keys)-base))
	r.Keys = slices.Clone(b.keys[base:])
	b.keys = b.keys[:base]
	if !r.mayRepeat() {
		return
	}
	keys, vals := r.Keys, r.Values
	r.Become(Map, len(keys))
	for i, k := range keys {
		r.Put(k, vals[i])
	}
}

// list reads a list whose first dash is the current content.
func (b *blockReader) list() *Node {
	column, base := b.indent, len(b.values)
	r := b.node(b.pos)
	for {
		v := b.value(b.pos+1, column, false)
		if b.failed {
			return nil
		}
		b.values = append(b.values, v)
		if b.end || b.indent < column || b.indent == column && !b.isDash(b.pos) {
			break
		}
		if b.indent > column {
			return b.fail()
		}
	}
	b.fill(r, List, base)
	return r
}

// value reads what stands behind a dash or a key's colon, on the same line or below, and goes to
// the line after it. column is that of the dash or key.
func (b *blockReader) value(pos, column int, ofKey bool) *Node {
	for pos < b.stop && b.src[pos] == ' ' {
		pos++
	}
	if pos == b.stop || b.src[pos] == '#' && b.src[pos-1] == ' ' {
		return b.below(pos, column, ofKey)
	}
	b.pos, b.indent = pos, pos-b.start
	switch c := b.src[pos]; {
	case c == '|' || c == '>':
		return b.blockScalar(column)
	case ofKey:
		return b.scalar(column)
	}
	return b.block(column)
}

// below reads a value that starts on a later line. An absent value is null.
func (b *blockReader) below(pos, column int, ofKey bool) *Node {
	r := b.node(pos)
	if !b.advance() || b.indent < column {
		return r
	}
	switch {
	case b.indent > column:
		if c := b.src[b.pos]; c == '|' || c == '>' {
			return b.fail()
		}
		return b.block(column)
	case ofKey && b.isDash(b.pos):
		return b.list()
	}
	return r
}

// key reads "name:" at the current content. after is the place behind the colon.
func (b *blockReader) key() (k Key, after int, ok bool) {
	k.Line, k.Col = int32(b.row), int32(b.indent+1)
	c := b.src[b.pos]
	var v any
	if c == '"' || c == '\'' {
		text, stop, closed := b.quotedLine(b.pos)
		if !closed || stop >= b.stop || b.src[stop] != ':' {
			return k, 0, false
		}
		v, after = text, stop+1
	} else {
		colon := b.colon(b.pos)
		if colon < 0 || !plainStart(b.src[b.pos:b.stop]) {
			return k, 0, false
		}
		text := strings.TrimRight(b.src[b.pos:colon], " ")
		var err error
		if v, err = resolvePlain(text); err != nil || text == mergeKey || colon-b.pos > 1000 {
			b.fail()
			return k, 0, false
		}
		after = colon + 1
	}
	if after < b.stop && b.src[after] != ' ' {
		b.fail()
		return k, 0, false
	}
	if s, text := v.(string); text {
		k.Name = s
	} else {
		k.Other, k.IsOther = v, true
	}
	return k, after, true
}

// colon finds the colon on the line that makes a key of the text at pos; -1 when there is none.
func (b *blockReader) colon(pos int) int {
	for i := pos; i < b.stop; i++ {
		switch b.src[i] {
		case ':':
			if i+1 == b.stop || b.src[i+1] == ' ' {
				return i
			}
		case '#':
			if i > pos && b.src[i-1] == ' ' {
				return -1
			}
		}
	}
	return -1
}

// plainStart tells whether an unquoted scalar may start like this. The rarer ways to start one are
// left to the parser.
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

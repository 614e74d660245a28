package value

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Path says where a value stands in a JSON document: a name or an index for each level. The zero
// Path is the document itself.
//
// It is written as a text ("data.items", "data.-1.id", `data["@odata.nextLink"]`) or as a list of
// its segments. Whole numbers are indices, negative ones from the end, and names where an object
// stands. Where an object has a member whose name is several segments of a text with the dots
// between them, such as @odata.nextLink, that member is meant; the longest such name counts.
type Path struct {
	text     string
	segments []pathSegment
}

// pathSegment is one level of a Path.
type pathSegment struct {
	name    string
	index   int
	isIndex bool
	// from and to are where the segment stands in the text, if it may be joined with those beside
	// it; to is 0 for one that stands for itself: quoted, in brackets, or of a list.
	from, to int
}

// PathOf reads a path that stands in a document as a text or as a list of texts and whole numbers.
func PathOf(v any) (Path, error) {
	switch v := v.(type) {
	case string:
		return ParsePath(v)
	case *List:
		return pathOfList(v)
	}
	return Path{}, fmt.Errorf("is a %s, expected a text or a list of texts and whole numbers", TypeName(v))
}

// WrittenPath is how the path of some names is written: with dots, or as a list where a name has
// what means something in a text.
func WrittenPath(names []string) any {
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, `.[]"`) {
			return FromGo(names)
		}
	}
	return strings.Join(names, ".")
}

func pathOfList(l *List) (Path, error) {
	p := Path{text: string(Append(nil, l))}
	if l.Len() == 0 {
		return p, errors.New("is an empty list, expected one segment at least")
	}
	for i, v := range l.All() {
		switch v := v.(type) {
		case string:
			p.segments = append(p.segments, segmentOf(v))
		case int64:
			p.segments = append(p.segments, segmentOf(strconv.FormatInt(v, 10)))
		default:
			return p, fmt.Errorf("has a %s as segment %d, expected a text or a whole number", TypeName(v), i+1)
		}
	}
	return p, nil
}

func segmentOf(name string) pathSegment {
	index, err := strconv.Atoi(name)
	if err != nil || name[0] == '+' {
		return pathSegment{name: name}
	}
	return pathSegment{name: name, index: index, isIndex: true}
}

// IsIndex reports whether the name of a segment is a whole number, and so may be an index.
func IsIndex(name string) bool { return segmentOf(name).isIndex }

// ParsePath reads a path that is written as a text. Its segments are separated by dots. One that
// holds dots itself may stand in quotes, also in brackets, with a backslash before a quote.
func ParsePath(text string) (Path, error) {
	p := Path{text: text}
	if text == "" {
		return p, errors.New("is empty, expected a path such as data.items")
	}
	for at := 0; ; {
		s, end, err := scanSegment(text, at)
		if err != nil {
			return p, fmt.Errorf("is %s, %w; a name that is no plain word may stand in a list: [%s]", strconv.Quote(text), err, strconv.Quote(text))
		}
		p.segments = append(p.segments, s)
		switch {
		case end == len(text):
			return p, nil
		case text[end] == '[':
			at = end
		case text[end] == '.':
			at = end + 1
		default:
			return p, fmt.Errorf("is %s, which goes on behind a quote without a dot", strconv.Quote(text))
		}
	}
}

// scanSegment reads the segment that begins at, and where it ends.
func scanSegment(text string, at int) (s pathSegment, end int, err error) {
	switch {
	case at < len(text) && text[at] == '[':
		return scanBrackets(text, at+1)
	case at < len(text) && (text[at] == '"' || text[at] == '\''):
		s.name, end, err = scanQuoted(text, at)
		return s, end, err
	}
	end = at
	for end < len(text) && text[end] != '.' && text[end] != '[' {
		end++
	}
	if end == at {
		return s, end, errors.New("which has an empty segment")
	}
	s = segmentOf(text[at:end])
	s.from, s.to = at, end
	return s, end, nil
}

// scanBrackets reads what stands between brackets: a whole number, or a name in quotes.
func scanBrackets(text string, at int) (s pathSegment, end int, err error) {
	if at < len(text) && (text[at] == '"' || text[at] == '\'') {
		s.name, end, err = scanQuoted(text, at)
	} else {
		end = at
		for end < len(text) && text[end] != ']' {
			end++
		}
		if s = segmentOf(text[at:end]); !s.isIndex {
			err = errors.New("where brackets hold neither a whole number nor a name in quotes")
		}
	}
	if err == nil && (end >= len(text) || text[end] != ']') {
		err = errors.New("which lacks a closing bracket")
	}
	return s, end + 1, err
}

// scanQuoted reads a name in quotes, the first of which stands at.
func scanQuoted(text string, at int) (name string, end int, err error) {
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[at]:
			return b.String(), i + 1, nil
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", len(text), errors.New("which lacks a closing quote")
}

// String is the path as it was written; a list as JSON.
func (p Path) String() string { return p.text }

// Len is the number of segments.
func (p Path) Len() int { return len(p.segments) }

// Names are the segments, each for itself. Indices are texts too.
func (p Path) Names() []string {
	names := make([]string, len(p.segments))
	for i, s := range p.segments {
		names[i] = s.name
	}
	return names
}

// At finds the value that stands at the path in v. No value at all is different from null.
func (p Path) At(v any) (any, bool) { return p.at(v, 0) }

func (p Path) at(v any, i int) (any, bool) {
	if i == len(p.segments) {
		return v, true
	}
	switch c := v.(type) {
	case *Dict:
		for to := p.joins(i); to > i; to-- {
			if member, ok := c.Get(p.name(i, to)); ok {
				if found, ok := p.at(member, to); ok {
					return found, true
				}
			}
		}
	case *List:
		if s := &p.segments[i]; s.isIndex && s.index < c.Len() && s.index >= -c.Len() {
			return p.at(c.At((s.index+c.Len())%c.Len()), i+1)
		}
	}
	return nil, false
}

// joins is the end of the segments from i on that may be one name together.
func (p Path) joins(i int) int {
	to := i + 1
	for p.segments[i].to > 0 && to < len(p.segments) && p.segments[to].to > 0 {
		to++
	}
	return to
}

// name is the name that the segments from one up to another are together.
func (p Path) name(from, to int) string {
	if to == from+1 {
		return p.segments[from].name
	}
	return p.text[p.segments[from].from:p.segments[to-1].to]
}

// Readings are the ways to take the path apart into names, in the order in which they count: long
// names before short ones. A path of many segments has the longest and the shortest names only.
func (p Path) Readings() [][]string {
	if len(p.segments) > mostSplit {
		readings := [][]string{p.Names()}
		if p.joins(0) == len(p.segments) {
			readings = [][]string{{p.text}, p.Names()}
		}
		return readings
	}
	return p.readings(0)
}

// mostSplit is how many segments a path may have of which all readings are given: 16 of them.
const mostSplit = 5

func (p Path) readings(i int) [][]string {
	if i == len(p.segments) {
		return [][]string{nil}
	}
	var all [][]string
	for to := p.joins(i); to > i; to-- {
		for _, rest := range p.readings(to) {
			all = append(all, append([]string{p.name(i, to)}, rest...))
		}
	}
	return all
}

// Stuck says how far the path leads in v: the part of it that was found, and the names of the
// members that are there, at most a dozen; none where no object stands there.
func (p Path) Stuck(v any) (found string, names []string) {
	i := 0
	for i < len(p.segments) {
		next, to := any(nil), i
		for to = p.joins(i); to > i; to-- {
			one := Path{text: p.text, segments: p.segments[i:to]}
			if to-i > 1 {
				one.segments = []pathSegment{{name: p.name(i, to)}}
			}
			var ok bool
			if next, ok = one.At(v); ok {
				break
			}
		}
		if to == i {
			break
		}
		v, i = next, to
	}
	d, _ := v.(*Dict)
	if d != nil {
		for name := range d.All() {
			if names = append(names, name); len(names) == mostNames {
				break
			}
		}
	}
	return strings.Join(p.Names()[:i], "."), names
}

const mostNames = 12

package rawjson

import "encoding/binary"

// Types are types of values. Null is always one of them.
type Types uint8

// The types that a Pattern can name.
const (
	IsBoolean Types = 1 << iota
	IsInteger       // a number without fraction and exponent that 64 bits hold
	IsNumber        // any number, an integer too
	IsText
	IsList
	IsObject
	IsAny = IsBoolean | IsInteger | IsNumber | IsText | IsList | IsObject
)

// Pattern says what values should be, so that a scan can tell in passing whether they are. A nil
// Pattern, and a part that is nil, stands for anything. It does not change once it is in use.
type Pattern struct {
	Types Types
	// Format reports whether a text fits, as it is written between its quotes; nil: any text does.
	Format func(text []byte) bool
	// Items is what the elements of a list should be.
	Items *Pattern
	// Closed says that a member which is not named does not fit.
	Closed bool

	members []patternMember
	byName  map[string]int // the index of a member
}

type patternMember struct {
	name string // as JSON, with the quotes and the colon
	of   *Pattern
	// The first bytes of the name, eight at most, to be compared at once.
	head, mask uint64
}

// Member says what the member of an object with this name should be.
func (p *Pattern) Member(name string, of *Pattern) {
	if p.byName == nil {
		p.byName = map[string]int{}
	}
	p.byName[name] = len(p.members)
	m := patternMember{name: string(AppendQuoted(nil, name)) + ":", of: of}
	var head [8]byte
	m.mask = ^uint64(0) >> (64 - 8*copy(head[:], m.name))
	m.head = binary.LittleEndian.Uint64(head[:])
	p.members = append(p.members, m)
}

// Fit reports whether a text, which is known to be JSON, fits p.
func Fit(text []byte, p *Pattern) bool {
	s := scanner{b: text, python: true}
	return s.match(p, s.space(0)) >= 0 && !s.unfit
}

// match scans a value, and notes if it does not fit.
func (s *scanner) match(p *Pattern, i int) int {
	if p == nil || i >= len(s.b) {
		return s.value(i)
	}
	var is Types
	switch c := s.b[i]; {
	case c == '"':
		end := s.text(i + 1)
		if p.Types&IsText == 0 || p.Format != nil && end >= 0 && !p.Format(s.b[i+1:end-1]) {
			s.unfit = true
		}
		return end
	case c-'0' < 10, c == '-':
		end := s.number(i)
		if p.Types&IsNumber == 0 && end >= 0 && (p.Types&IsInteger == 0 || !isInteger(s.b[i:end])) {
			s.unfit = true
		}
		return end
	case c == 'n':
		return s.literal(i, "null")
	case c == '{':
		if is = IsObject; p.Types&is != 0 && (p.members != nil || p.Closed) {
			return s.matchMembers(p, i, nil)
		}
	case c == '[':
		if is = IsList; p.Types&is != 0 && p.Items != nil {
			return s.matchItems(p.Items, i)
		}
	case c == 't', c == 'f':
		is = IsBoolean
	default: // NaN, Infinity
		is = IsNumber
	}
	if p.Types&is == 0 {
		s.unfit = true
	}
	return s.value(i)
}

// matchMembers scans the object at i, and notes its members in parts if that is not nil.
//
// It repeats the loop of scanner.object, and does not go through scanner.members: a call of a
// function for each member of each record would show in the time of a read.
func (s *scanner) matchMembers(p *Pattern, i int, parts *[]Part) int {
	if s.depth++; s.depth > MaxDepth {
		return s.fail(i, "less nesting")
	}
	b, next := s.b, 0
	if i = s.space(i + 1); i < len(b) && b[i] == '}' {
		s.depth--
		return i + 1
	}
	for {
		part := Part{Key: int32(i)}
		var of *Pattern
		if at := p.ahead(b, i, next); at >= 0 {
			m := &p.members[at]
			i += len(m.name)
			part.KeyEnd = int32(i - 1)
			of, next = m.of, at+1
		} else {
			if i >= len(b) || b[i] != '"' {
				return s.fail(i, "a member name")
			}
			end := s.text(i + 1)
			if end < 0 {
				return end
			}
			if at, ok := p.find(b[i:end]); ok {
				of, next = p.members[at].of, at+1
			} else if p.Closed {
				s.unfit = true
			}
			part.KeyEnd = int32(end)
			if i = s.space(end); i >= len(b) || b[i] != ':' {
				return s.fail(i, "':'")
			}
			i++
		}
		i = s.space(i)
		part.Start = int32(i)
		if i = s.match(of, i); i < 0 {
			return i
		}
		if part.End = int32(i); parts != nil {
			*parts = append(*parts, part)
		}
		if i = s.space(i); i >= len(b) {
			return s.fail(i, "',' or '}'")
		}
		switch b[i] {
		case ',':
			i = s.space(i + 1)
		case '}':
			s.depth--
			return i + 1
		default:
			return s.fail(i, "',' or '}'")
		}
	}
}

// mostMissing is how many members in a row an object may lack and still be looked up in order.
const mostMissing = 3

// ahead looks for the member whose name stands at i among those from next on, in whose order they
// mostly come, and gives its index; -1: it is none of them.
func (p *Pattern) ahead(b []byte, i, next int) int {
	if len(b)-i < 8 {
		return -1
	}
	head := binary.LittleEndian.Uint64(b[i:])
	for at := next; at < len(p.members) && at <= next+mostMissing; at++ {
		m := &p.members[at]
		if head&m.mask == m.head && (m.mask>>56 == 0 || len(b)-i >= len(m.name) && string(b[i+8:i+len(m.name)]) == m.name[8:]) {
			return at
		}
	}
	return -1
}

// find looks for a member by its name as it is written.
func (p *Pattern) find(key []byte) (i int, ok bool) {
	name := key[1 : len(key)-1]
	if len(p.members) == 0 {
		return 0, false
	}
	if plain(name, 0) == len(name) {
		i, ok = p.byName[string(name)]
		return i, ok
	}
	i, ok = p.byName[Unquote(key)]
	return i, ok
}

func (s *scanner) matchItems(p *Pattern, i int) int {
	if s.depth++; s.depth > MaxDepth {
		return s.fail(i, "less nesting")
	}
	end := s.elements(i, func(at int) int { return s.match(p, at) })
	s.depth--
	return end
}

// isInteger reports whether the text of a number is that of a whole one which 64 bits hold.
func isInteger(raw []byte) bool {
	const most = "9223372036854775807"
	if raw[0] == '-' {
		raw = raw[1:]
	}
	if digits(raw, 0) < len(raw) {
		return false
	}
	return len(raw) < len(most) || len(raw) == len(most) && string(raw) <= most
}

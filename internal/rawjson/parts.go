package rawjson

// Part is a member of an element: where its name, with the quotes, and its value lie in the page's
// text.
type Part struct{ Key, KeyEnd, Start, End int32 }

// Name is the member's name as it is written, with its quotes; b is the text that was scanned.
func (p Part) Name(b []byte) []byte { return b[p.Key:p.KeyEnd:p.KeyEnd] }

// Value is the member's value.
func (p Part) Value(b []byte) []byte { return b[p.Start:p.End:p.End] }

// spread scans the element at i and notes its members.
//
// It repeats the loop of scanner.object, and does not go through scanner.members: a call of a
// function for each member of each record would show in the time of a read.
func (p *Page) spread(s *scanner, i int) int {
	if i >= len(s.b) || s.b[i] != '{' {
		return s.value(i)
	}
	if s.depth++; s.depth > MaxDepth {
		return s.fail(i, "less nesting")
	}
	b := s.b
	if i = s.space(i + 1); i < len(b) && b[i] == '}' {
		s.depth--
		return i + 1
	}
	for {
		if i >= len(b) || b[i] != '"' {
			return s.fail(i, "a member name")
		}
		part := Part{Key: int32(i)}
		if i = s.text(i + 1); i < 0 {
			return i
		}
		part.KeyEnd = int32(i)
		if i = s.space(i); i >= len(b) || b[i] != ':' {
			return s.fail(i, "':'")
		}
		i = s.space(i + 1)
		part.Start = int32(i)
		if i = s.value(i); i < 0 {
			return i
		}
		part.End = int32(i)
		p.Parts = append(p.Parts, part)
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

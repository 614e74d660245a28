package rawjson

// Part is a member of an element: where its name, with the quotes, and its value lie in the page's
// text.
type Part struct{ Key, KeyEnd, Start, End int32 }

// Name is the member's name as it is written, with its quotes; b is the text that was scanned.
func (p Part) Name(b []byte) []byte { return b[p.Key:p.KeyEnd:p.KeyEnd] }

// Value is the member's value.
func (p Part) Value(b []byte) []byte { return b[p.Start:p.End:p.End] }

// anything is what elements are scanned by whose members are noted and not checked.
var anything = &Pattern{Types: IsAny}

// spread scans the element at i and notes its members.
func (p *Page) spread(s *scanner, i int) int {
	if i >= len(s.b) || s.b[i] != '{' {
		return s.match(p.Pattern, i)
	}
	pattern := p.Pattern
	if pattern == nil {
		pattern = anything
	}
	return s.matchMembers(pattern, i, &p.Parts)
}

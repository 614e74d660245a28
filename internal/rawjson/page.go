package rawjson

import "math"

// Span is where a value lies in a text.
type Span struct {
	Start, End int
	Seen       Flags // what the scan saw in it
}

// In returns the value in b, the text that was scanned.
func (p Span) In(b []byte) []byte { return b[p.Start:p.End:p.End] }

// Kind tells what stands at a path.
type Kind uint8

// What can stand at a path. It is Missing, too, when something on the way there is no object.
const (
	Missing Kind = iota
	Null
	Scalar
	Object
	Array
)

// Member is a member of an object on the way to a page's records.
type Member struct {
	Key   Span // with its quotes
	Value Span
	Depth int // 0: a member of the whole text, 1: of the value of path's first name …
}

// Page is what one pass over a response's text finds: the records at a path and what lies beside
// them. The next Scan uses its slices again.
type Page struct {
	Python   bool     // accept NaN, Infinity and -Infinity; to be set before Scan
	Spread   bool     // note the members of the elements; to be set before Scan
	Pattern  *Pattern // what elements should be, of which Seen tells; nil: it does not; to be set before Scan
	Kind     Kind     // of what stands at the path
	Root     Span     // the whole text, without the white space around it
	Value    Span     // what stands at the path, unless Missing
	Elements []Span   // those of Value when it is an Array
	Parts    []Part   // with Spread: the members of all elements that are objects
	Ends     []int32  // with Spread: for each element where its parts end; they start where those before end
	Members  []Member // of every object on the way, those of one depth in order, those that lead to Value included
}

// ScanPage is Scan on a new Page.
func ScanPage(body []byte, path []string) (Page, error) {
	var p Page
	err := p.Scan(body, path)
	return p, err
}

// Scan validates body, one JSON value, and finds what stands at path: the names from the root on,
// none for the root itself. When a name occurs twice in an object, the last one counts. The error
// is a *SyntaxError, and leaves the page without use.
func (p *Page) Scan(body []byte, path []string) error {
	p.Reset()
	s := scanner{b: body, python: p.Python}
	start := s.space(0)
	s.flags = 0
	end := p.descend(&s, start, path, 0)
	if end < 0 {
		return s.err
	}
	p.Root = Span{start, end, s.flags}
	if rest := s.space(end); rest < len(body) {
		return syntaxError(body, rest, "the end of the text")
	}
	return nil
}

// Reset empties the page. It keeps what callers set before Scan, and the memory of its slices.
func (p *Page) Reset() {
	*p = Page{Python: p.Python, Spread: p.Spread, Pattern: p.Pattern, Elements: p.Elements[:0], Parts: p.Parts[:0], Ends: p.Ends[:0], Members: p.Members[:0]}
}

// descend scans the value at i, in which path leads to the records, depth names below the root.
func (p *Page) descend(s *scanner, i int, path []string, depth int) int {
	if len(path) == 0 {
		return p.target(s, i)
	}
	if i >= len(s.b) || s.b[i] != '{' {
		return s.value(i)
	}
	if s.depth++; s.depth > MaxDepth {
		return s.fail(i, "less nesting")
	}
	end := s.members(i, func(key, keyEnd, at int) int {
		seen := s.flags
		s.flags = 0
		m := Member{Key: Span{Start: key, End: keyEnd}, Depth: depth}
		var end int
		if KeyIs(s.b[key:keyEnd], path[0]) {
			p.forget(depth)
			end = p.descend(s, at, path[1:], depth+1)
		} else {
			end = s.value(at)
		}
		m.Value = Span{at, end, s.flags}
		p.Members = append(p.Members, m)
		s.flags |= seen
		return end
	})
	s.depth--
	return end
}

// forget drops what was found below a name that turns out to occur twice.
func (p *Page) forget(depth int) {
	if p.Kind == Missing && len(p.Members) == 0 {
		return
	}
	p.Kind, p.Value, p.Elements, p.Parts, p.Ends = Missing, Span{}, p.Elements[:0], p.Parts[:0], p.Ends[:0]
	kept := p.Members[:0]
	for _, m := range p.Members {
		if m.Depth <= depth {
			kept = append(kept, m)
		}
	}
	p.Members = kept
}

// target scans the value that stands at the path.
func (p *Page) target(s *scanner, i int) int {
	before := s.flags
	s.flags = 0
	end := -1
	switch {
	case i < len(s.b) && s.b[i] == '[':
		p.Kind = Array
		end = p.array(s, i)
	case i < len(s.b) && s.b[i] == '{':
		p.Kind = Object
		end = s.value(i)
	default:
		if end = s.value(i); end >= 0 && s.b[i] == 'n' {
			p.Kind = Null
		} else {
			p.Kind = Scalar
		}
	}
	p.Value = Span{i, end, s.flags}
	s.flags |= before
	return end
}

// array scans the array at i and keeps where its elements lie.
func (p *Page) array(s *scanner, i int) int {
	if s.depth++; s.depth > MaxDepth {
		return s.fail(i, "less nesting")
	}
	var all Flags
	end := s.elements(i, func(at int) int {
		all |= s.flags
		s.flags, s.unfit = 0, false
		var end int
		if p.Spread && len(s.b) <= math.MaxInt32 {
			end = p.spread(s, at)
			p.Ends = append(p.Ends, int32(len(p.Parts)))
		} else {
			end = s.match(p.Pattern, at)
		}
		seen := s.flags
		if p.Pattern != nil && !s.unfit {
			seen |= Fits
		}
		p.Elements = append(p.Elements, Span{at, end, seen})
		return end
	})
	s.flags |= all
	s.depth--
	return end
}

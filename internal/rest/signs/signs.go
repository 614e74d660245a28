// Package signs reads what an answer says about the list that it is a page of: where the next page
// is, whether there is one, how many records there are, and how the page was cut.
//
// It knows the names in use, in the answer's envelope (the body without its records) and in its
// headers. It only reads: what follows from contradictions is for others to judge.
//
//	signs.go  Read, and what it gives
//	walk.go   goes through the envelope
//	names.go  the names
//	header.go reads the headers
//	lists.go  where an answer that has no records at the expected place may hold some
package signs

import (
	"strings"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// Signs are what one answer says. Within each slice the likeliest comes first; a sign at the top of
// the body comes before one that lies deeper, and the body before the headers.
type Signs struct {
	// Next are the places for the next page's address or token, those that are empty included.
	Next []Pointer
	// More are statements whether another page follows.
	More []Flag
	// Records are the totals of records, and Pages those of pages. Numbers that mean "unknown"
	// (-1) are left out.
	Records, Pages []Count
	// Size, Page and Offset are how the server says that it cut this page: records of a full page,
	// the page's number and that of its first record, as the server counts.
	Size, Page, Offset Number
	// Fault is the error that the body tells, in short; empty: it tells none.
	Fault string
}

// Place is where a sign stands: in a header, or at a path in the body.
type Place struct {
	Header string // empty: in the body
	Path   []string
}

// String is the place as a configuration names it: the dotted path, or the header.
func (p Place) String() string {
	if p.Header != "" {
		return "header " + p.Header
	}
	return strings.Join(p.Path, ".")
}

// Pointer is a place for the next page's address or token.
type Pointer struct {
	Place
	// Value is a text, a whole number, or an object of several parameters; nil: the place is
	// empty (null, "", false, 0 and the like), which says that there is no next page.
	Value any
	// Address says that the value is an address, not a token.
	Address bool
	// Weak says that such a token also comes with the last page, or is that of this page.
	Weak bool
}

// Flag is a statement whether another page follows.
type Flag struct {
	Place
	More bool
	// Weak says that the name may mean something else.
	Weak bool
}

// Count is a total.
type Count struct {
	Place
	N int64
	// AtLeast says that the server stopped counting ("10000+").
	AtLeast bool
	// Weak says that the name may mean the number of records of this page.
	Weak bool
}

// Plain reports whether the name is "total" alone, by which some APIs mean the records of the page.
func (c Count) Plain() bool {
	return c.Weak || c.Header == "" && len(c.Path) > 0 && strings.EqualFold(c.Path[len(c.Path)-1], "total")
}

// MayBeOfPage reports whether a total by this name may count the records of one page.
func MayBeOfPage(name string) bool { return roleOf(name) == mayBeTotal }

// Negative reports whether a statement by this name is true where nothing follows (isLast).
func Negative(name string) bool { r := roleOf(name); return r == last || r == mayBeLast }

// Number is a whole number that an answer says.
type Number struct {
	Place
	N     int64
	Known bool
}

// Read reads the signs of an answer after its records were selected. A body that is a bare list,
// or a single record at its root, has no envelope: only its headers count.
func Read(r *rest.Response) Signs {
	var s Signs
	if d := envelope(r); d != nil {
		w := walk{signs: &s, records: r.Found.Path}
		if d.Len() == 1 && r.Found.Missing() && r.Header.Get("Content-Type") == rest.JSONOfXML {
			for name := range d.All() {
				w.root = name
			}
		}
		w.object(d, nil, 0)
	}
	s.headers(r.Header)
	return s
}

// envelope is the body's object; nil: it has none.
func envelope(r *rest.Response) *value.Dict {
	if r.Value == nil || r.Found.Bare {
		return nil
	}
	if body, held := r.Held(); held && rest.IsList(body) {
		return nil
	}
	v, err := r.Value()
	if err != nil {
		return nil
	}
	d, _ := v.(*value.Dict)
	return d
}

// Pointer is the first place that holds a token or address, and is not weak; ok is false where
// there is none.
func (s *Signs) Pointer() (p Pointer, ok bool) {
	for _, p := range s.Next {
		if p.Value != nil && !p.Weak {
			return p, true
		}
	}
	return Pointer{}, false
}

// Total is the first total of records: a strong one, else a weak one; ok is false where there is
// none.
func (s *Signs) Total() (c Count, ok bool) { return first(s.Records) }

// PageTotal is the first total of pages.
func (s *Signs) PageTotal() (c Count, ok bool) { return first(s.Pages) }

func first(counts []Count) (c Count, ok bool) {
	for _, c := range counts {
		if !c.Weak {
			return c, true
		}
	}
	if len(counts) > 0 {
		return counts[0], true
	}
	return Count{}, false
}

// Flag is the first statement whether more follows: a strong one, else a weak one; ok is false
// where there is none.
func (s *Signs) Flag() (f Flag, ok bool) {
	for _, f := range s.More {
		if !f.Weak {
			return f, true
		}
	}
	if len(s.More) > 0 {
		return s.More[0], true
	}
	return Flag{}, false
}

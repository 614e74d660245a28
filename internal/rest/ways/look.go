package ways

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/value"
)

// look is what a slice's first page says of the pages that follow. It refers to nothing of the
// page's memory.
type look struct {
	*Finder
	signs signs.Signs
	held  string // what the answer held, for messages
	// rows is the number of records before filters, and keys their identities.
	rows  int
	keys  []uint64
	names map[string]int
	// unkeyed says that records have no keys, so that equal ones may be different records.
	unkeyed bool
	vain    bool
	// positive says that the flag of the answer is true where more follows.
	positive bool
	odata    bool
	trials   []trial
	// fields are values of the last record that a next request may carry, by their names.
	fields []field
	sent   sent
	tried  []string // what was tried in vain, for messages
	failed error    // the refusal of a way that the answer names
}

// field is a value of the last record.
type field struct {
	name  string
	value any
}

// sent is the request that brought the first page.
type sent struct {
	// sizes are page sizes that it asked for, by their names.
	sizes map[string]int
	// variables are those of a GraphQL query in the body that may take a cursor.
	variables []string
	body      bool // there is a JSON body
	jsonAPI   bool
}

// lookAt reads a first page.
func (f *Finder) lookAt(first *rest.Sample) *look {
	l := &look{
		Finder: f, signs: ownSigns(signs.Read(first.Response)), rows: len(first.Keys), keys: first.Keys, names: first.Names,
		unkeyed: first.Unkeyed, vain: first.Vain, sent: sentBy(first.Response), odata: first.Response.Header.Get("Odata-Version") != "",
		fields: fieldsOf(first.Last),
	}
	if first.Response.Extracted >= 0 {
		l.rows = first.Response.Extracted
	}
	if first.Response.Value == nil {
		return l
	}
	if v, err := first.Response.Value(); err == nil {
		l.held = strings.Clone(signs.Held(v))
		l.odata = l.odata || strings.Contains(l.held, "odata.")
		if f, ok := l.signs.Flag(); ok && f.Header == "" {
			yes, known := signs.Bool(at(v, f.Path))
			l.positive = known && yes == f.More
		}
	}
	if body, held := first.Response.Held(); held && rest.IsList(body) {
		l.held = "a list of " + strconv.Itoa(l.rows)
	}
	return l
}

// fieldsOf are values of the last record that a next request may carry.
func fieldsOf(last *value.Dict) []field {
	var fields []field
	if last == nil {
		return nil
	}
	for _, name := range fieldNames {
		switch v, _ := last.Get(name); v.(type) {
		case string, int64:
			fields = append(fields, field{name, value.Own(v)})
		}
	}
	return fields
}

// fieldNames are the members of a record that a next request may carry.
var fieldNames = []string{"id", "_id", "uuid", "cursor", "key"}

// ownSigns copies what refers to an answer's memory.
func ownSigns(s signs.Signs) signs.Signs {
	s.Next = slices.Clone(s.Next)
	for i := range s.Next {
		if s.Next[i].Value != nil {
			s.Next[i].Value = value.Own(s.Next[i].Value)
		}
		s.Next[i].Place = ownPlace(s.Next[i].Place)
	}
	for _, counts := range [][]signs.Count{s.Records, s.Pages} {
		for i := range counts {
			counts[i].Place = ownPlace(counts[i].Place)
		}
	}
	for i := range s.More {
		s.More[i].Place = ownPlace(s.More[i].Place)
	}
	for _, n := range []*signs.Number{&s.Size, &s.Page, &s.Offset} {
		n.Place = ownPlace(n.Place)
	}
	s.Fault = strings.Clone(s.Fault)
	return s
}

func ownPlace(p signs.Place) signs.Place {
	path := make([]string, len(p.Path))
	for i, name := range p.Path {
		path[i] = strings.Clone(name)
	}
	return signs.Place{Header: p.Header, Path: path}
}

// sentBy describes the request of a page.
func sentBy(r *rest.Response) sent {
	s := sent{sizes: map[string]int{}, jsonAPI: strings.Contains(r.Header.Get("Content-Type"), "vnd.api+json")}
	if r.Request == nil || r.Request.URL == nil {
		return s
	}
	for name, values := range r.Request.URL.Query() {
		if n, err := strconv.Atoi(values[0]); err == nil && isSizeName(name) {
			s.sizes[name] = n
		}
	}
	if len(r.Request.Body) == 0 {
		return s
	}
	v, ok := rest.ParseJSON(r.Request.Body)
	body, isDict := v.(*value.Dict)
	if s.body = ok && isDict; !s.body {
		return s
	}
	for name, v := range body.All() {
		if n, ok := v.(int64); ok && isSizeName(name) {
			s.sizes[strings.Clone(name)] = int(n)
		}
	}
	if query, ok := body.Get("query"); ok {
		text, _ := query.(string)
		for _, found := range graphQLVariable().FindAllStringSubmatch(text, -1) {
			s.variables = append(s.variables, strings.Clone(found[1]))
		}
	}
	return s
}

// graphQLVariable finds the variables of a GraphQL query that may take a cursor.
var graphQLVariable = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\$(\w*(?:after|cursor|endcursor|next|token|skip|offset|page)\w*)\s*:\s*\w`)
})

// more reports whether the answer says that something follows; why are its words for that.
func (l *look) more() (why []string) {
	for _, p := range l.signs.Next {
		if p.Value != nil && !p.Weak {
			kind := "a token"
			if p.Address {
				kind = "an address"
			}
			why = append(why, p.String()+" holds "+kind)
		}
	}
	if f, ok := l.signs.Flag(); ok && f.More && !(f.Weak && l.whole()) {
		why = append(why, f.String()+" says that there is more")
	}
	if c, ok := l.signs.Total(); ok && (c.N > int64(l.rows)) {
		why = append(why, c.String()+" is "+strconv.FormatInt(c.N, 10))
	}
	if c, ok := l.signs.PageTotal(); ok && c.N > 1 && l.rows > 0 {
		why = append(why, c.String()+" is "+strconv.FormatInt(c.N, 10))
	}
	return why
}

// whole reports whether the answer says how many records there are, and that many came.
func (l *look) whole() bool {
	c, ok := l.signs.Total()
	return ok && !c.AtLeast && c.N <= int64(l.rows)
}

// done reports whether the answer says that nothing follows.
func (l *look) done() bool {
	if c, ok := l.signs.Total(); ok && !c.Weak && l.whole() {
		return true
	}
	if c, ok := l.signs.PageTotal(); ok && c.N <= 1 {
		return true
	}
	if f, ok := l.signs.Flag(); ok && !f.More {
		return true
	}
	for _, p := range l.signs.Next {
		if p.Value == nil && !p.Weak {
			return true
		}
	}
	return false
}

// full reports whether the page holds as many records as the answer or the request says that a page
// may have.
func (l *look) full() (why string) {
	if l.rows == 0 {
		return ""
	}
	if s := l.signs.Size; s.Known && s.N > 0 && int64(l.rows) >= s.N {
		return s.String() + " is " + strconv.FormatInt(s.N, 10) + ", and as many records came"
	}
	if n := l.size(); n > 0 && int64(l.rows) >= n {
		return "page_size is " + strconv.FormatInt(n, 10) + ", and as many records came"
	}
	for _, name := range slices.Sorted(maps.Keys(l.sent.sizes)) {
		if n := l.sent.sizes[name]; n > 0 && n <= l.rows {
			return name + " is " + strconv.Itoa(n) + ", and as many records came"
		}
	}
	return ""
}

// round reports whether there are as many records as a page often has.
func (l *look) round() bool {
	switch n := l.rows; {
	case n < 10:
		return false
	case n <= 100:
		return n%10 == 0 || n == 12 || n == 15 || n == 16 || n == 24 || n == 25 || n == 32 || n == 48 || n == 64 || n == 75 || n == 96
	case n <= 1000:
		return n%50 == 0 || n == 128 || n == 256 || n == 512
	default:
		return n%100 == 0 || n == 1024
	}
}

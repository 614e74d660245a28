package signs

import (
	"net/http"
	"strings"
	"sync"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// headers reads the signs of an answer's headers.
func (s *Signs) headers(h http.Header) {
	if len(h) == 0 {
		return
	}
	if tellsOfPaging(h) {
		for _, known := range headerRoles {
			if values := h[known.name]; len(values) > 0 {
				s.header(known.role, Place{Header: known.name}, strings.TrimSpace(values[0]))
			}
		}
	}
	for _, name := range objectHeaders {
		if values := h[name]; len(values) > 0 {
			s.objectHeader(name, values[0])
		}
	}
	if len(h["Link"]) > 0 {
		p := Pointer{Place: Place{Header: "Link"}, Address: true}
		if next := rest.NextLink(h); next != "" {
			p.Value = next
		}
		s.Next = append(s.Next, p)
	}
	if text := h.Get("Content-Range"); text != "" {
		s.contentRange(text)
	}
}

// objectHeaders are those that hold a JSON object, by their canonical names: ASP.NET services and
// flask-smorest have them.
var objectHeaders = []string{"X-Pagination", "Pagination", "X-Paging", "Paging-Headers", "X-Pagination-Info"}

// objectHeader reads a header such as X-Pagination: {"total": 250, "page": 1, "next_page": 2}. It
// tells how pages are counted and whether one follows; its tokens are not for use.
func (s *Signs) objectHeader(name, text string) {
	v, ok := rest.ParseJSON([]byte(text))
	d, isDict := v.(*value.Dict)
	if !ok || !isDict {
		return
	}
	var in Signs
	w := walk{signs: &in}
	w.object(d, nil, 0)
	p := Place{Header: name}
	for _, c := range in.Records {
		c.Place = p
		s.Records = append(s.Records, c)
	}
	for _, c := range in.Pages {
		c.Place = p
		s.Pages = append(s.Pages, c)
	}
	for _, f := range in.More {
		f.Place = p
		s.More = append(s.More, f)
	}
	for _, next := range in.Next {
		s.More = append(s.More, Flag{p, next.Value != nil, next.Weak})
	}
	for _, n := range []struct {
		into *Number
		from Number
	}{{&s.Size, in.Size}, {&s.Page, in.Page}, {&s.Offset, in.Offset}} {
		if n.from.Known && !n.into.Known {
			*n.into = Number{p, n.from.N, true}
		}
	}
}

// knownHeaders are the names in headerRoles: most answers have none of them.
var knownHeaders = sync.OnceValue(func() map[string]bool {
	known := make(map[string]bool, len(headerRoles))
	for _, h := range headerRoles {
		known[h.name] = true
	}
	return known
})

func tellsOfPaging(h http.Header) bool {
	known := knownHeaders()
	for name := range h {
		if known[name] {
			return true
		}
	}
	return false
}

func (s *Signs) header(r role, p Place, text string) {
	switch r {
	case next:
		pointer := Pointer{Place: p}
		if !nothing(text) && text != "0" {
			pointer.Value, pointer.Address = text, IsAddress(text)
		}
		s.Next = append(s.Next, pointer)
	case more:
		s.addFlag(text, p, true, false)
	case total, mayBeTotal:
		s.addTotal(text, p, r == mayBeTotal)
	case pages:
		s.addPages(text, p)
	case size:
		s.Size.set(text, p)
	case number:
		s.Page.set(text, p)
	case offset:
		s.Offset.set(text, p)
	}
}

// contentRange reads "items 0-9/30", "0-9/30", "items 0-9/*" and "*/30"; bytes are no records.
func (s *Signs) contentRange(text string) {
	unit, span, ok := strings.Cut(strings.TrimSpace(text), " ")
	if !ok {
		unit, span = "", unit
	}
	if strings.EqualFold(unit, "bytes") {
		return
	}
	p := Place{Header: "Content-Range"}
	span, all, _ := strings.Cut(span, "/")
	s.addTotal(all, p, false)
	from, _, _ := strings.Cut(span, "-")
	s.Offset.set(strings.TrimSpace(from), p)
}

// trouble reads a member that may tell of an error.
func (w *walk) trouble(v any, r role) {
	switch r {
	case fault:
		w.fault(v)
	case good:
		if yes, ok := Bool(v); ok && !yes && w.signs.Fault == "" {
			w.signs.Fault = "it says that it is no success"
		}
	case status:
		switch word, _ := v.(string); strings.ToLower(word) {
		case "error", "err", "fail", "failed", "failure", "ko", "nok":
			if w.signs.Fault == "" {
				w.signs.Fault = "status " + word
			}
		}
	}
}

// longestFault is how many characters of an error are shown.
const longestFault = 200

// fault notes an error that the body tells: its own words where it has some.
func (w *walk) fault(v any) {
	if !value.Truth(v) || v == "0" {
		return
	}
	text := words(v, 0)
	if text == "" {
		text = "an error without words"
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longestFault {
		text = string(runes[:longestFault]) + "…"
	}
	if old := w.signs.Fault; old == "" || !strings.Contains(old, text) && (strings.HasPrefix(old, "status ") || strings.HasPrefix(old, "it says ")) {
		w.signs.Fault = text
	}
}

// words are what an error says: a text, or the telling members of an object.
func words(v any, depth int) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return value.Str(v)
	case *value.List:
		if v.Len() > 0 && depth < 3 {
			return words(v.At(0), depth+1)
		}
	case *value.Dict:
		var parts []string
		for _, name := range []string{"code", "type", "message", "description", "detail", "reason", "error", "title"} {
			if inner, ok := v.Get(name); ok && depth < 3 {
				if text := words(inner, depth+1); text != "" {
					parts = append(parts, text)
				}
			}
			if len(parts) == 2 {
				break
			}
		}
		return strings.Join(parts, ": ")
	}
	return ""
}

package rest

import (
	"net/http"
	"slices"
	"strings"
)

// Link is one address of a Link header (RFC 8288).
type Link struct {
	URL string
	// Rel are the relations, in lower case.
	Rel []string
}

// Is reports whether the link has a relation, given in lower case.
func (l Link) Is(rel string) bool { return slices.Contains(l.Rel, rel) }

// Links reads the Link headers of an answer by the grammar of RFC 8288, in all its freedom:
// parameters in any order and case, with or without quotes and blanks, several relations of one
// address, commas and semicolons inside quotes and addresses, several headers. What it can not read
// it leaves out.
func Links(h http.Header) []Link {
	var links []Link
	for _, line := range h.Values("Link") {
		s := linkScanner{text: line}
		for s.toAddress() {
			links = append(links, s.link())
		}
	}
	return links
}

// NextLink is the address that the Link headers have for the relation next; empty: none.
func NextLink(h http.Header) string {
	if len(h["Link"]) == 0 {
		return ""
	}
	for _, l := range Links(h) {
		if l.Is("next") && l.URL != "" {
			return l.URL
		}
	}
	return ""
}

// linkScanner reads one Link header from left to right.
type linkScanner struct {
	text string
	at   int
}

// toAddress goes to the next "<"; it reports whether there is one.
func (s *linkScanner) toAddress() bool {
	i := strings.IndexByte(s.text[s.at:], '<')
	if i < 0 {
		return false
	}
	s.at += i + 1
	return true
}

// link reads an address and its parameters; the scanner stands behind "<". Of several parameters
// rel the first counts.
func (s *linkScanner) link() Link {
	var l Link
	end := strings.IndexByte(s.text[s.at:], '>')
	if end < 0 {
		s.at = len(s.text)
		return l
	}
	l.URL = strings.TrimSpace(s.text[s.at : s.at+end])
	s.at += end + 1
	for {
		s.blanks()
		if s.at >= len(s.text) || s.text[s.at] == ',' {
			return l
		}
		if s.text[s.at] != ';' {
			s.skipTo(";,")
			continue
		}
		s.at++
		if name, v := s.param(); l.Rel == nil && strings.EqualFold(name, "rel") {
			l.Rel = strings.Fields(strings.ToLower(v))
		}
	}
}

// param reads "name", "name=value" or "name="quoted value"", with blanks anywhere.
func (s *linkScanner) param() (name, v string) {
	s.blanks()
	from := s.at
	s.skipTo("=;,")
	name = strings.TrimSpace(s.text[from:s.at])
	if s.at >= len(s.text) || s.text[s.at] != '=' {
		return name, ""
	}
	s.at++
	s.blanks()
	if s.at < len(s.text) && (s.text[s.at] == '"' || s.text[s.at] == '\'') {
		return name, s.quoted(s.text[s.at])
	}
	from = s.at
	s.skipTo(";,")
	return name, strings.TrimSpace(s.text[from:s.at])
}

// quoted reads a quoted text, in which a backslash stands before a character that means itself.
func (s *linkScanner) quoted(quote byte) string {
	var out strings.Builder
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == quote:
			s.at++
			return out.String()
		case c == '\\' && s.at+1 < len(s.text):
			s.at++
			out.WriteByte(s.text[s.at])
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

func (s *linkScanner) blanks() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t') {
		s.at++
	}
}

// skipTo goes to the first of some characters, or to the end.
func (s *linkScanner) skipTo(chars string) {
	if i := strings.IndexAny(s.text[s.at:], chars); i >= 0 {
		s.at += i
		return
	}
	s.at = len(s.text)
}

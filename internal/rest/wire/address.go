package wire

import (
	"strings"
)

// Join joins a base address and a path as the reference runtime does: an empty path gives the base
// as it is; otherwise the base counts as a folder, and the path is resolved against it, so that a
// path may also be a whole address.
func Join(base, path string) string {
	if path == "" {
		return base
	}
	if !strings.HasSuffix(base, "/") {
		base += "/"
	}
	return Resolve(base, path)
}

// Address is an address as Python's urllib.parse.urlsplit cuts it.
type Address struct {
	Scheme, Host, Path, Query, Fragment string
	slashes                             bool // "//" stood before host
}

// HostPort is the host with its port, without a user.
func (p Address) HostPort() string { return p.Host[strings.LastIndexByte(p.Host, '@')+1:] }

// Split cuts an address into its parts. It accepts any text.
func Split(s string) (p Address) {
	s = strings.TrimLeft(s, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f ")
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	}
	if i := strings.IndexByte(s, ':'); i > 0 && isScheme(s[:i]) {
		p.Scheme, s = strings.ToLower(s[:i]), s[i+1:]
	}
	if strings.HasPrefix(s, "//") {
		p.slashes = true
		s = s[2:]
		end := strings.IndexAny(s, "/?#")
		if end < 0 {
			end = len(s)
		}
		p.Host, s = s[:end], s[end:]
	}
	s, p.Fragment, _ = strings.Cut(s, "#")
	p.Path, p.Query, _ = strings.Cut(s, "?")
	return p
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || !(s[i] >= '0' && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.')) {
			return false
		}
	}
	return true
}

// String joins the parts again.
func (p Address) String() string {
	var b strings.Builder
	if p.Scheme != "" {
		b.WriteString(p.Scheme)
		b.WriteByte(':')
	}
	if p.Host != "" || p.slashes {
		b.WriteString("//")
		b.WriteString(p.Host)
		if p.Path != "" && p.Path[0] != '/' {
			b.WriteByte('/')
		}
	}
	b.WriteString(p.Path)
	if p.Query != "" {
		b.WriteByte('?')
		b.WriteString(p.Query)
	}
	if p.Fragment != "" {
		b.WriteByte('#')
		b.WriteString(p.Fragment)
	}
	return b.String()
}

// relativeScheme reports whether addresses with the scheme are resolved against one another.
func relativeScheme(s string) bool {
	switch s {
	case "", "http", "https", "ftp", "file", "ws", "wss":
		return true
	}
	return false
}

// Resolve is Python's urllib.parse.urljoin: segments that are empty inside the path vanish, ".."
// never climbs above the root.
func Resolve(base, ref string) string {
	if base == "" {
		return ref
	}
	if ref == "" {
		return base
	}
	b, r := Split(base), Split(ref)
	if r.Scheme != "" && r.Scheme != b.Scheme || !relativeScheme(b.Scheme) {
		return ref
	}
	r.Scheme = b.Scheme
	if r.Host != "" {
		return r.String()
	}
	r.Host, r.slashes = b.Host, b.slashes
	if r.Path == "" {
		r.Path = b.Path
		if r.Query == "" {
			r.Query = b.Query
		}
		return r.String()
	}
	r.Path = resolvePath(b.Path, r.Path)
	return r.String()
}

func resolvePath(base, path string) string {
	segments := strings.Split(path, "/")
	if path[0] != '/' {
		folder := strings.Split(base, "/")
		if folder[len(folder)-1] != "" {
			folder = folder[:len(folder)-1]
		}
		segments = withoutEmpty(append(folder, segments...))
	}
	out := make([]string, 0, len(segments)+1)
	for _, s := range segments {
		switch s {
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		case ".":
		default:
			out = append(out, s)
		}
	}
	if last := segments[len(segments)-1]; last == "." || last == ".." {
		out = append(out, "")
	}
	if joined := strings.Join(out, "/"); joined != "" {
		return joined
	}
	return "/"
}

// withoutEmpty drops empty segments but the first and the last.
func withoutEmpty(segments []string) []string {
	out := segments[:0]
	for i, s := range segments {
		if s != "" || i == 0 || i == len(segments)-1 {
			out = append(out, s)
		}
	}
	return out
}

package pyre

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// matchTimeout limits the time of one search.
const matchTimeout = time.Second

// Pattern is a compiled regular expression in the dialect of Python's re. It may be used by several
// goroutines at once. A search that takes longer than a second fails.
type Pattern struct {
	source string
	re     *regexp2.Regexp
	onward func() (*regexp2.Regexp, error) // finds only matches that do not end where the search starts
	groups int
	names  map[string]int
}

// cache holds compiled patterns. A manifest has only a few.
var cache struct {
	sync.Mutex
	m map[string]*Pattern
}

const maxCached = 256

// maxPattern is the length in bytes of the longest pattern.
const maxPattern = 64 << 10

// Compile is Python's re.compile. It caches patterns. The error is an exception of class
// RegexError.
func Compile(pattern string) (*Pattern, error) {
	cache.Lock()
	r := cache.m[pattern]
	cache.Unlock()
	if r != nil {
		return r, nil
	}
	if len(pattern) > maxPattern {
		return nil, exception.New(exception.RegexError, "a pattern of %d bytes is too long, at most %d are read", len(pattern), maxPattern)
	}
	t := &translator{s: pattern, names: map[string]int{}}
	out, err := t.translate()
	if err != nil {
		return nil, named(pattern, err)
	}
	r = &Pattern{source: pattern, groups: t.groups, names: t.names}
	if r.re, err = compileNet(out); err != nil {
		return nil, named(pattern, err)
	}
	r.onward = sync.OnceValues(func() (*regexp2.Regexp, error) { return compileNet("(?:" + out + `)(?!\G)`) })
	cache.Lock()
	defer cache.Unlock()
	if cache.m == nil || len(cache.m) >= maxCached {
		cache.m = map[string]*Pattern{}
	}
	cache.m[pattern] = r
	return r, nil
}

// named adds the pattern to an error.
func named(pattern string, err error) error {
	const most = 200
	if len(pattern) > most {
		pattern = pytext.Prefix(pattern, most) + "…"
	}
	msg := err.Error()
	if e, ok := errors.AsType[*exception.Error](err); ok {
		msg = e.Msg
	}
	return exception.New(exception.RegexError, "%s, in the pattern %s", msg, value.Repr(pattern))
}

// tooLong is the error of a search that takes too long. Its text must not be told.
func (r *Pattern) tooLong(text int) error {
	return named(r.source, exception.New(exception.RegexError, "the search of a text of %d characters takes more than %v", text, matchTimeout))
}

// compileNet compiles a pattern in the .NET dialect.
func compileNet(pattern string) (*regexp2.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.None)
	if err != nil {
		return nil, exception.New(exception.RegexError, "%v", err)
	}
	re.MatchTimeout = matchTimeout
	return re, nil
}

// find searches from position at. If onward is set, it skips matches that end at that position:
// after an empty match the next one must end further on.
func (r *Pattern) find(s []rune, at int, onward bool) (*regexp2.Match, error) {
	re := r.re
	if onward {
		var err error
		if re, err = r.onward(); err != nil {
			return nil, err
		}
	}
	m, err := re.FindRunesMatchStartingAt(s, at)
	if err != nil {
		return nil, r.tooLong(len(s))
	}
	return m, nil
}

// group gives the text of a group; ok is false if the group is not part of the match.
func group(m *regexp2.Match, n int) (s string, ok bool) {
	g := m.GroupByNumber(n)
	if g == nil || len(g.Captures) == 0 {
		return "", false
	}
	return g.String(), true
}

// String is the pattern as it was written.
func (r *Pattern) String() string { return r.source }

// Groups is the number of groups in the pattern.
func (r *Pattern) Groups() int { return r.groups }

// Match is one match of a pattern.
type Match struct{ m *regexp2.Match }

// Group gives the text of a group; group 0 is the whole match. ok is false if the group is not part
// of the match.
func (m *Match) Group(n int) (s string, ok bool) { return group(m.m, n) }

// Search is Python's re.search. The result is nil if there is no match.
func (r *Pattern) Search(s string) (*Match, error) {
	m, err := r.find([]rune(s), 0, false)
	if err != nil || m == nil {
		return nil, err
	}
	return &Match{m}, nil
}

// Found reports whether the pattern occurs in s.
func (r *Pattern) Found(s string) (bool, error) {
	found, err := r.re.MatchString(s)
	if err != nil {
		return false, r.tooLong(len(s))
	}
	return found, nil
}

// Match is Python's re.match, which matches at the beginning of s. The result is nil if there is no
// match.
func (r *Pattern) Match(s string) (*Match, error) {
	m, err := r.Search(s)
	if err != nil || m == nil || m.m.Index != 0 {
		return nil, err
	}
	return m, nil
}

// Sub is Python's re.sub(p, replacement, text). If step is not nil, it is called before each search
// with the length of the result so far in bytes, and its error ends the call.
func (r *Pattern) Sub(replacement, text string, step func(written int) error) (string, error) {
	pieces, err := r.template(replacement)
	if err != nil {
		return "", err
	}
	s := []rune(text)
	var b strings.Builder
	last, empty := 0, false
	for at := 0; at <= len(s); at = last {
		if step != nil {
			if err := step(b.Len()); err != nil {
				return "", err
			}
		}
		m, err := r.find(s, at, empty)
		if err != nil {
			return "", err
		}
		if m == nil {
			break
		}
		b.WriteString(string(s[last:m.Index]))
		for _, p := range pieces {
			b.WriteString(p.text)
			if p.group >= 0 {
				g, _ := group(m, p.group)
				b.WriteString(g)
			}
		}
		last, empty = m.Index+m.Length, m.Length == 0
	}
	if last < len(s) {
		b.WriteString(string(s[last:]))
	}
	return b.String(), nil
}

// piece is a part of a replacement: a text and the number of the group after it, or -1 if there is
// none.
type piece struct {
	text  string
	group int
}

// template splits a replacement at its references to groups.
func (r *Pattern) template(s string) ([]piece, error) {
	var out []piece
	var b []byte
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b = append(b, s[i])
			i++
			continue
		}
		if i+1 == len(s) {
			return nil, exception.New(exception.RegexError, "bad escape (end of pattern)")
		}
		lit, g, n, err := r.reference(s[i+1:])
		if err != nil {
			return nil, err
		}
		b = append(b, lit...)
		if g >= 0 {
			out = append(out, piece{string(b), g})
			b = nil
		}
		i += 1 + n
	}
	return append(out, piece{string(b), -1}), nil
}

// reference reads an escape in a replacement, after the backslash. lit is the text that it stands
// for, g the group that it refers to or -1, and n its length.
func (r *Pattern) reference(s string) (lit []byte, g, n int, err error) {
	c := s[0]
	switch {
	case c == 'g':
		g, n, err = r.namedReference(s[1:])
		return nil, g, 1 + n, err
	case c == '0':
		n = 1
		for n < 3 && n < len(s) && isOctal(s[n]) {
			n++
		}
		v, err := strconv.ParseUint(s[:n], 8, 32)
		if err != nil {
			return nil, -1, 0, exception.New(exception.RegexError, "bad escape")
		}
		return pytext.AppendRune(nil, rune(v&0xff)), -1, n, nil
	case c >= '1' && c <= '9':
		g, r, n, err := r.numberedReference(s)
		if err != nil || r < 0 {
			return nil, g, n, err
		}
		return pytext.AppendRune(nil, r), -1, n, nil
	}
	x := strings.IndexByte("abfnrtv\\", c)
	switch {
	case x >= 0:
		return []byte{"\a\b\f\n\r\t\v\\"[x]}, -1, 1, nil
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return nil, -1, 0, exception.New(exception.RegexError, "bad escape \\%c", c)
	}
	return []byte{'\\', c}, -1, 1, nil
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

// numberedReference reads a group's number of one or two digits, or an octal escape of three. lit
// is the character of the octal escape, or -1 for a group.
func (r *Pattern) numberedReference(s string) (g int, lit rune, n int, err error) {
	n = 1
	if len(s) > 1 && s[1] >= '0' && s[1] <= '9' {
		n = 2
		if len(s) > 2 && isOctal(s[0]) && isOctal(s[1]) && isOctal(s[2]) {
			v, err := strconv.ParseUint(s[:3], 8, 32)
			if err != nil || v > 0o377 {
				return 0, 0, 0, exception.New(exception.RegexError, "octal escape value is outside of range 0-0o377")
			}
			return 0, rune(v), 3, nil
		}
	}
	g, err = strconv.Atoi(s[:n])
	if err != nil || g > r.groups {
		return 0, 0, 0, exception.New(exception.RegexError, "invalid group reference %s", s[:n])
	}
	return g, -1, n, nil
}

// namedReference reads "<name>" or "<1>" after "\g".
func (r *Pattern) namedReference(s string) (g, n int, err error) {
	end := strings.IndexByte(s, '>')
	if !strings.HasPrefix(s, "<") || end < 0 {
		return 0, 0, exception.New(exception.RegexError, "missing group name")
	}
	name := s[1:end]
	if g, ok := r.names[name]; ok {
		return g, end + 1, nil
	}
	if pytext.IsIdentifier(name) {
		return 0, 0, exception.New("IndexError", "unknown group name %s", value.Repr(name))
	}
	g, err = strconv.Atoi(name)
	if err != nil || g < 0 || g > r.groups {
		return 0, 0, exception.New(exception.RegexError, "bad group name %s", value.Repr(name))
	}
	return g, end + 1, nil
}

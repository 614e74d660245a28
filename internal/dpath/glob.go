package dpath

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"anytap/internal/python/number"
)

// Errors of a search.
var (
	// ErrAmbiguous: Get found more than one value.
	ErrAmbiguous = errors.New("the path matches more than one value")
	// ErrGlob: the path has more than one **.
	ErrGlob = errors.New("a path may have only one **")
	// ErrNotFound: there is nothing at the path.
	ErrNotFound = errors.New("nothing is at the path")
)

// Path is a compiled path. It is stateless.
type Path struct {
	segments []segment
	deep     int      // where ** is; -1: nowhere
	bad      bool     // ** is there twice
	plain    bool     // no globs: one value at most
	keys     []string // where all segments are keys of dicts; nil: they are not
}

// segment is one step.
type segment struct {
	key     string // when plain
	isText  bool   // the segment is text, so that it can match keys
	plain   bool   // it matches this key only
	any     bool   // *
	index   int    // the list index that it is
	isIndex bool
	pattern *regexp.Regexp // otherwise
}

// New compiles a path. The segments may be of any type, as templates give them.
func New(segments ...any) *Path {
	p := &Path{deep: -1, plain: true}
	for i, s := range segments {
		text, isText := s.(string)
		if isText && text == "**" {
			p.bad = p.deep >= 0
			p.deep = i
			p.plain = false
			p.segments = append(p.segments, segment{isText: true, any: true})
			continue
		}
		seg := segment{isText: isText}
		seg.index, seg.isIndex = pythonInt(s)
		switch {
		case !isText:
		case text == "*":
			seg.any = true
		case strings.ContainsAny(text, "*?["):
			seg.pattern = translate(text)
		default:
			seg.key, seg.plain = text, true
		}
		if isText && !seg.plain {
			p.plain = false
		}
		p.segments = append(p.segments, seg)
	}
	p.keys = keysOf(p.segments)
	return p
}

// Of compiles a path of text segments.
func Of(segments []string) *Path {
	all := make([]any, len(segments))
	for i, s := range segments {
		all[i] = s
	}
	return New(all...)
}

// Len counts the segments.
func (p *Path) Len() int { return len(p.segments) }

// Plain reports whether the path has no globs, so that it leads to one value at most.
func (p *Path) Plain() bool { return p.plain }

// Keys gives the path as keys of nested dicts. It reports false if a segment can match something
// else, such as an index. The keys must not be changed.
func (p *Path) Keys() ([]string, bool) { return p.keys, p.keys != nil }

// keysOf gives the result of Keys, or nil if that is false.
func keysOf(segments []segment) []string {
	keys := make([]string, len(segments))
	for i, s := range segments {
		if !s.plain || s.isIndex {
			return nil
		}
		keys[i] = s.key
	}
	return keys
}

// matchKey reports whether the segment matches a key. A segment that is a number matches no key,
// and a key that is no text is not matched.
func (s *segment) matchKey(key any) bool {
	text, ok := key.(string)
	switch {
	case !s.isText || !ok:
		return false
	case s.any:
		return true
	case s.plain:
		return s.key == text
	}
	return s.pattern.MatchString(text)
}

// matchIndex reports whether the segment matches index i of a list of n.
func (s *segment) matchIndex(i, n int) bool {
	switch {
	case s.isIndex:
		return s.index == i || s.index+n == i
	case s.any:
		return true
	case s.pattern != nil:
		return s.pattern.MatchString(strconv.Itoa(i))
	}
	return false
}

// step is one step of a path that was found: a key, or an index of a list of n elements.
type step struct {
	key   any
	index int
	n     int // 0: a key
}

func (s *segment) match(at step) bool {
	if at.n > 0 {
		return s.matchIndex(at.index, at.n)
	}
	return s.matchKey(at.key)
}

// match reports whether the path matches the one found.
func (p *Path) match(at []step) bool {
	if p.deep < 0 {
		if len(at) != len(p.segments) {
			return false
		}
		for i := range at {
			if !p.segments[i].match(at[i]) {
				return false
			}
		}
		return true
	}
	after := len(p.segments) - p.deep - 1
	if len(at) < p.deep+after {
		return false
	}
	for i := range p.deep {
		if !p.segments[i].match(at[i]) {
			return false
		}
	}
	for i := range after {
		if !p.segments[p.deep+1+i].match(at[len(at)-after+i]) {
			return false
		}
	}
	return true
}

// pythonInt is Python's int() of a segment, within 64 bits.
func pythonInt(v any) (int, bool) {
	if s, ok := v.(string); ok {
		if v, ok = number.TextInt(s); !ok {
			return 0, false
		}
	}
	n, err := number.Int64(v)
	return int(n), err == nil
}

// translate translates a shell pattern to a regular expression.
func translate(glob string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(glob); {
		r, size := utf8.DecodeRuneInString(glob[i:])
		i += size
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		case '[':
			set, n := charSet(glob[i:])
			i += n
			b.WriteString(set)
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteString(`\z`)
	re, err := regexp.Compile(b.String())
	if err != nil {
		return regexp.MustCompile(`\A` + regexp.QuoteMeta(glob) + `\z`)
	}
	return re
}

// charSet translates a set in brackets, after its "[", and gives its length. Without a closing "]"
// the bracket is text.
func charSet(s string) (set string, n int) {
	body := strings.TrimPrefix(s, "!")
	negated := len(body) < len(s)
	end := -1
	if len(body) > 1 {
		end = strings.IndexByte(body[1:], ']')
	}
	if end < 0 {
		return `\[`, 0
	}
	end++
	n = len(s) - len(body) + end + 1
	var b strings.Builder
	runes := []rune(body[:end])
	for i := 0; i < len(runes); i++ {
		if i+2 < len(runes) && runes[i+1] == '-' {
			if runes[i] <= runes[i+2] {
				b.WriteString(setRune(runes[i]) + "-" + setRune(runes[i+2]))
			}
			i += 2
			continue
		}
		b.WriteString(setRune(runes[i]))
	}
	switch {
	case b.Len() == 0 && negated:
		return ".", n
	case b.Len() == 0:
		return `[^\x00-\x{10FFFF}]`, n
	case negated:
		return "[^" + b.String() + "]", n
	}
	return "[" + b.String() + "]", n
}

func setRune(r rune) string {
	if r < utf8.RuneSelf {
		return `\x{` + strconv.FormatInt(int64(r), 16) + `}`
	}
	return string(r)
}

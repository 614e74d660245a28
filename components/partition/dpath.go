package partition

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anytap/value"
)

// A pointer finds one value in a record, as Python's dpath.get does: by keys of objects and indices of lists, the negative ones
// counted from the end. A segment may be a pattern with *, ? and [set]; ** stands for any number of segments.
type pointer struct {
	segments []segment
	// globs says that a segment is a pattern, so that the whole record has to be walked.
	globs bool
	// everything stands for the empty path, which is the record itself.
	everything bool
}

type segment struct {
	text string
	// index is the segment as a list's index, where it can be one.
	index   int
	isIndex bool
}

// newPointer reads a path with slashes between its segments.
func newPointer(path string) (*pointer, error) {
	if path == "" || path == "/" {
		return &pointer{everything: true}, nil
	}
	return pointerOf(strings.Split(strings.TrimLeft(path, "/"), "/"))
}

// pointerOf takes a path's segments.
func pointerOf(path []string) (*pointer, error) {
	p := &pointer{everything: len(path) == 0}
	wild := 0
	for _, text := range path {
		s := segment{text: text}
		n, err := strconv.Atoi(strings.TrimSpace(text))
		s.index, s.isIndex = n, err == nil
		p.segments = append(p.segments, s)
		p.globs = p.globs || strings.ContainsAny(text, "*?[")
		if text == "**" {
			wild++
		}
	}
	if wild > 1 {
		return nil, fmt.Errorf("the path %q has more than one **", strings.Join(path, "/"))
	}
	return p, nil
}

var errManyValues = errors.New("the path fits more than one value")

// get finds the value; ok is false where there is none. Of a record only what lies on the way is decoded,
// unless the path has patterns.
func (p *pointer) get(v any) (found any, ok bool, err error) {
	if p.everything {
		return v, true, nil
	}
	if p.globs {
		var all []any
		p.walk(v, nil, &all)
		switch len(all) {
		case 0:
			return nil, false, nil
		case 1:
			return all[0], true, nil
		}
		return nil, false, errManyValues
	}
	for i := range p.segments {
		if v, ok = p.segments[i].in(v); !ok {
			return nil, false, nil
		}
	}
	return v, true, nil
}

// in steps into an object or a list.
func (s *segment) in(v any) (any, bool) {
	switch v := v.(type) {
	case *value.Dict:
		return v.Get(s.text)
	case *value.List:
		i := s.index
		if i < 0 {
			i += v.Len()
		}
		if !s.isIndex || i < 0 || i >= v.Len() {
			return nil, false
		}
		return v.At(i), true
	}
	return nil, false
}

// place is one step of the way to a value: a key, or an index of a list of so many elements.
type place struct {
	key    string
	index  int
	length int // of the list; -1: the step is a key
}

// walk collects every value whose way fits, but no more than two.
func (p *pointer) walk(v any, way []place, found *[]any) {
	visit := func(at place, v any) {
		if len(*found) > 1 {
			return
		}
		to := append(slices.Clone(way), at)
		if p.fits(to) {
			*found = append(*found, v)
		}
		p.walk(v, to, found)
	}
	switch v := v.(type) {
	case *value.Dict:
		for key, member := range v.All() {
			visit(place{key: key, length: -1}, member)
		}
	case *value.List:
		for i, item := range v.All() {
			visit(place{index: i, length: v.Len()}, item)
		}
	}
}

func (p *pointer) fits(way []place) bool {
	segments := p.segments
	if at := slices.IndexFunc(segments, func(s segment) bool { return s.text == "**" }); at >= 0 {
		more := len(way) - len(segments) + 1
		if more < 0 {
			return false
		}
		stretched := slices.Clone(segments[:at])
		for range more {
			stretched = append(stretched, segment{text: "*"})
		}
		segments = append(stretched, segments[at+1:]...)
	}
	if len(way) != len(segments) {
		return false
	}
	for i, at := range way {
		if !segments[i].fits(at) {
			return false
		}
	}
	return true
}

func (s *segment) fits(at place) bool {
	if at.length < 0 {
		return matchPattern(s.text, at.key)
	}
	if s.isIndex && (s.index == at.index || s.index+at.length == at.index) {
		return true
	}
	return matchPattern(s.text, strconv.Itoa(at.index))
}

// matchPattern is Python's fnmatch.fnmatchcase.
func matchPattern(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	// star and retry are where the last * stood and what it may still swallow.
	star, retry := -1, 0
	i, j := 0, 0
	for j < len(t) {
		if i < len(p) && p[i] == '*' {
			star, retry = i, j
			i++
			continue
		}
		if i < len(p) {
			if n, ok := matchOne(p[i:], t[j]); ok {
				i += n
				j++
				continue
			}
		}
		if star < 0 {
			return false
		}
		retry++
		i, j = star+1, retry
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// matchOne matches one character and tells how long its pattern is.
func matchOne(p []rune, c rune) (int, bool) {
	switch p[0] {
	case '?':
		return 1, true
	case '[':
		end := setEnd(p)
		if end < 0 {
			return 1, c == '['
		}
		return end + 1, inSet(p[1:end], c)
	}
	return 1, p[0] == c
}

// setEnd finds the bracket that closes a set; one that comes first belongs to it.
func setEnd(p []rune) int {
	i := 1
	if i < len(p) && p[i] == '!' {
		i++
	}
	if i < len(p) && p[i] == ']' {
		i++
	}
	for ; i < len(p); i++ {
		if p[i] == ']' {
			return i
		}
	}
	return -1
}

func inSet(set []rune, c rune) bool {
	in := true
	if len(set) > 0 && set[0] == '!' {
		set, in = set[1:], false
	}
	for i := 0; i < len(set); i++ {
		if i+2 < len(set) && set[i+1] == '-' {
			if set[i] <= c && c <= set[i+2] {
				return in
			}
			i += 2
			continue
		}
		if set[i] == c {
			return in
		}
	}
	return !in
}

package singer

import (
	"bytes"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// wholeState is the state of the whole tap: a target keeps only the last one, so each STATE holds all streams, also
// those that this run does not touch and whatever else the file held.
type wholeState struct {
	rest      *value.Dict // members beside bookmarks, passed on
	order     []string
	bookmarks map[string][]byte
	last      []byte
}

// readState reads a state file: the value of the last STATE message, or, as people keep it by hand, the message. {} and null mean none.
func readState(path string, v any) (*wholeState, map[string]*value.Dict, error) {
	s, given := newState(), map[string]*value.Dict{}
	if v == nil {
		return s, given, nil
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return nil, nil, tap.Errorf(tap.Config, "%s: holds a %s, expected an object with bookmarks", path, value.TypeName(v))
	}
	if inner := dict(d, "value"); inner != nil && text(d, "type") == "STATE" {
		d = inner
	}
	for name, v := range d.All() {
		if name != "bookmarks" {
			s.rest.Set(name, v)
		}
	}
	bookmarks, _ := d.Get("bookmarks")
	if bookmarks == nil {
		return s, given, nil
	}
	all, ok := bookmarks.(*value.Dict)
	if !ok {
		return nil, nil, tap.Errorf(tap.Config, "%s: bookmarks is a %s, expected an object", path, value.TypeName(bookmarks))
	}
	for name, v := range all.All() {
		bookmark, ok := v.(*value.Dict)
		if !ok && v != nil {
			return nil, nil, tap.Errorf(tap.Config, "%s: bookmarks.%s is a %s, expected an object", path, name, value.TypeName(v))
		}
		given[name] = bookmark
		s.set(name, bookmark)
	}
	return s, given, nil
}

func newState() *wholeState {
	return &wholeState{rest: value.NewDict(0), bookmarks: map[string][]byte{}}
}

// set replaces a stream's bookmark; nil: it has nothing to remember.
func (s *wholeState) set(stream string, bookmark *value.Dict) (size int) {
	if _, ok := s.bookmarks[stream]; !ok {
		s.order = append(s.order, stream)
	}
	text := []byte("{}")
	if bookmark != nil {
		text = value.Append(nil, bookmark)
	}
	s.bookmarks[stream] = text
	return len(text)
}

// append adds the STATE message, unless it would repeat the last one.
func (s *wholeState) append(b []byte) []byte {
	start := len(b)
	b = append(b, `{"type":"STATE","value":{"bookmarks":{`...)
	for i, name := range s.order {
		if i > 0 {
			b = append(b, ',')
		}
		b = value.Append(b, name)
		b = append(b, ':')
		b = append(b, s.bookmarks[name]...)
	}
	b = append(b, '}')
	for name, v := range s.rest.All() {
		b = append(b, ',')
		b = value.Append(b, name)
		b = append(b, ':')
		b = value.Append(b, v)
	}
	b = append(b, "}}\n"...)
	if bytes.Equal(b[start:], s.last) {
		return b[:start]
	}
	s.last = append(s.last[:0], b[start:]...)
	return b
}

// withoutVersion is what the sink added to a bookmark left out; nil where nothing else is there. See memberVersion.
func withoutVersion(d *value.Dict) *value.Dict {
	if d == nil || d.Len() == 0 {
		return nil
	}
	d = d.Clone()
	d.Delete(memberVersion)
	return d
}

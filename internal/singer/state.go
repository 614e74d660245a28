package singer

import (
	"bytes"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// wholeState is the state of all streams. A target keeps only the last STATE, so each of them holds
// all: also the streams that this run does not read, and whatever else the state file held.
type wholeState struct {
	rest      *value.Dict       // members beside bookmarks, which are passed on
	order     []string          // the names of bookmarks, as they came
	bookmarks map[string][]byte // their texts, by stream
	changed   bool              // since the last message
	size      int               // of the last message in bytes
}

// readState reads a state file: the value of the last STATE message or, as people keep it by hand,
// the whole message. {} and null hold no state. given are the bookmarks by stream.
func readState(path string, v any) (s *wholeState, given map[string]*value.Dict, err error) {
	s, given = newState(), map[string]*value.Dict{}
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
	return &wholeState{rest: value.NewDict(0), bookmarks: map[string][]byte{}, changed: true}
}

// set replaces the bookmark of a stream; nil: there is nothing to remember.
func (s *wholeState) set(stream string, bookmark *value.Dict) {
	had, known := s.bookmarks[stream]
	if !known {
		s.order = append(s.order, stream)
	}
	text := []byte("{}")
	if bookmark != nil {
		text = value.Append(make([]byte, 0, len(had)), bookmark)
	}
	if !known || !bytes.Equal(text, had) {
		s.bookmarks[stream], s.changed = text, true
	}
}

// append appends the STATE message, unless it would repeat the last one.
func (s *wholeState) append(b []byte) []byte {
	if !s.changed {
		return b
	}
	s.changed = false
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
	s.size = len(b) - start
	return b
}

// withoutVersion is a bookmark without what the sink added to it (see memberVersion); nil for an
// empty one.
func withoutVersion(d *value.Dict) *value.Dict {
	if d == nil || d.Len() == 0 {
		return nil
	}
	d = d.Clone()
	d.Delete(memberVersion)
	return d
}

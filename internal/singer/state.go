package singer

import (
	"bytes"

	"anytap/internal/statefile"
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

// readState reads a state file; see statefile.Singer. given are the bookmarks by stream.
func readState(path string, v any) (s *wholeState, given map[string]*value.Dict, err error) {
	whole, bookmarks, err := statefile.Singer(path, v)
	if err != nil {
		return nil, nil, err
	}
	s, given = newState(), map[string]*value.Dict{}
	if whole == nil {
		return s, given, nil
	}
	for name, v := range whole.All() {
		if name != "bookmarks" {
			s.rest.Set(name, v)
		}
	}
	for _, b := range bookmarks {
		given[b.Stream] = b.State
		s.set(b.Stream, b.State)
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

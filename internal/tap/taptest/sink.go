package taptest

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// SinkCase is a protocol's sink, for TestSink.
type SinkCase struct {
	// New makes a sink that writes lines to out and knows the streams.
	New func(out io.Writer, streams ...*tap.Stream) tap.Sink
	// Read says what a line of its output means. Lines that are neither a record nor a state give
	// the zero Line.
	Read func(line *value.Dict) Line
}

// Line is what a line of a sink's output means.
type Line struct {
	Stream string      // that of a record
	Record *value.Dict // its data; nil: the line is no record
	// Bookmarks are those that a state holds, by stream; nil: the line is no state.
	Bookmarks map[string]*value.Dict
}

// TestSink tests what tap.Sink promises, whatever the protocol is.
func TestSink(t *testing.T, c SinkCase) {
	for name, test := range map[string]func(*testing.T, SinkCase){
		"a checkpoint stands behind its records and is flushed": checkpointFlushes,
		"records are encoded before their memory is used again": keepsNoRecord,
		"a bookmark that changed nothing is not repeated":       repeatsNoBookmark,
		"streams are told apart":                                tellsStreamsApart,
		"a stream that ended may have failed":                   endsStreams,
		"an output that fails is an error from then on":         failsWithItsOutput,
	} {
		t.Run(name, func(t *testing.T) { test(t, c) })
	}
}

// recorder keeps a sink's output.
type recorder struct {
	SinkCase
	tap.Sink
	t   *testing.T
	out bytes.Buffer
}

func (c SinkCase) start(t *testing.T, streams ...*tap.Stream) *recorder {
	t.Helper()
	r := &recorder{SinkCase: c, t: t}
	r.Sink = c.New(&r.out, streams...)
	for _, s := range streams {
		r.must(r.Begin(s))
	}
	return r
}

func (r *recorder) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// checkpoint writes a bookmark, whose size it checks.
func (r *recorder) checkpoint(s *tap.Stream, b *state.Bookmark) {
	r.t.Helper()
	size, err := r.Checkpoint(s, b)
	r.must(err)
	if least := len(value.Append(nil, b.Dict())); size < least {
		r.t.Errorf("the checkpoint has %d bytes, and its bookmark %d", size, least)
	}
}

// said is what came out so far, records as "stream data" and states as "stream: bookmark", each
// state only for the stream given.
func (r *recorder) said(stream string) []string {
	r.t.Helper()
	if n := r.out.Len(); n > 0 && r.out.Bytes()[n-1] != '\n' {
		r.t.Fatalf("the output ends inside a line: %s", r.out.String())
	}
	var said []string
	for text := range strings.Lines(r.out.String()) {
		v, err := value.Decode([]byte(text))
		if err != nil {
			r.t.Fatalf("%v in %s", err, text)
		}
		line := r.Read(v.(*value.Dict))
		if line.Record != nil {
			said = append(said, line.Stream+" "+string(value.Append(nil, line.Record)))
		}
		if b := line.Bookmarks[stream]; b != nil {
			said = append(said, stream+": "+string(value.Append(nil, b)))
		}
	}
	return said
}

func (r *recorder) want(stream string, want ...string) {
	r.t.Helper()
	if said := r.said(stream); !slices.Equal(said, want) {
		r.t.Errorf("the output says %q, want %q", said, want)
	}
}

func record(text string) tap.Record { return tap.Record{Data: value.LazyDict([]byte(text))} }

// cursorAt is a bookmark of a cursor alone.
func cursorAt(s *tap.Stream, at string) *state.Bookmark {
	return &state.Bookmark{Source: "test", Stream: s.Name, Cursor: value.DictOf("at", at)}
}

func checkpointFlushes(t *testing.T, c SinkCase) {
	s := &tap.Stream{Name: "items"}
	r := c.start(t, s)
	r.must(r.Records(s, []tap.Record{record(`{"id":1,"text":"é\n"}`), record(`{"id":2}`)}))
	r.checkpoint(s, cursorAt(s, "a"))
	r.must(r.Records(s, []tap.Record{record(`{"id":3}`)}))
	r.checkpoint(s, cursorAt(s, "b"))
	r.want("items", `items {"id":1,"text":"é\n"}`, `items {"id":2}`, `items: {"at":"a"}`, `items {"id":3}`, `items: {"at":"b"}`)
}

func keepsNoRecord(t *testing.T, c SinkCase) {
	s := &tap.Stream{Name: "items"}
	r := c.start(t, s)
	raw := []byte(`{"id":1}`)
	records := []tap.Record{{Data: value.LazyDict(raw)}}
	r.must(r.Records(s, records))
	copy(raw, `{"id":2}`)
	records[0] = record(`{"id":3}`)
	r.checkpoint(s, cursorAt(s, "a"))
	r.want("items", `items {"id":1}`, `items: {"at":"a"}`)
}

func repeatsNoBookmark(t *testing.T, c SinkCase) {
	s := &tap.Stream{Name: "items"}
	r := c.start(t, s)
	for _, at := range []string{"a", "a", "b", "a"} {
		r.checkpoint(s, cursorAt(s, at))
	}
	r.want("items", `items: {"at":"a"}`, `items: {"at":"b"}`, `items: {"at":"a"}`)
}

func tellsStreamsApart(t *testing.T, c SinkCase) {
	a, b := &tap.Stream{Name: "a"}, &tap.Stream{Name: "b"}
	r := c.start(t, a, b)
	r.must(r.Records(a, []tap.Record{record(`{"id":1}`)}))
	r.must(r.Records(b, []tap.Record{record(`{"id":2}`)}))
	r.checkpoint(b, cursorAt(b, "x"))
	r.must(r.Records(a, []tap.Record{record(`{"id":3}`)}))
	r.must(r.End(b, nil))
	r.checkpoint(a, cursorAt(a, "y"))
	r.want("a", `a {"id":1}`, `b {"id":2}`, `a {"id":3}`, `a: {"at":"y"}`)
}

func endsStreams(t *testing.T, c SinkCase) {
	fine, failed := &tap.Stream{Name: "fine"}, &tap.Stream{Name: "failed"}
	r := c.start(t, fine, failed)
	r.must(r.End(failed, tap.Errorf(tap.Transient, "page 2: the list broke")))
	r.must(r.Records(fine, []tap.Record{record(`{"id":1}`)}))
	r.checkpoint(fine, cursorAt(fine, "a"))
	r.must(r.End(fine, nil))
	r.want("fine", `fine {"id":1}`, `fine: {"at":"a"}`)
}

// failing is an output that fails once it is closed.
type failing struct{ closed bool }

func (f *failing) Write(b []byte) (int, error) {
	if f.closed {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

func failsWithItsOutput(t *testing.T, c SinkCase) {
	s, out := &tap.Stream{Name: "items"}, &failing{}
	k := c.New(out, s)
	if err := k.Begin(s); err != nil {
		t.Fatal(err)
	}
	out.closed = true
	_ = k.Records(s, []tap.Record{record(`{"id":1}`)}) // may be buffered
	if _, err := k.Checkpoint(s, cursorAt(s, "a")); err == nil {
		t.Error("a checkpoint that could not be written gave no error")
	}
	out.closed = false
	if _, err := k.Checkpoint(s, cursorAt(s, "b")); err == nil {
		t.Error("a checkpoint after lost records gave no error")
	}
}

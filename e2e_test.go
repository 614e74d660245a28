package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"anytap/sampleapi"
	"anytap/value"
)

// sample is a running sample server and a configuration for one of its systems.
type sample struct {
	server *sampleapi.Running
	system sampleapi.System
	config map[string]any
}

func startSample(t *testing.T, system sampleapi.System, o sampleapi.Options, settings map[string]any) *sample {
	t.Helper()
	server, err := sampleapi.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	var config map[string]any
	text := value.Append(nil, sampleConfig(server, system, o.Businesses))
	if err := json.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	maps.Copy(config, settings)
	return &sample{server, system, config}
}

func (s *sample) file(t *testing.T) string {
	t.Helper()
	return writeJSON(t, "config.json", s.config)
}

func writeJSON(t *testing.T, name string, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// outputLine is one line of either protocol, as far as these tests look.
type outputLine struct {
	Type   string
	Stream string
	Record json.RawMessage
	State  *struct {
		Stream struct {
			Descriptor struct{ Name string } `json:"stream_descriptor"`
			State      json.RawMessage       `json:"stream_state"`
		}
	}
	Value json.RawMessage
	Trace json.RawMessage
}

// recordOf gives a RECORD's stream and data.
func (m *outputLine) recordOf(t *testing.T) (stream string, data json.RawMessage) {
	t.Helper()
	if m.Stream != "" {
		return m.Stream, m.Record
	}
	var r struct {
		Stream string
		Data   json.RawMessage
	}
	if err := json.Unmarshal(m.Record, &r); err != nil {
		t.Fatal(err)
	}
	return r.Stream, r.Data
}

func parseLines(t *testing.T, out []byte) []outputLine {
	t.Helper()
	var all []outputLine
	for line := range bytes.Lines(out) {
		var m outputLine
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatalf("line %q is no message: %v", line, err)
		}
		all = append(all, m)
	}
	return all
}

// ids lists each record's identity: its stream and primary key, in the order of the lines.
func ids(t *testing.T, lines []outputLine) []string {
	t.Helper()
	var all []string
	for i := range lines {
		if lines[i].Type != "RECORD" {
			continue
		}
		stream, data := lines[i].recordOf(t)
		var key struct {
			ID json.RawMessage `json:"id"`
		}
		if err := json.Unmarshal(data, &key); err != nil {
			t.Fatal(err)
		}
		all = append(all, stream+" "+string(key.ID))
	}
	return all
}

// duplicates gives what occurs more than once.
func duplicates(all []string) []string {
	seen := map[string]int{}
	var twice []string
	for _, id := range all {
		if seen[id]++; seen[id] == 2 {
			twice = append(twice, id)
		}
	}
	return twice
}

func TestDemoPrintsEveryRecordOnce(t *testing.T) {
	want := map[string]int{"users": 10, "posts": 100, "comments": 500, "albums": 100, "photos": 5000, "todos": 200, "reviews": 26203, "conversations": 511}
	for _, protocol := range []string{"airbyte", "singer"} {
		t.Run(protocol, func(t *testing.T) {
			var out, summary bytes.Buffer
			if code := run(t.Context(), []string{"demo", "--protocol", protocol}, &out, &summary); code != 0 {
				t.Fatalf("exit code %d\n%s", code, summary.String())
			}
			got := map[string]int{}
			for _, id := range ids(t, parseLines(t, out.Bytes())) {
				stream, _, _ := strings.Cut(id, " ")
				got[stream]++
			}
			for stream, n := range want {
				if stream == "users" { // both JSONPlaceholder and Help Scout have users
					continue
				}
				if got[stream] != n {
					t.Errorf("%d records of %s, want %d", got[stream], stream, n)
				}
			}
			if !strings.Contains(summary.String(), "conversation_threads") {
				t.Errorf("the summary lacks a stream:\n%s", summary.String())
			}
		})
	}
}

// cutOutput takes k lines and then is gone, as the stdout of a process that was killed.
type cutOutput struct {
	bytes.Buffer
	left int
}

func (c *cutOutput) Write(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, io.ErrClosedPipe
	}
	for line := range bytes.Lines(b) {
		if c.left--; c.left < 0 {
			return 0, io.ErrClosedPipe
		}
		c.Buffer.Write(line)
	}
	return len(b), nil
}

// resumeCase is one system in one of its ways of paging.
type resumeCase struct {
	system   sampleapi.System
	stream   string
	settings map[string]any
	options  sampleapi.Options
}

func resumeCases() map[string]resumeCase {
	few := sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-0", Reviews: 0}, {ID: "b-1", Reviews: 3}, {ID: "b-2", Reviews: 25}, {ID: "b-3", Reviews: 31}}}
	reviews := func(pagination string) map[string]any {
		return map[string]any{"pagination": pagination, "limit": 10, "checkpoint_records": 4, "concurrency": 2}
	}
	posts := func(pagination string) map[string]any {
		return map[string]any{"pagination": pagination, "page_size": 7, "checkpoint_records": 3}
	}
	return map[string]resumeCase{
		"jsonplaceholder page":   {sampleapi.JSONPlaceholder, "posts", posts("page"), sampleapi.Options{}},
		"jsonplaceholder offset": {sampleapi.JSONPlaceholder, "posts", posts("offset"), sampleapi.Options{}},
		"jsonplaceholder cursor": {sampleapi.JSONPlaceholder, "posts", posts("cursor"), sampleapi.Options{}},
		"helpscout page":         {sampleapi.HelpScout, "conversations", map[string]any{"status": "pending", "checkpoint_records": 10}, sampleapi.Options{}},
		"helpscout child":        {sampleapi.HelpScout, "conversation_threads", map[string]any{"status": "spam", "concurrency": 2}, sampleapi.Options{}},
		"pullbay standard":       {sampleapi.Pullbay, "reviews", reviews("standard"), few},
		"pullbay managed":        {sampleapi.Pullbay, "reviews", reviews("managed"), few},
	}
}

// TestResumeAfterAnyLine kills a read after each of its lines, goes on from the last STATE that came out, and wants the
// union complete and nothing repeated that came before that STATE.
func TestResumeAfterAnyLine(t *testing.T) {
	for name, c := range resumeCases() {
		for _, protocol := range []string{"airbyte", "singer"} {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := startSample(t, c.system, c.options, c.settings)
				r := &resumer{t: t, protocol: protocol, stream: c.stream, config: s.file(t)}
				r.catalog = r.catalogFile()
				whole := r.read(1<<30, "")
				if twice := duplicates(ids(t, whole)); len(twice) > 0 {
					t.Fatalf("a whole read gives %d records twice, for example %s", len(twice), twice[0])
				}
				want := slices.Sorted(slices.Values(ids(t, whole)))
				if len(want) < 20 {
					t.Fatalf("only %d records to read", len(want))
				}
				for k := 1; k < len(whole)-2; k++ { // once the last state is out the read is complete
					r.check(k, want)
				}
			})
		}
	}
}

// resumer reads one stream with one protocol.
type resumer struct {
	t        *testing.T
	protocol string
	stream   string
	config   string
	catalog  string
}

func (r *resumer) catalogFile() string {
	if r.protocol == "singer" {
		return writeJSON(r.t, "catalog.json", map[string]any{"streams": []any{map[string]any{
			"tap_stream_id": r.stream, "stream": r.stream, "metadata": []any{map[string]any{"breadcrumb": []any{}, "metadata": map[string]any{"selected": true}}},
		}}})
	}
	return writeJSON(r.t, "catalog.json", map[string]any{"streams": []any{map[string]any{
		"stream": map[string]any{"name": r.stream}, "sync_mode": "incremental", "destination_sync_mode": "append",
	}}})
}

// read gives the first k lines of a read from a state.
func (r *resumer) read(k int, state string) []outputLine {
	r.t.Helper()
	args := []string{"--config", r.config, "--catalog", r.catalog}
	if r.protocol == "airbyte" {
		args = append([]string{"read"}, args...)
	}
	if state != "" {
		args = append(args, "--state", state)
	}
	out, logs := &cutOutput{left: k}, &bytes.Buffer{}
	if code := run(r.t.Context(), args, out, logs); code != 0 && k > 1<<29 {
		r.t.Fatalf("exit code %d\n%s%s", code, logs.String(), out.String())
	}
	return parseLines(r.t, out.Bytes())
}

func (r *resumer) check(k int, want []string) {
	r.t.Helper()
	first := r.read(k, "")
	covered, state := r.lastState(first)
	second := ids(r.t, r.read(1<<30, state))
	before := ids(r.t, first[:covered])
	union := map[string]bool{}
	for _, id := range slices.Concat(ids(r.t, first), second) {
		union[id] = true
	}
	if got := slices.Sorted(maps.Keys(union)); !slices.Equal(got, want) {
		r.t.Fatalf("killed after line %d: the union has %d of %d records", k, len(got), len(want))
	}
	if again := duplicates(slices.Concat(before, second)); len(again) > 0 {
		r.t.Fatalf("killed after line %d: %d records before the state came again, for example %s", k, len(again), again[0])
	}
}

func (r *resumer) lastState(lines []outputLine) (covered int, path string) {
	for i := range lines {
		if lines[i].Type != "STATE" {
			continue
		}
		covered = i
		if r.protocol == "singer" {
			path = writeJSON(r.t, "state.json", lines[i].Value)
			continue
		}
		path = writeJSON(r.t, "state.json", []any{map[string]any{"type": "STREAM", "stream": map[string]any{
			"stream_descriptor": map[string]any{"name": lines[i].State.Stream.Descriptor.Name}, "stream_state": lines[i].State.Stream.State,
		}}})
	}
	return covered, path
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"anytap/sampleapi"
	"anytap/value"
)

// protocols are the two ways to say everything.
var protocols = []string{"airbyte", "singer"}

// sample is a running sample server and a configuration for one of its systems.
type sample struct {
	server *sampleapi.Running
	system sampleapi.System
	config map[string]any
}

func startSample(t testing.TB, system sampleapi.System, o sampleapi.Options, settings map[string]any) *sample {
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

// with is the sample with other settings; nil takes one away.
func (s *sample) with(settings map[string]any) *sample {
	other := *s
	other.config = maps.Clone(s.config)
	maps.Copy(other.config, settings)
	maps.DeleteFunc(other.config, func(_ string, v any) bool { return v == nil })
	return &other
}

func (s *sample) file(t testing.TB) string {
	t.Helper()
	return writeJSON(t, "config.json", s.config)
}

func writeJSON(t testing.TB, name string, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return writeText(t, name, string(data))
}

func writeText(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// outcome is what one call of the program did.
type outcome struct {
	code      int
	out, logs []byte // stdout, stderr
	lines     []outputLine
}

// invoke calls the program in this process. The lines of stdout are taken apart if they are a read's.
func invoke(t testing.TB, args ...string) outcome {
	t.Helper()
	var out, logs bytes.Buffer
	code := run(t.Context(), append([]string{}, args...), &out, &logs) // nil would stand for the test's own arguments
	return outcome{code: code, out: out.Bytes(), logs: logs.Bytes()}
}

// selection says which streams a read is given, and how.
type selection struct {
	streams     []string // none: no catalog, every stream
	fullRefresh bool
	state       string // path; empty: none
}

// read reads streams of the sample. Its stdout must be messages.
func (s *sample) read(t testing.TB, protocol string, sel selection) outcome {
	t.Helper()
	o := invoke(t, readArgs(t, protocol, s.file(t), sel)...)
	o.lines = parseLines(t, o.out)
	return o
}

func readArgs(t testing.TB, protocol, config string, sel selection) []string {
	t.Helper()
	args := []string{"--config", config}
	if protocol == "airbyte" {
		args = append([]string{"read"}, args...)
	}
	if len(sel.streams) > 0 {
		args = append(args, "--catalog", catalogFile(t, protocol, sel))
	}
	if sel.state != "" {
		args = append(args, "--state", sel.state)
	}
	return args
}

// catalogFile writes the catalog of a protocol that selects the streams.
func catalogFile(t testing.TB, protocol string, sel selection) string {
	t.Helper()
	var entries []any
	for _, name := range sel.streams {
		if protocol == "singer" {
			metadata := map[string]any{"selected": true}
			if sel.fullRefresh {
				metadata["replication-method"] = "FULL_TABLE"
			}
			entries = append(entries, map[string]any{"tap_stream_id": name, "stream": name,
				"metadata": []any{map[string]any{"breadcrumb": []any{}, "metadata": metadata}}})
			continue
		}
		mode := "incremental"
		if sel.fullRefresh {
			mode = "full_refresh"
		}
		entries = append(entries, map[string]any{"stream": map[string]any{"name": name}, "sync_mode": mode, "destination_sync_mode": "append"})
	}
	return writeJSON(t, "catalog.json", map[string]any{"streams": entries})
}

// mustSucceed fails the test unless the exit code is 0.
func (o outcome) mustSucceed(t testing.TB) outcome {
	t.Helper()
	if o.code != 0 {
		t.Fatalf("exit code %d, want 0\n%s", o.code, o.talk())
	}
	return o
}

// talk is all that the program said beside records and schemas, for people.
func (o outcome) talk() string {
	var b strings.Builder
	for line := range bytes.Lines(o.out) {
		if !bytes.HasPrefix(line, []byte(`{"type":"RECORD"`)) && !bytes.HasPrefix(line, []byte(`{"type":"SCHEMA"`)) {
			b.Write(line)
		}
	}
	b.Write(o.logs)
	return b.String()
}

// mustSay fails the test unless the program said each of the texts.
func (o outcome) mustSay(t testing.TB, texts ...string) {
	t.Helper()
	talk := strings.ReplaceAll(o.talk(), `\"`, `"`) // as within a JSON text
	for _, text := range texts {
		if !strings.Contains(talk, text) {
			t.Errorf("nothing was said of %q:\n%s", text, talk)
		}
	}
}

// warnings counts the lines of level WARN.
func (o outcome) warnings() int {
	return bytes.Count(o.out, []byte(`"level":"WARN"`)) + bytes.Count(o.logs, []byte("WARNING "))
}

// outputLine is one line of either protocol, as far as these tests look.
type outputLine struct {
	Type   string
	Stream string          // of a RECORD
	Record json.RawMessage // its data, as they came out
	id     string          // its identity
	State  *struct {
		Stream struct {
			Descriptor struct{ Name string } `json:"stream_descriptor"`
			State      json.RawMessage       `json:"stream_state"`
		}
		SourceStats struct{ RecordCount float64 }
	}
	Value json.RawMessage
	Trace *struct {
		Type   string
		Error  *struct{ Message string }
		Status *struct {
			Descriptor struct{ Name string } `json:"stream_descriptor"`
			Status     string
		} `json:"stream_status"`
	}
}

func parseLines(t testing.TB, out []byte) []outputLine {
	t.Helper()
	all := make([]outputLine, 0, bytes.Count(out, []byte("\n")))
	for line := range bytes.Lines(out) {
		if bytes.HasPrefix(line, []byte(`{"type":"RECORD",`)) {
			all = append(all, parseRecord(t, line))
			continue
		}
		var m outputLine
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatalf("line %q is no message: %v", line, err)
		}
		all = append(all, m)
	}
	return all
}

// parseRecord takes a RECORD line apart. Nearly all lines are such, and encoding/json takes longer over them than the program.
func parseRecord(t testing.TB, line []byte) outputLine {
	t.Helper()
	message, err := value.Decode(line)
	if err != nil {
		t.Fatalf("line %q is no message: %v", line, err)
	}
	stream, singer := value.At(message, "stream")
	data, _ := value.At(message, "record")
	if !singer {
		stream, _ = value.At(message, "record", "stream")
		data, _ = value.At(message, "record", "data")
	}
	fields, isObject := data.(*value.Dict)
	name, isText := stream.(string)
	if !isObject || !isText {
		t.Fatalf("line %q is no record", line)
	}
	raw, _ := fields.Untouched()
	field := func(name string) string {
		v, ok := fields.Get(name)
		if !ok {
			return noField
		}
		return value.Str(v)
	}
	partition := ""
	if of, ok := partitionFields[name]; ok {
		partition = field(of)
	}
	return outputLine{Type: "RECORD", Stream: name, Record: raw, id: identity(name, partition, field("id"))}
}

// partitionFields are what the built-in manifests add to the records of streams with partitions.
var partitionFields = map[string]string{"reviews": "business_id", "conversation_threads": "conversation_id"}

// noField stands for what a record lacks: its id, or its partition where the source rest read it.
const noField = "<nil>"

// identity names a record within a system: stream, partition and id.
func identity(stream, partition, id string) string { return stream + " " + partition + "/" + id }

// content is a record's text as the API gave it, without the field that a manifest added.
func (m *outputLine) content(t testing.TB) string {
	t.Helper()
	_, partition, _ := strings.Cut(m.id[:strings.LastIndex(m.id, "/")], " ")
	field, ok := partitionFields[m.Stream]
	if !ok || partition == noField {
		return string(m.Record)
	}
	for _, v := range []string{partition, strconv.Quote(partition)} { // it was added as the last one
		if whole, ok := strings.CutSuffix(string(m.Record), fmt.Sprintf(`,"%s":%s}`, field, v)); ok {
			return whole + "}"
		}
	}
	t.Fatalf("%s does not end in its %s: %s", m.id, field, m.Record)
	return ""
}

// ids lists each record's identity, in the order of the lines.
func ids(t testing.TB, lines []outputLine) []string {
	t.Helper()
	return slices.DeleteFunc(idsByLine(t, lines), func(id string) bool { return id == "" })
}

// idsByLine gives each line the identity of its record, empty for other lines.
func idsByLine(t testing.TB, lines []outputLine) []string {
	t.Helper()
	all := make([]string, len(lines))
	for i := range lines {
		all[i] = lines[i].id
	}
	return all
}

// decodeObject keeps numbers as they are written.
func decodeObject(t testing.TB, data []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil {
		t.Fatalf("%s is no object: %v", data, err)
	}
	return fields
}

// encode writes JSON with sorted keys.
func encode(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// compact takes the white space out of JSON and leaves all else as it is.
func compact(t testing.TB, data []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// truth is what complete reads of streams must give: identity to content, with every number and null as the API writes it.
func truth(t testing.TB, server *sampleapi.Server, system sampleapi.System, streams ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, stream := range streams {
		name := strings.TrimSuffix(stream, "_managed")
		for r := range server.Truth(system, stream) {
			partition := ""
			if partitionFields[name] != "" {
				partition = r.Partition
			}
			all[identity(name, partition, r.ID)] = compact(t, r.JSON)
		}
	}
	return all
}

// mustHave fails the test unless the lines hold each record of want exactly once, with its content.
func mustHave(t testing.TB, lines []outputLine, want map[string]string) {
	t.Helper()
	byLine := idsByLine(t, lines)
	got := slices.DeleteFunc(slices.Clone(byLine), func(id string) bool { return id == "" })
	if twice := duplicates(got); len(twice) > 0 {
		t.Errorf("%d records came twice, for example %s", len(twice), twice[0])
	}
	seen := make(map[string]bool, len(got))
	for i, id := range byLine {
		if id == "" {
			continue
		}
		seen[id] = true
		content, ok := want[id]
		if !ok {
			t.Fatalf("%s is no record of the API", id)
		}
		if got := lines[i].content(t); got != content {
			t.Fatalf("%s is\n%s\nwant\n%s", id, got, content)
		}
	}
	if len(seen) != len(want) {
		missing := slices.Sorted(maps.Keys(want))
		missing = slices.DeleteFunc(missing, func(id string) bool { return seen[id] })
		t.Fatalf("%d of %d records, for example %s is missing", len(seen), len(want), missing[0])
	}
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

// lastState writes what a client would keep of the lines as the next run's state file; empty: they hold no state. covered is the
// number of lines before it.
func lastState(t testing.TB, protocol string, lines []outputLine) (covered int, path string) {
	t.Helper()
	streams := map[string]json.RawMessage{}
	var whole json.RawMessage
	for i := range lines {
		if lines[i].Type != "STATE" {
			continue
		}
		covered = i
		if protocol == "singer" {
			whole = lines[i].Value
			continue
		}
		s := lines[i].State.Stream
		streams[s.Descriptor.Name] = s.State
	}
	switch {
	case whole != nil:
		return covered, writeText(t, "state.json", string(whole))
	case len(streams) == 0:
		return 0, ""
	}
	var list []any
	for _, name := range slices.Sorted(maps.Keys(streams)) {
		list = append(list, map[string]any{"type": "STREAM", "stream": map[string]any{
			"stream_descriptor": map[string]any{"name": name}, "stream_state": streams[name],
		}})
	}
	return covered, writeJSON(t, "state.json", list)
}

// state is the state file that a client would keep after the read.
func (o outcome) state(t testing.TB, protocol string) string {
	t.Helper()
	_, path := lastState(t, protocol, o.lines)
	if path == "" {
		t.Fatalf("no state was written:\n%s", o.talk())
	}
	return path
}

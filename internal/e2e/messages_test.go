package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"anytap/internal/sampleapi"
	"anytap/internal/value"
)

// outputLine is what these tests read of a line of either protocol.
type outputLine struct {
	Type   string
	Stream string          // of a RECORD
	Record json.RawMessage // its data, as printed
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

// parseRecord takes a RECORD line apart. Nearly all lines are records, and encoding/json would take
// longer for them than the program.
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

// noField stands for what a record lacks: its id, or its partition when the source "rest" has read
// it.
const noField = "<nil>"

// identity names a record within a system: stream, partition and id.
func identity(stream, partition, id string) string { return stream + " " + partition + "/" + id }

// content is a record's text as the API sent it, without the field that a manifest added.
func (m *outputLine) content(t testing.TB) string {
	t.Helper()
	_, partition, _ := strings.Cut(m.id[:strings.LastIndex(m.id, "/")], " ")
	field, ok := partitionFields[m.Stream]
	if !ok || partition == noField {
		return string(m.Record)
	}
	for _, v := range []string{partition, strconv.Quote(partition)} { // it was added last
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

// idsByLine gives the identity of each line's record; "" for other lines.
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

// compact removes the white space of a JSON text and leaves the rest as it is.
func compact(t testing.TB, data []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// truth is what complete reads of streams must give: contents by identity, with every number and
// null as the API writes it.
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

// duplicates gives the identities that occur more than once.
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

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"anytap/internal/cli"
	"anytap/internal/golden"
	"anytap/internal/sampleapi"
	"anytap/internal/value"
)

// protocols are the two that the program speaks.
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
	text := value.Append(nil, cli.SampleConfig(server, system, o.Businesses))
	if err := json.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	maps.Copy(config, settings)
	return &sample{server, system, config}
}

// with gives the sample with other settings. The value nil removes one.
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
	return golden.TempFile(t, name, string(data))
}

// outcome is what one call of the program did.
type outcome struct {
	code      int
	out, logs []byte // stdout, stderr
	lines     []outputLine
}

// invoke calls the program in this process.
func invoke(t testing.TB, args ...string) outcome {
	t.Helper()
	var out, logs bytes.Buffer
	code := program.Run(t.Context(), append([]string{}, args...), &out, &logs) // nil would mean the arguments of the test
	return outcome{code: code, out: out.Bytes(), logs: logs.Bytes()}
}

// selection says which streams a read is given, and from which state.
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

// talk is all that the program printed except records and schemas.
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

// mustSay fails the test unless the program printed each of the texts.
func (o outcome) mustSay(t testing.TB, texts ...string) {
	t.Helper()
	talk := strings.ReplaceAll(o.talk(), `\"`, `"`) // logs may stand in JSON
	for _, text := range texts {
		if !strings.Contains(talk, text) {
			t.Errorf("%q was not printed:\n%s", text, talk)
		}
	}
}

// warnings counts the lines of level WARN.
func (o outcome) warnings() int {
	return bytes.Count(o.out, []byte(`"level":"WARN"`)) + bytes.Count(o.logs, []byte("WARNING "))
}

// lastState writes the state file that a client would keep of the lines, and gives its path, or ""
// when they hold no state. covered is the number of lines before the last state.
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
		return covered, golden.TempFile(t, "state.json", string(whole))
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

// state writes the state file that a client would keep after the read.
func (o outcome) state(t testing.TB, protocol string) string {
	t.Helper()
	_, path := lastState(t, protocol, o.lines)
	if path == "" {
		t.Fatalf("no state was written:\n%s", o.talk())
	}
	return path
}

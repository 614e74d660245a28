package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/cli"
	"anytap/internal/frontend"
	"anytap/internal/sampleapi"
)

// notRead are lists of the sample Help Scout that are no streams, and the reviews in the form of
// another endpoint.
var notRead = []string{"teams", "workflows", "reviews_managed"}

// demoTruth is every record of the sample APIs' streams.
func demoTruth(t *testing.T) map[string]string {
	t.Helper()
	server := sampleapi.New(sampleapi.Options{Businesses: cli.DemoBusinesses})
	all := map[string]string{}
	for _, system := range sampleapi.Systems() {
		streams := slices.DeleteFunc(server.Streams(system), func(s string) bool { return slices.Contains(notRead, s) })
		of := truth(t, server, system, streams...)
		for id := range of {
			if _, ok := all[id]; ok {
				t.Fatalf("two systems have a record %s", id)
			}
		}
		maps.Copy(all, of)
	}
	return all
}

func TestDemoPrintsEveryRecordOnce(t *testing.T) {
	t.Parallel()
	want := demoTruth(t)
	if counts := countByStream(slices.Collect(maps.Keys(want))); counts["photos"] != 5000 || counts["conversations"] != 511 || counts["reviews"] != 26203 {
		t.Fatalf("the sample APIs have other counts than is said of them: %v", counts)
	}
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			o := invoke(t, "demo", "--protocol", protocol).mustSucceed(t)
			o.lines = parseLines(t, o.out)
			mustHave(t, o.lines, want)
			checkSummary(t, string(o.logs), o.lines)
			if o.warnings() > 0 {
				t.Errorf("a read without trouble warned:\n%s", o.talk())
			}
		})
	}
}

func countByStream(ids []string) map[string]int {
	counts := map[string]int{}
	for _, id := range ids {
		stream, _, _ := strings.Cut(id, " ")
		counts[stream]++
	}
	return counts
}

// checkSummary compares the table on stderr with the records.
func checkSummary(t *testing.T, summary string, lines []outputLine) {
	t.Helper()
	row := regexp.MustCompile(`(?m)^ *(\w+)/(\w+) +(\d+) +(\d+) .* complete$`)
	got := map[string]int{}
	for _, m := range row.FindAllStringSubmatch(summary, -1) {
		var n, requests int
		if _, err := fmt.Sscan(m[3], &n); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(m[4], &requests); err != nil || requests == 0 {
			t.Errorf("no requests are counted for %s %s", m[1], m[2])
		}
		got[m[2]] += n
	}
	if want := countByStream(ids(t, lines)); !maps.Equal(got, want) {
		t.Errorf("the summary counts %v, the messages %v\n%s", got, want, summary)
	}
}

// TestDemoRecordsFitTheirSchemas validates records as strict Singer targets do: each stream's
// schema must come first.
func TestDemoRecordsFitTheirSchemas(t *testing.T) {
	t.Parallel()
	o := invoke(t, "demo", "--protocol", "singer").mustSucceed(t)
	schemas := map[string]*jsonschema.Schema{}
	checked := map[string]int{}
	for line := range bytes.Lines(o.out) {
		var m struct {
			Type, Stream   string
			Schema, Record json.RawMessage
			Keys           []string `json:"key_properties"`
		}
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatal(err)
		}
		switch m.Type {
		case "SCHEMA":
			compiled, err := jsonschema.CompileString(m.Stream, string(m.Schema))
			if err != nil {
				t.Fatal(err)
			}
			schemas[m.Stream] = compiled
			if len(m.Keys) == 0 {
				t.Errorf("stream %s has no key", m.Stream)
			}
		case "RECORD":
			if checked[m.Stream]++; checked[m.Stream] > 300 {
				continue
			}
			if schemas[m.Stream] == nil {
				t.Fatalf("a record of %s came before its schema", m.Stream)
			}
			if err := schemas[m.Stream].Validate(decodeAny(t, m.Record)); err != nil {
				t.Fatalf("%s: %v\n%s", m.Stream, err, m.Record)
			}
			if unknown := unknownFields(t, m.Record, schemas[m.Stream]); len(unknown) > 0 {
				t.Errorf("%s: the schema lacks %v", m.Stream, unknown)
				checked[m.Stream] = 1 << 20 // reported once
			}
		}
	}
	if len(checked) != 12 { // two systems have a stream users
		t.Errorf("records of %d streams, want 12: %v", len(checked), checked)
	}
}

func decodeAny(t *testing.T, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func unknownFields(t *testing.T, record []byte, s *jsonschema.Schema) []string {
	t.Helper()
	var unknown []string
	for name := range decodeObject(t, record) {
		if s.Properties[name] == nil {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

func TestDemoReadsTheStreamsThatAreNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want map[string]int
	}{
		"stream":              {[]string{"posts"}, map[string]int{"posts": 100}},
		"stream of a system":  {[]string{"helpscout/users"}, map[string]int{"users": 12}},
		"streams":             {[]string{"tags", "todos"}, map[string]int{"tags": 14, "todos": 200}},
		"stream of two":       {[]string{"users"}, map[string]int{"users": 22}},
		"singer, one of each": {[]string{"--protocol", "singer", "mailboxes", "albums"}, map[string]int{"mailboxes": 3, "albums": 100}},
	} {
		t.Run(name, func(t *testing.T) {
			o := invoke(t, append([]string{"demo"}, test.args...)...).mustSucceed(t)
			if got := countByStream(ids(t, parseLines(t, o.out))); !maps.Equal(got, test.want) {
				t.Errorf("read %v, want %v", got, test.want)
			}
		})
	}
	if o := invoke(t, "demo", "nosuch"); o.code != frontend.ExitUsage || !strings.Contains(string(o.logs), "nosuch") {
		t.Errorf("an unknown stream: exit code %d, %q", o.code, o.logs)
	}
	if o := invoke(t, "demo", "--faults", "nosuch=1"); o.code != frontend.ExitUsage || !strings.Contains(string(o.logs), "nosuch") {
		t.Errorf("an unknown fault: exit code %d, %q", o.code, o.logs)
	}
}

package streammap

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"anytap/internal/value"
)

// answer is a case of testdata/answers.jsonl.gz: what the SDK's mapper makes of a configuration.
type answer struct {
	name, stream   string
	config, schema *value.Dict
	keys           []string
	records        []any
	fails          string      // why the configuration is refused
	maps           *value.List // what goes out otherwise
}

// known are the cases in which the answer is meant to differ, and why.
var known = map[string]string{
	"expression: 1j":                          "complex numbers are refused at the beginning",
	"expression: rand":                        "Python shows a function, and this one by another name",
	"expression: datetime.date.today":         "Python shows a function, and this one by another name",
	"expression: json.load":                   "json has dumps and loads",
	"expression: int.from_bytes(b'a', 'big')": "of the methods of int those stand here that records can have a use for",
	"expression: id; import os":               "what follows the expression must be one too",
}

func answers(t testing.TB) []answer {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "answers.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<22)
	var all []answer
	var shared *value.Dict
	for lines.Scan() {
		v, err := value.DecodePython([]byte(lines.Text()))
		if err != nil {
			t.Fatal(err)
		}
		d := v.(*value.Dict)
		if shared == nil {
			shared = d
			continue
		}
		member := func(name string) any {
			if v, ok := d.Get(name); ok {
				return v
			}
			v, _ := shared.Get(name)
			return v
		}
		a := answer{
			name: value.Member[string](d, "name"), stream: member("stream").(string), config: value.Member[*value.Dict](d, "config"),
			schema: member("schema").(*value.Dict), records: member("records").(*value.List).Values(),
			fails: value.Member[string](d, "error"), maps: value.Member[*value.List](d, "maps"),
		}
		if keys, ok := member("keys").(*value.List); ok {
			for _, key := range keys.All() {
				a.keys = append(a.keys, key.(string))
			}
		}
		all = append(all, a)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAgreesWithTheSDK holds SCHEMA and RECORD, member by member and in their order, against what
// the SDK's mapper makes of the same.
func TestAgreesWithTheSDK(t *testing.T) {
	t.Parallel()
	for _, a := range answers(t) {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			why, differs := known[a.name]
			found := a.compare()
			switch {
			case differs && found == "":
				t.Errorf("agrees with the SDK, so take it from known: %s", why)
			case !differs && found != "":
				t.Error(found)
			}
		})
	}
}

// compare says what differs; empty: nothing does.
func (a *answer) compare() string {
	m, err := Read(a.config)
	var maps []*Map
	if err == nil && m == nil {
		m = &Mapper{config: value.NewDict(0)}
	}
	if err == nil {
		maps, err = m.Of(a.stream, a.schema.Clone(), a.keys)
	}
	if a.fails != "" {
		if err == nil && !a.failsLater(maps) {
			return "the SDK refuses it: " + a.fails
		}
		return ""
	}
	if err != nil {
		if a.allRecordsFail() {
			return "" // seen earlier
		}
		return fmt.Sprintf("error: %v", err)
	}
	if len(maps) != a.maps.Len() {
		return fmt.Sprintf("%d maps, of the SDK %d", len(maps), a.maps.Len())
	}
	for i, v := range a.maps.All() {
		want := v.(*value.Dict)
		got := maps[i]
		keys, _ := want.Get("keys")
		if keys == nil {
			keys = value.NewList()
		}
		for _, pair := range []struct {
			what      string
			got, want any
		}{{"stream", got.Stream, value.Member[string](want, "stream")}, {"schema", got.Schema, value.Member[*value.Dict](want, "schema")}, {"keys", value.FromGo(append([]string{}, got.Keys...)), keys}} {
			if g, w := text(pair.got), text(pair.want); g != w {
				return fmt.Sprintf("%s\n got %s\nwant %s", pair.what, g, w)
			}
		}
	}
	return a.compareRecords(maps)
}

// addresses stand in how Python shows functions.
var addresses = regexp.MustCompile(` at 0x[0-9a-f]+`)

func text(v any) string {
	if d, ok := v.(*value.Dict); ok && d == nil {
		return "nothing"
	}
	return addresses.ReplaceAllString(string(value.AppendPython(nil, v)), "")
}

// failsLater reports whether the records fail where the SDK refused the configuration.
func (a *answer) failsLater(maps []*Map) bool {
	for _, m := range maps {
		for _, record := range a.records {
			if _, err := m.Record(record.(*value.Dict).Clone()); err != nil {
				return true
			}
		}
	}
	return false
}

func (a *answer) allRecordsFail() bool {
	some := false
	for _, m := range a.maps.All() {
		for _, record := range value.Member[*value.List](m.(*value.Dict), "records").All() {
			if _, fails := record.(*value.Dict); !fails {
				return false
			}
			some = true
		}
	}
	return some
}

func (a *answer) compareRecords(maps []*Map) string {
	for at, record := range a.records {
		record := record.(*value.Dict).Clone()
		for i, m := range maps {
			want := value.Member[*value.List](a.maps.At(i).(*value.Dict), "records").At(at)
			out, err := m.Record(record)
			_, fails := want.(*value.Dict)
			switch {
			case fails != (err != nil):
				return fmt.Sprintf("record %d: error %v, of the SDK %s; got %s", at, err, text(want), text(out))
			case fails:
			case want == nil:
				if out != nil {
					return fmt.Sprintf("record %d: got %s, the SDK leaves it out", at, text(out))
				}
			case out == nil:
				return fmt.Sprintf("record %d: is left out, want %s", at, want)
			default:
				got, err := value.DecodePython(value.Append(nil, out))
				if err != nil {
					return fmt.Sprintf("record %d: is no JSON: %v: %s", at, err, value.Append(nil, out))
				}
				expected, err := value.DecodePython([]byte(want.(string)))
				if err != nil {
					return err.Error()
				}
				if g, w := text(got), text(expected); g != w {
					return fmt.Sprintf("record %d\n got %s\nwant %s", at, g, w)
				}
			}
		}
	}
	return ""
}

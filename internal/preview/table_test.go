package preview

import (
	"strings"
	"testing"
	"unicode/utf8"

	"anytap/internal/value"
)

func tableOf(t testing.TB, records ...string) *Table {
	t.Helper()
	var table Table
	for _, text := range records {
		v, err := value.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		table.Add(v.(*value.Dict))
	}
	return &table
}

func TestTables(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		records []string
		width   int
		want    []string
	}{
		"numbers at the right": {[]string{`{"id":1,"name":"Ada"}`, `{"id":200,"name":null}`}, 0, []string{
			" id  name", "───  ────", "  1  Ada", "200"}},
		"fields that come later": {[]string{`{"a":"x"}`, `{"b":{"c":[1,"ü"]},"a":"y"}`}, 0, []string{
			"a  b", "─  ─────────────", "x", `y  {"c":[1,"ü"]}`}},
		"wide characters": {[]string{`{"a":"日本","b":"x"}`, `{"a":"é","b":"y"}`}, 0, []string{
			"a     b", "────  ─", "日本  x", "é     y"}},
		"what a terminal acts on": {[]string{`{"a":"\u001b[31mred\nnext\u202e"}`}, 0, []string{
			"a", "──────────────", "\ufffd[31mred next\ufffd"}},
		"long texts are cut": {[]string{`{"a":"` + strings.Repeat("x", 99) + `"}`}, 0, []string{
			"a", strings.Repeat("─", 40), strings.Repeat("x", 39) + "…"}},
		"columns become slimmer": {[]string{`{"a":"aaaaaaaaaaaaaaaa","b":"bb"}`}, 14, []string{
			"a           b", "──────────  ──", "aaaaaaaaa…  bb"}},
		"columns that have no room": {[]string{`{"first":"aaaaaaaaaaaa","second":"bbbbbbbbbbbb","third":"c"}`}, 20, []string{
			"first     second", "────────  ────────", "aaaaaaa…  bbbbbbb…", "and 1 more: third"}},
		"no fields": {[]string{`{}`}, 80, []string{"", "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for line := range strings.Lines(string(tableOf(t, test.records...).Append(nil, test.width))) {
				got = append(got, strings.TrimRight(line, " \n"))
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// FuzzTable: no line of a table is wider than the terminal, or holds what moves its cursor.
func FuzzTable(f *testing.F) {
	f.Add(`{"a":1,"b":"x"}`, `{"b":{"c":[]},"d":null}`, 30)
	f.Add(`{"日本語日本語日本語":"日本"}`, `{"\u001b":"\u009b"}`, 20)
	f.Fuzz(func(t *testing.T, one, two string, width int) {
		var table Table
		for _, text := range []string{one, two} {
			if v, err := value.DecodeString(text); err == nil {
				if d, ok := v.(*value.Dict); ok {
					table.Add(d)
				}
			}
		}
		if width = 20 + width&127; table.Rows() == 0 {
			return
		}
		for line := range strings.Lines(string(table.Append(nil, width))) {
			line = strings.TrimRight(line, " \n")
			if strings.ContainsAny(line, "\x1b\r\t\u009b") || !utf8.ValidString(line) {
				t.Errorf("%q may move the cursor", line)
			}
			if widthOf(line) > max(width, wideCell) {
				t.Errorf("%q is wider than %d", line, width)
			}
		}
	})
}

package yaml11

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"anytap/internal/manifest/parity"
	"anytap/internal/value"
)

// scalars are unquoted texts and what Python holds for them; "!" stands for a refusal.
var scalars = map[string]string{
	"~": "None", "null": "None", "Null": "None", "NULL": "None", "nUll": "'nUll'", "None": "'None'",
	"yes": "True", "Yes": "True", "YES": "True", "yEs": "'yEs'", "y": "'y'", "on": "True", "true": "True", "TRUE": "True",
	"no": "False", "off": "False", "OFF": "False", "False": "False", "n": "'n'", "oFF": "'oFF'",
	"0": "0", "12": "12", "-3": "-3", "+4": "4", "1_000": "1000", "-0": "0", "012": "10", "0o10": "'0o10'", "08": "'08'",
	"0x1F": "31", "-0x_1": "-1", "0b101": "5", "0b": "'0b'", "0b_": "!", "0x": "'0x'", "0x_": "!", "00": "0",
	"1:30": "90", "-1:30": "-90", "1:30:05": "5405", "1:60": "'1:60'", "0:30": "'0:30'", "1:5": "65", "10:3:61": "'10:3:61'",
	"123456789012345678901234567890": "123456789012345678901234567890",
	"1.5":                            "1.5", "-1.5": "-1.5", "+1.5": "1.5", "1.": "1.0", "1._": "1.0", ".5": "0.5", "-.5": "'-.5'", ".": "'.'", "._": "'._'",
	"1e3": "'1e3'", "1.0e3": "'1.0e3'", "1.0e+3": "1000.0", "1.5E-2": "0.015", ".5e+1": "5.0", "1.e+2": "100.0", "1_0.5": "10.5",
	"1:30.5": "90.5", "1:60.5": "'1:60.5'", "0:00.5": "0.5", ".inf": "inf", "-.INF": "-inf", "+.Inf": "inf", "inf": "'inf'",
	".nan": "nan", ".NaN": "nan", "-.nan": "'-.nan'", "1.2.3": "'1.2.3'", "1,5": "'1,5'", "12a": "'12a'", "-": "!", "+": "'+'",
	"2020-01-02": "datetime.date(2020, 1, 2)", "2020-1-2": "'2020-1-2'", "2020-13-01": "!", "2020-02-30": "!", "2020-01": "'2020-01'",
	"2001-12-14t21:59:43.10-05:00": "datetime.datetime(2001, 12, 14, 21, 59, 43, 100000, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=68400)))",
	"2001-12-14 21:59:43":          "datetime.datetime(2001, 12, 14, 21, 59, 43)",
	"2001-1-4T1:59:43Z":            "datetime.datetime(2001, 1, 4, 1, 59, 43, tzinfo=datetime.timezone.utc)",
	"2001-12-14 21:59:43 +5":       "datetime.datetime(2001, 12, 14, 21, 59, 43, tzinfo=datetime.timezone(datetime.timedelta(seconds=18000)))",
	"2001-12-14T25:00:00":          "!", "2001-12-14T21:59": "'2001-12-14T21:59'", "2001-12-14x": "'2001-12-14x'", "0000-01-01": "!",
	"2001-12-14T21:59:43.1234567": "datetime.datetime(2001, 12, 14, 21, 59, 43, 123456)",
	"=":                           "!", "<<": "!", "text": "'text'", "é": "'é'", "1 2": "'1 2'", "a#b": "'a#b'",
	"!!str 12": "'12'", "!!int '12'": "12", "!!int x": "!", "!!float 1": "1.0", "!!bool 'Yes'": "True", "!!bool x": "!", "!!null x": "None",
	"!!binary aGVsbG8=": "b'hello'", "!!timestamp '2020-01-02'": "datetime.date(2020, 1, 2)", "!foo x": "!", "! 12": "12", "!!seq x": "!",
}

// readScalar reads "a: text".
func readScalar(text string) (any, error) {
	root, err := Read([]byte("a: " + text + "\n"))
	if err != nil {
		return nil, err
	}
	return root.Get("a").Plain(), nil
}

func TestScalars(t *testing.T) {
	for text, want := range scalars {
		t.Run(text, func(t *testing.T) {
			v, err := readScalar(text)
			switch {
			case want == "!" && err == nil:
				t.Fatalf("got %s, want a refusal", value.Repr(v))
			case want == "!":
			case err != nil:
				t.Fatal(err)
			case value.Repr(v) != want:
				t.Errorf("got %s, want %s", value.Repr(v), want)
			}
		})
	}
}

// TestScalarsAsPyYAML holds the table itself against PyYAML.
func TestScalarsAsPyYAML(t *testing.T) {
	dir := t.TempDir()
	var files []string
	texts := map[string]string{} // by the name of the file
	for text := range scalars {
		name := fmt.Sprintf("%d.yaml", len(files))
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte("a: "+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		files, texts[name] = append(files, file), text
	}
	parity.Compare(t, "yaml", files, func(name string, data []byte) (any, error) {
		root, err := Read(data)
		if err != nil {
			return nil, err
		}
		t.Logf("%s: %s", name, texts[name])
		return root.Plain(), nil
	})
}

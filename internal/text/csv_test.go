package text

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// rowsOf reads all rows.
func rowsOf(in io.Reader, enc Encoding, delimiter string) ([][]string, error) {
	c, err := NewCSV(NewLines(in, enc, 1<<20), delimiter, 1<<20)
	if err != nil {
		return nil, err
	}
	rows := [][]string{}
	for {
		row, err := c.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		texts := []string{}
		for _, f := range row {
			texts = append(texts, string(f))
		}
		rows = append(rows, texts)
	}
}

// TestCSVAsPython compares with rows recorded from Python's csv module over a text file.
func TestCSVAsPython(t *testing.T) {
	data, err := os.ReadFile("testdata/csv.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text, Delimiter string
		Rows            [][]string
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for way, in := range map[string]io.Reader{"at once": strings.NewReader(c.Text), "by the byte": iotest.OneByteReader(strings.NewReader(c.Text))} {
			got, err := rowsOf(in, UTF8, c.Delimiter)
			if err != nil || len(got)+len(c.Rows) > 0 && !reflect.DeepEqual(got, c.Rows) {
				t.Errorf("%q by %q, %s: %q, %v; want %q", c.Text, c.Delimiter, way, got, err, c.Rows)
			}
		}
	}
}

func TestCSVAcrossPieces(t *testing.T) {
	long := strings.Repeat("é", piece) // two bytes each, so that some character lies on the border of two pieces
	text := "a,b\r\n\"" + long + "\r\nx\",é\r\n" + long + ",\r"
	want := [][]string{{"a", "b"}, {long + "\nx", "é"}, {long, ""}}
	if got, err := rowsOf(strings.NewReader(text), UTF8, ","); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %d rows, %v", len(got), err)
	}
}

func TestCSVLimits(t *testing.T) {
	c, err := NewCSV(NewLines(strings.NewReader("\"a\n"+strings.Repeat("b\n", 50000)), UTF8, 1000), ",", 1000)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Next(); err == nil {
		t.Error("a row without end: no error")
	}
	l := NewLines(strings.NewReader(strings.Repeat("a", 50000)), UTF8, 1000)
	if _, _, err := l.Next(); err == nil {
		t.Error("a line without end: no error")
	}
	for _, d := range []string{"", "ab"} {
		if _, err := NewCSV(l, d, 1); err == nil {
			t.Errorf("delimiter %q: no error", d)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",\"c\nd\"\r\n", "\"", ",\r\r\n"} {
		f.Add([]byte(s), ",")
	}
	f.Fuzz(func(t *testing.T, text []byte, delimiter string) {
		whole, err := rowsOf(strings.NewReader(string(text)), UTF8, delimiter)
		parts, err2 := rowsOf(iotest.OneByteReader(strings.NewReader(string(text))), UTF8, delimiter)
		if (err == nil) != (err2 == nil) || !reflect.DeepEqual(whole, parts) {
			t.Errorf("%q: %q, %v; by the byte %q, %v", text, whole, err, parts, err2)
		}
	})
}

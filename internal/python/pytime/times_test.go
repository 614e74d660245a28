package pytime

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"anytap/internal/value"
)

// today is the day on which the reference runtime read the times.
var today = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// The file holds what the reference runtime reads from each text. Package jinja's reference.py
// recorded it.
func TestFreeTextIsReadLikeTheReference(t *testing.T) {
	file, err := os.Open("testdata/times.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	lines := bufio.NewScanner(file)
	for ; lines.Scan(); n++ {
		var r struct{ Text, Time, Error string }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		got := ""
		parsed, err := ParseTime(r.Text, today)
		if err == nil {
			got = value.Datetime{Time: parsed}.Isoformat()
		}
		if got != r.Time || (err != nil) != (r.Error != "") {
			t.Errorf("%q: got %s, error %v; want %s%s", r.Text, got, err, r.Time, r.Error)
		}
	}
	if err := lines.Err(); err != nil || n == 0 {
		t.Fatalf("read %d times, error %v", n, err)
	}
}

package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// TestChartsEqualGoldenFiles draws few figures. One program failed, one ran at some points only, and one is not shown.
func TestChartsEqualGoldenFiles(t *testing.T) {
	f, err := readFigures(filepath.Join("testdata", "figures.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range charts {
		t.Run(c.file, func(t *testing.T) {
			var svg bytes.Buffer
			drawn, err := c.draw(f, &svg)
			if err != nil {
				t.Fatal(err)
			}
			if want := len(f.on(c.axis)) > 0; drawn != want {
				t.Fatalf("drawn: %v, want %v", drawn, want)
			}
			if drawn {
				compare(t, filepath.Join("testdata", c.file), svg.Bytes())
			}
		})
	}
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (run the test with -update to write it anew)", file)
	}
}

// TestCommittedChartsAreFresh wants figures for every chart, and each SVG file to be what they give.
func TestCommittedChartsAreFresh(t *testing.T) {
	f, err := readFigures("figures.json")
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	if err := drawAll(f, out); err != nil {
		t.Fatal(err)
	}
	for _, c := range charts {
		got, err := os.ReadFile(filepath.Join(out, c.file))
		if err != nil {
			t.Error(err)
			continue
		}
		if want, err := os.ReadFile(c.file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what figures.json gives (%v): run make plots", c.file, err)
		}
		texts := textsOf(t, got)
		for _, wanted := range []string{c.x, c.y, "anytap, Airbyte", "Airbyte CDK"} {
			if !strings.Contains(texts, wanted) {
				t.Errorf("%s does not say %q", c.file, wanted)
			}
		}
	}
}

// TestCommittedTablesAreFresh wants the document to have the tables that figures.json gives, with every row.
func TestCommittedTablesAreFresh(t *testing.T) {
	f, err := readFigures("figures.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("..", "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := withTables(text, tables(f))
	if err != nil || !bytes.Equal(text, want) {
		t.Errorf("the tables are not what figures.json gives (%v): run make plots", err)
	}
	for _, r := range rows {
		if !bytes.Contains(text, []byte("| "+r.label+" |")) {
			t.Errorf("no table has the case %q", r.name)
		}
	}
}

func TestTablesEqualGoldenFile(t *testing.T) {
	f, err := readFigures(filepath.Join("testdata", "figures.json"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, filepath.Join("testdata", "tables.md"), []byte(tables(f)))
	if _, err := withTables([]byte("# Title\n"), "x"); err == nil {
		t.Error("a document without a place for the tables gives no error")
	}
}

// textsOf gives the texts of an SVG file, which must be well-formed.
func textsOf(t *testing.T, svg []byte) string {
	t.Helper()
	var all strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			all.Write(text)
		}
	}
}

func TestMedianOfRounds(t *testing.T) {
	for name, test := range map[string]struct {
		walls []float64
		want  float64
		ok    bool
	}{
		"none": {},
		"one":  {walls: []float64{3}, want: 3, ok: true},
		"even": {walls: []float64{4, 1, 2, 9}, want: 3, ok: true},
		"odd":  {walls: []float64{9, 1, 2}, want: 2, ok: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := benchCase{Rounds: map[string][]round{}}
			for _, w := range test.walls {
				c.Rounds["p"] = append(c.Rounds["p"], round{Wall: w})
			}
			got, ok := median(c, "p", wall)
			if ok != test.ok || math.Abs(got-test.want) > 1e-9 {
				t.Errorf("got %v %v, want %v %v", got, ok, test.want, test.ok)
			}
		})
	}
}

func TestBrokenFiguresAreNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.json")
	if err := os.WriteFile(file, []byte(`{"points": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readFigures(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v", err)
	}
	if _, err := readFigures(file + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestNumbersHaveUnits(t *testing.T) {
	for v, want := range map[float64]string{0.002: "0.002", 10: "10", 5000: "5000", 20000: "20 k", 1e6: "1 M"} {
		if got := number(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

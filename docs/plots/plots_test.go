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

// TestCharts draws from few figures: a program that failed, one that ran at some points only, one that is not shown.
func TestCharts(t *testing.T) {
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
		t.Errorf("%s is another picture now; -update writes it anew", file)
	}
}

// TestCommittedFigures draws what is committed: every chart has figures, and each SVG file is the one that they give.
func TestCommittedFigures(t *testing.T) {
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

// TestCommittedTables wants the document to hold what figures.json gives.
func TestCommittedTables(t *testing.T) {
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
			t.Errorf("nothing is said of %q", r.name)
		}
	}
}

func TestTables(t *testing.T) {
	f, err := readFigures(filepath.Join("testdata", "figures.json"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, filepath.Join("testdata", "tables.md"), []byte(tables(f)))
	if _, err := withTables([]byte("# Title\n"), "x"); err == nil {
		t.Error("a document without a place for the tables is taken")
	}
}

// textsOf are the texts of an SVG file; one that is not well-formed fails.
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

func TestMedian(t *testing.T) {
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

func TestFiguresThatAreNone(t *testing.T) {
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

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0.002: "0.002", 10: "10", 5000: "5000", 20000: "20 k", 1e6: "1 M"} {
		if got := number(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

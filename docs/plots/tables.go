package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// These lines enclose the generated part of docs/performance.md.
const (
	tablesBegin = "<!-- figures -->\n"
	tablesEnd   = "<!-- end -->\n"
)

// row is a case of the bench, and its name in the tables.
type row struct{ name, label string }

// rows are the cases of the tables, in their order.
var rows = []row{
	{"page100", "read, pages of 100"},
	{"page1000", "read, pages of 1,000"},
	{"array100", "read, bare arrays of 100"},
	{"cursor100", "read, cursor, pages of 100"},
	{"gzip100", "read, pages of 100, gzip"},
	{"changed100", "read with filter, added and removed fields, types by schema"},
	{"latpage", "list of 100 numbered pages, 50 ms"},
	{"latcursor", "cursor chain of 100 pages, 50 ms"},
	{"latency", "20 partitions of 50 pages, 50 ms, 10 in flight"},
	{"in flight 1000", "20 partitions of 10 pages of 1,000, 50 ms, 10 in flight"},
	{"first", "first RECORD"},
	{"spec", "spec"},
	{"discover", "discover, 6 streams"},
}

// column shows one value of each case.
type column struct {
	label string
	value func(benchCase) (float64, bool)
}

// of makes the column of a program's value.
func of(p program, value func(benchCase, round) float64) column {
	return column{p.label, func(c benchCase) (float64, bool) { return median(c, p.name, value) }}
}

// against makes the column that tells how many times as large other's value is as program's.
func against(label, other, program string, value func(benchCase, round) float64) column {
	return column{label, func(c benchCase) (float64, bool) { return c.ratio(other, program, value) }}
}

// tables gives the generated part of the document, in Markdown; it is empty if there are no figures.
func tables(f *figures) string {
	cases := map[string]point{}
	for _, p := range f.on("table") {
		cases[p.Case] = p
	}
	var out strings.Builder
	if len(cases) == 0 {
		return ""
	}
	fmt.Fprintf(&out, "Measured %s on %s. All values are medians; ratios are medians of the rounds' ratios.\nAn empty field was not measured.\n", dates(f.on("table")), f.Machine)
	table(&out, cases, "anytap (Airbyte) compared with the floor, and how many times as long as anytap the others take", []column{
		against("time ÷ floor", "candidate-airbyte", "floor-record", wall), against("CPU ÷ floor", "candidate-airbyte", "floor-record", cpu),
		against("CDK, time", "cdk", "candidate-airbyte", wall), against("CDK, CPU", "cdk", "candidate-airbyte", cpu),
		against("Meltano SDK, time", "singer-sdk-msgspec", "candidate-airbyte", wall), against("dlt, time", "dlt-extract", "candidate-airbyte", wall),
	})
	for _, t := range []struct {
		title string
		value func(benchCase, round) float64
	}{{"Seconds", wall}, {"Seconds of CPU", cpu}, {"Peak memory, MB", memory}} {
		var columns []column
		for _, p := range programs {
			if shown(cases, p.name) {
				columns = append(columns, of(p, t.value))
			}
		}
		table(&out, cases, t.title, columns)
	}
	netOfStart(&out, cases)
	return out.String()
}

// netOfStart writes what a record costs without the program's start, from the difference of two reads of different length.
func netOfStart(out *strings.Builder, cases map[string]point) {
	large, small := cases["array100"].Bench, cases["array100 small"].Bench
	var parts []string
	for _, p := range programs {
		most, ok := median(large, p.name, wall)
		least, alsoOK := median(small, p.name, wall)
		if ok && alsoOK {
			parts = append(parts, fmt.Sprintf("%s %s µs", p.label, figure((most-least)*1e6/(large.Records-small.Records), true)))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(out, "\nA record of a bare array without the program's start (the difference of two reads):\n%s.\n", strings.Join(parts, ", "))
	}
}

// shown reports whether a program ran in one of the cases.
func shown(cases map[string]point, program string) bool {
	for _, c := range cases {
		if len(c.Bench.Rounds[program]) > 0 {
			return true
		}
	}
	return false
}

// table writes one table with a row for each case that was measured.
func table(out *strings.Builder, cases map[string]point, title string, columns []column) {
	fmt.Fprintf(out, "\n%s:\n\n| case |", title)
	for _, c := range columns {
		fmt.Fprintf(out, " %s |", c.label)
	}
	out.WriteString("\n|---|" + strings.Repeat("---:|", len(columns)) + "\n")
	for _, r := range rows {
		c, ok := cases[r.name]
		if !ok {
			continue
		}
		fmt.Fprintf(out, "| %s |", r.label)
		for _, column := range columns {
			v, ok := column.value(c.Bench)
			fmt.Fprintf(out, " %s |", figure(v, ok))
		}
		out.WriteString("\n")
	}
}

// figure writes a value with three digits, large values with more and tiny ones with fewer.
func figure(v float64, ok bool) string {
	switch {
	case !ok:
		return ""
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 0.1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// writeTables replaces the tables of the document.
func writeTables(document string, f *figures) error {
	text, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	changed, err := withTables(text, tables(f))
	if err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	if bytes.Equal(text, changed) {
		return nil
	}
	return os.WriteFile(document, changed, 0o644)
}

// withTables gives the text with other tables between its two marks.
func withTables(text []byte, tables string) ([]byte, error) {
	head, tail, ok := bytes.Cut(text, []byte(tablesBegin))
	_, tail, ended := bytes.Cut(tail, []byte(tablesEnd))
	if !ok || !ended {
		return nil, fmt.Errorf("no place for the tables, expected the lines %q and %q", tablesBegin, tablesEnd)
	}
	return fmt.Appendf(nil, "%s%s%s%s%s", head, tablesBegin, tables, tablesEnd, tail), nil
}

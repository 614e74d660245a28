package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"anytap/internal/sampleapi"
	"anytap/internal/tap"
)

// demoSummary is the table that ends a demo: what each stream took.
type demoSummary struct {
	server *sampleapi.Running
	rows   []demoRow
}

type demoRow struct {
	system   sampleapi.System
	result   tap.Result
	requests int
}

// add adds the streams of a system that has just been read. Requests are counted by the paths that
// the server was asked for.
func (d *demoSummary) add(system sampleapi.System, results []tap.Result) {
	byPath := d.server.Stats(system).ByPath
	for _, r := range results {
		row := demoRow{system: system, result: r}
		for path, n := range byPath {
			if streamOfPath(path) == r.Stream {
				row.requests += n
			}
		}
		d.rows = append(d.rows, row)
	}
}

// streamOfPath is the stream that a path of a sample API serves.
func streamOfPath(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch last := parts[len(parts)-1]; {
	case last == "threads":
		return "conversation_threads"
	case last == "all":
		return "reviews"
	default:
		return last
	}
}

func (d *demoSummary) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "system\tstream\trecords\trequests\tseconds\t")
	var records int64
	requests := 0
	for _, row := range d.rows {
		status := ""
		if row.result.Err != nil {
			status = " failed"
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%.2f%s\t\n", row.system, row.result.Stream, row.result.Records, row.requests, row.result.Seconds, status)
		records += row.result.Records
		requests += row.requests
	}
	fmt.Fprintf(table, "\tall\t%d\t%d\t\t\n", records, requests)
	return table.Flush()
}

package frontend

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"anytap/internal/tap"
)

// WriteOutcomes writes the table that ends a read, and a line that says what to do next.
func WriteOutcomes(to io.Writer, outcomes []Outcome) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	width := len("stream")
	for _, o := range outcomes {
		width = max(width, utf8.RuneCountInString(o.Stream))
	}
	name := func(s string) string { return fmt.Sprintf("%-*s", width, s) }
	fmt.Fprintf(table, "%s\trecords\trequests\tretries\twaited\tseconds\t  state\n", name("stream"))
	all := Outcome{Stream: name("all"), Read: true}
	for _, o := range outcomes {
		o.Stream = name(o.Stream)
		o.writeRow(table, o.State())
		all.Records += o.Records
		all.Requests += o.Requests
		all.Retries += o.Retries
		all.Waited += o.Waited
		all.Took = max(all.Took, o.Took)
	}
	if len(outcomes) > 1 {
		all.writeRow(table, "")
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(to, whatNext(outcomes))
	return err
}

func (o *Outcome) writeRow(to io.Writer, state string) {
	if state != "" {
		state = "  " + state // the last cell is not aligned
	}
	records := fmt.Sprint(o.Records)
	if !o.Read {
		records = "-"
	}
	fmt.Fprintf(to, "%s\t%s\t%d\t%d\t%s\t%s\t%s\n", o.Stream, records, o.Requests, o.Retries, o.Waited.Round(time.Second), seconds(o.Took), state)
}

// whatNext says what the one who started a read does next.
func whatNext(outcomes []Outcome) string {
	early := ""
	for _, o := range outcomes {
		switch {
		case o.Err != nil:
			return "Not complete. A run with the last state goes on where this one ended."
		case o.Early != "":
			early = o.Early
		}
	}
	if early != "" {
		return "Not complete: " + early + " was reached. A run with the last state goes on where this one ended."
	}
	return "Complete. A run with the last state begins where this one ended."
}

// Failures says how many streams failed, and why the first of them did; empty: none did.
func Failures(outcomes []Outcome) string {
	read, failed, first := 0, 0, ""
	for _, o := range outcomes {
		if o.Read {
			read++
		}
		if o.Err == nil || errors.Is(o.Err, tap.ErrInterrupted) {
			continue
		}
		if failed++; failed == 1 {
			first = o.Stream + ": " + o.Err.Error()
		}
	}
	if failed == 0 {
		return ""
	}
	return fmt.Sprintf("not complete: %d of %d streams failed; %s", failed, read, first)
}

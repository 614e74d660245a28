package frontend

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"anytap/internal/statefile"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// dryRun prints what a read would ask for, and keeps its requests back.
type dryRun struct {
	to    io.Writer
	mu    sync.Mutex
	asked []tap.Asked // since they were last printed
}

// asking keeps a request back.
func (d *dryRun) asking(a tap.Asked) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, a)
	return tap.ErrNotSent
}

// streams prints what is asked for to know the streams.
func (d *dryRun) streams() error {
	_, err := io.WriteString(d.to, "The streams are made of what the API answers, which is asked first:\n"+d.requests())
	return err
}

// read prints the plan of each stream. An error of one does not stop the others.
func (d *dryRun) read(ctx context.Context, r *Run, selected []tap.Selection) error {
	var failed error
	for _, s := range selected {
		plan, err := tap.PlanOf(ctx, s, r.Log)
		if stopped := tap.Stopped(ctx); stopped != nil {
			return stopped
		}
		text := d.describe(&s, &plan)
		if err != nil {
			failed = ErrStreamsFailed
			text += "    fails:    " + err.Error() + "\n"
		}
		if _, err := io.WriteString(d.to, r.Secrets.Hide(text)); err != nil {
			return err
		}
	}
	return failed
}

func (d *dryRun) describe(s *tap.Selection, p *tap.Plan) string {
	var b strings.Builder
	say := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "    %-9s %s\n", name+":", fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(&b, s.Stream.Name)
	mode := "full refresh"
	if !s.FullRefresh && len(s.Stream.CursorField) > 0 {
		field := s.Stream.CursorField
		if len(s.CursorField) > 0 {
			field = s.CursorField
		}
		mode = "incremental, by " + strings.Join(field, ".")
	}
	say("mode", "%s", mode)
	begins := "no state: from its beginning"
	if s.Bookmark != nil {
		if d := s.Bookmark.Dict(); d != nil && d.Len() > 0 {
			summary := statefile.Summarize(s.Stream.Name, d)
			begins = "goes on from " + summary.String()
		} else if !s.Since.IsZero() && len(s.Stream.CursorField) > 0 {
			begins = "no state: from " + s.Since.Format(time.RFC3339)
		}
	}
	say("state", "%s", begins)
	if s.Limit > 0 {
		say("limit", "%d records", s.Limit)
	}
	describeSlices(s, p, say)
	b.WriteString(d.requests())
	return b.String()
}

func describeSlices(s *tap.Selection, p *tap.Plan, say func(name, format string, args ...any)) {
	more := ""
	if p.More {
		more = "at least "
	}
	if p.Finished > 0 {
		say("finished", "%d slices, by an earlier run", p.Finished)
	}
	switch {
	case p.Unknown && len(s.Stream.Parents) > 0:
		say("slices", "one or more for each record of %s, which is asked first", strings.Join(s.Stream.Parents, ", "))
	case p.Unknown:
		say("slices", "made of what the API answers, which is asked first")
	case p.Slices == 0:
		say("slices", "none: nothing is asked for")
	case p.Slices > 1:
		say("slices", "%s%d: %s … %s", more, p.Slices, sliceText(p.First), sliceText(p.Last))
	case p.First.Partition.Len() > 0 || p.First.Window.Len() > 0:
		say("slices", "1: %s", sliceText(p.First))
	}
}

// sliceText is a slice as JSON.
func sliceText(s *tap.Slice) string {
	all := s.Partition.Clone()
	for name, v := range s.Window.All() {
		all.Set(name, v)
	}
	return string(value.Append(nil, all))
}

// requests are those that were kept back since the last time.
func (d *dryRun) requests() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for _, a := range d.asked {
		name := "request"
		if a.Login {
			name = "login"
		}
		fmt.Fprintf(&b, "    %-9s %s %s\n", name+":", a.Method, a.Address)
		for _, header := range a.Headers {
			fmt.Fprintf(&b, "              %s\n", header)
		}
		if a.Body != "" {
			fmt.Fprintf(&b, "              %s\n", oneLine(a.Body))
		}
	}
	d.asked = nil
	return b.String()
}

// oneLine is the beginning of a body.
func oneLine(body string) string {
	body = strings.Join(strings.Fields(body), " ")
	const most = 500
	if runes := []rune(body); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return body
}

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

type id = [sha256.Size]byte

// judge holds the runs of one schedule against the source.
type judge struct {
	protocol  string
	want      map[id]string // every record of the source
	twins     map[id]bool   // records that are there more than once
	covered   map[id]string // records that came before a STATE of their stream
	states    map[string]json.RawMessage
	whole     json.RawMessage // Singer's last state
	faults    []string
	failed    bool // a run has failed
	renewed   bool // what is read is made anew for each run, so that records come again
	mostEarly int  // see fewEarly
	early     int  // records that came again of slices that had failed on their first page
	said      bool // the last run said that a list may not be complete
	short     int  // reads that were not complete, and said so
	anew      int  // records that came again since a position could not be used, which was said
	edge      int  // records that came again since they have the very time at which a STATE stands
	shared    bool // one cursor serves for all partitions; see goneOver
	over      int  // records that came again since such a cursor goes over them
}

func newJudge(protocol string, want map[id]string) *judge {
	return &judge{protocol: protocol, want: want, mostEarly: fewEarly, covered: map[id]string{}, states: map[string]json.RawMessage{}}
}

func (j *judge) fault(format string, args ...any) {
	j.faults = append(j.faults, fmt.Sprintf(format, args...))
}

// fewEarly is how many records may come again in a run after one that failed: those of the first
// pages of slices that had begun, of which a stream that fails keeps no position.
const fewEarly = 120

// take judges one run. Whatever it wrote behind its last STATE may come again, and counts as lost
// unless it does.
func (j *judge) take(n int, r *ran) {
	pending := map[string]map[id]string{}
	given := string(j.state())
	again, foreign, early := 0, 0, 0
	left := j.unread()
	// The API does not take a position any more, or it was of another request: that must be said.
	anew := strings.Contains(r.logs, "the slice is read from its beginning")
	j.renewed = j.renewed || anew // the next run may have to do it again
	over := j.goneOver(r)
	for _, m := range r.messages {
		switch m.kind {
		case "RECORD":
			if _, ok := j.covered[m.id]; ok && left[m.stream] == 0 {
				// The stream had been read to its end, so that this is another read of it.
			} else if ok && !j.twins[m.id] && atEdge(m.text, given) {
				j.edge++
			} else if ok && !j.twins[m.id] && j.shared && times.FindString(m.text) >= over {
				j.over++
			} else if ok && (anew || j.renewed) {
				j.anew++
			} else if ok && j.failed && early < j.mostEarly {
				early++
				j.early++
			} else if ok && !j.twins[m.id] {
				if again++; again == 1 {
					j.fault("run %d: a record comes again that a STATE covers: %.150s", n, m.text)
				}
			}
			if _, ok := j.want[m.id]; !ok {
				if foreign++; foreign == 1 {
					j.fault("run %d: a record that the source does not have: %.150s", n, m.text)
				}
			}
			if pending[m.stream] == nil {
				pending[m.stream] = map[id]string{}
			}
			pending[m.stream][m.id] = m.text
		case "STATE":
			for _, stream := range j.keep(m) {
				maps.Copy(j.covered, pending[stream])
				delete(pending, stream)
			}
			given = string(j.state())
		}
	}
	if r.code == 0 {
		j.said = strings.Contains(r.logs, "may not be complete")
		for _, left := range pending {
			maps.Copy(j.covered, left)
		}
	}
	j.failed = j.failed || r.code == 1
	if again > 1 {
		j.fault("run %d: %d records came again in all", n, again)
	}
	j.manners(n, r)
}

// times finds texts that are times, without zone and fractions.
var times = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d`)

// atEdge reports whether a record has a time that the state names: the record may have been one of
// several with that time, of which others came later, and so it is asked for again.
func atEdge(record, given string) bool {
	for _, at := range times.FindAllString(record, -1) {
		if strings.Contains(given, at) {
			return true
		}
	}
	return false
}

// goneOver is the time from which on a run may give records again where one cursor serves for all
// partitions: those that were read to their end go on at the greatest value that the run which
// finished the first of them had seen. The run's own states count too, as it may read on there
// before it writes one. "~", which is behind all times: no record may come again.
func (j *judge) goneOver(r *ran) string {
	lowest := "~"
	see := func(bookmark json.RawMessage) {
		var b struct {
			Anytap struct{ From string }
			State  struct {
				Updated string `json:"updated_at"`
			}
			Lookback time.Duration `json:"lookback_window"`
		}
		_ = json.Unmarshal(bookmark, &b) // it came from JSON; without the members it says nothing
		if b.Anytap.From != "" {
			lowest = min(lowest, b.Anytap.From[:len("2026-01-31T08:00:00")])
		}
		if at, err := time.Parse(time.RFC3339, b.State.Updated); err == nil {
			lowest = min(lowest, at.Add(-b.Lookback*time.Second).Format("2006-01-02T15:04:05"))
		}
	}
	for _, bookmark := range j.states {
		see(bookmark)
	}
	for _, m := range r.messages {
		var whole struct{ Bookmarks map[string]json.RawMessage }
		switch {
		case m.kind != "STATE":
		case j.protocol == "airbyte":
			see(m.state)
		case json.Unmarshal(m.state, &whole) == nil:
			for _, bookmark := range whole.Bookmarks {
				see(bookmark)
			}
		}
	}
	return lowest
}

// keep takes a state over, and names the streams whose part of it changed.
func (j *judge) keep(m message) (changed []string) {
	if j.protocol == "airbyte" {
		j.states[m.stream] = m.state
		return []string{m.stream}
	}
	j.whole = m.state
	var value struct{ Bookmarks map[string]json.RawMessage }
	if err := json.Unmarshal(m.state, &value); err != nil {
		j.fault("a STATE has no bookmarks: %.100s", m.state)
	}
	for stream, bookmark := range value.Bookmarks {
		if !bytes.Equal(j.states[stream], bookmark) {
			changed = append(changed, stream)
		}
		j.states[stream] = bookmark
	}
	return changed
}

// state is the file that a client keeps; nil: there is none yet.
func (j *judge) state() []byte {
	if j.protocol == "singer" {
		return j.whole
	}
	if len(j.states) == 0 {
		return nil
	}
	list := []any{}
	for _, name := range slices.Sorted(maps.Keys(j.states)) {
		list = append(list, map[string]any{"type": "STREAM", "stream": map[string]any{
			"stream_descriptor": map[string]any{"name": name}, "stream_state": j.states[name],
		}})
	}
	text, _ := json.Marshal(list) // it came from JSON
	return text
}

// manners judges how a run ended.
func (j *judge) manners(n int, r *ran) {
	switch {
	case r.hung:
		j.fault("run %d: it did not end in %v", n, r.took)
	case r.bad != "":
		j.fault("run %d: stdout has something else than messages: %s", n, r.bad)
	case strings.Contains(r.logs, "goroutine ") || strings.Contains(r.logs, "panic:"):
		j.fault("run %d: a stack trace:\n%s", n, tail(r.logs, 3000))
	case r.code != 0 && r.code != -1 && r.code != 1 && r.code != 130 && r.code != 141 && r.code != 143:
		j.fault("run %d: exit code %d", n, r.code)
	case r.code == 1 && !strings.Contains(r.logs, "CRITICAL") && !strings.Contains(r.logs, "ERROR"):
		j.fault("run %d: it failed without a word: %s", n, tail(r.logs, 500))
	case r.code != -1 && r.code != 141 && !r.full:
		j.fault("run %d: the last line is not complete", n)
	}
}

// unread counts by stream the records that did not come before a STATE.
func (j *judge) unread() map[string]int {
	left := map[string]int{}
	for id, text := range j.want {
		if _, ok := j.covered[id]; !ok {
			stream, _, _ := strings.Cut(text, " ")
			left[stream]++
		}
	}
	return left
}

// complete reports whether every record came before a STATE.
func (j *judge) complete() bool {
	for id := range j.want {
		if _, ok := j.covered[id]; !ok {
			return false
		}
	}
	return true
}

// finish judges all runs together, after one that came to the end.
func (j *judge) finish() {
	lost, example := 0, ""
	for id, text := range j.want {
		if _, ok := j.covered[id]; !ok {
			lost++
			if example == "" || text < example {
				example = text
			}
		}
	}
	switch {
	case lost > 0 && j.said: // a read is complete, or says that it is not
		j.short++
	case lost > 0:
		j.fault("%d of %d records are lost, for example %.150s", lost, len(j.want), example)
	}
}

func tail(text string, n int) string { return text[max(0, len(text)-n):] }

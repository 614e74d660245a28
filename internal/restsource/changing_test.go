package restsource_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestNothingIsMissedWhileRowsChange reads tables whose rows come and change before and between
// requests, in runs that end early or not; where pages begin behind a key, rows also go. When
// nothing changes any more, the last version of each row has come.
func TestNothingIsMissedWhileRowsChange(t *testing.T) {
	for name, more := range map[string]string{
		"a lower bound":  since + paged,
		"a format":       since + paged + `, "replication_format": "%Y-%m-%dT%H:%M:%SZ"`,
		"a lookback":     since + paged + `, "lookback": 10`,
		"newest first":   paged + `, "newest_first": true, "params": {"sort": "-at"}`,
		"a filter here":  paged + `, "filter_here": true`,
		"windows":        since + byID + `, "start_value": "2026-10-31T00:00:00Z", "end_param": "until", "window_days": 5`,
		"an upper bound": since + byID + `, "end_param": "until"`,
		"by update":      since + byUpdate,
		"last ID first":  since + byIDBackwards,
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(8) {
				t.Run(fmt.Sprint(seed), func(t *testing.T) { changing(t, seed, more) })
			}
		})
	}
}

const (
	byID          = `"pagination": {"type": "cursor", "cursor_field": "id", "param": "after", "size_param": "limit", "page_size": 2}`
	byIDBackwards = `"pagination": {"type": "cursor", "cursor_field": "id", "param": "before", "size_param": "limit", "page_size": 2}, "params": {"sort": "-id"}`
	byUpdate      = `"pagination": {"type": "cursor", "cursor_field": "at", "param": "from", "size_param": "limit", "page_size": 4}, "params": {"sort": "at"}`
)

func changing(t *testing.T, seed uint64, more string) {
	r := rand.New(rand.NewPCG(seed, 1))
	a := newTables()
	a.exclusive = r.IntN(2) == 0
	for id := 1; id <= 9; id++ {
		a.add(id, on(1+r.IntN(19), 10*id+r.IntN(10)))
	}
	g := newRig(t, a, rowsConfig(more))
	g.concurrency = 1
	calm, last, goes, alone := false, 9, !strings.Contains(more, `"page"`), strings.Contains(more, byUpdate)
	stir := func() {
		a.pass(t, time.Duration(r.IntN(3))*time.Second)
		now := func() string {
			if alone { // a key is unique
				a.pass(t, time.Second)
			}
			return a.clock.Now().Format(time.RFC3339)
		}
		for !calm && r.IntN(3) == 0 {
			a.touch(1+r.IntN(9), now())
		}
		if !calm && r.IntN(8) == 0 {
			last++
			a.add(last, now())
		}
		if rows := a.rows["/rows"]; !calm && goes && len(rows) > 5 && r.IntN(8) == 0 {
			i := r.IntN(len(rows))
			a.rows["/rows"] = slices.Delete(rows, i, i+1)
		}
	}
	a.before = func(int, *url.URL) { stir() }
	came := map[string]string{}
	g.each = func(id, at string) { came[id] = at }
	for run := range 12 {
		if g.limit = 0; r.IntN(2) == 0 {
			g.limit = int64(1 + r.IntN(6))
		}
		if calm = run > 8; calm {
			a.pass(t, time.Minute)
			g.limit = 0
		}
		// Lists by page numbers move while rows change, so that pages may repeat, and a read of one
		// record may get nowhere. That is an error, and the next run goes on.
		if _, errs := g.read(); errs["rows"] != nil && calm {
			t.Fatal(errs)
		}
		stir()
	}
	for _, row := range a.rows["/rows"] {
		id, at := fmt.Sprint(row["id"]), fmt.Sprint(row["at"])
		if came[id] != at {
			t.Errorf("row %s is of %s, what came last is of %s; state %s\nlog: %s", id, at, came[id], g.state["rows"], strings.TrimSpace(g.log.String()))
		}
	}
}

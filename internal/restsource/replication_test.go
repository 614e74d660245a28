package restsource_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"anytap/internal/restsource"
)

// rowsConfig is one stream of /rows; more are further members of it.
func rowsConfig(more string) string {
	return `{"source": "rest", "base_url": "https://api.test", "concurrency": 1, "streams": [{"name": "rows", "path": "/rows", "primary_key": "id", "schema": {"type": "object"},
		"replication_key": "at", ` + more + `}]}`
}

const (
	paged = `"pagination": {"type": "page", "size_param": "limit", "page_size": 2}`
	whole = `"pagination": {"type": "none"}`
	since = `"replication_param": "since", `
)

func (g *rig) mustRead(want string) {
	g.t.Helper()
	ids, errs := g.read()
	if len(errs) > 0 {
		g.t.Fatal(errs, g.log.String())
	}
	g.want(ids, "rows", want)
}

func (a *tables) add(id int, at string) {
	a.rows["/rows"] = append(a.rows["/rows"], row{"id": id, "at": at})
}

func (a *tables) touch(id int, at string) {
	for _, r := range a.rows["/rows"] {
		if r["id"] == id {
			r["at"] = at
		}
	}
}

// pass moves the clock on.
func (a *tables) pass(t *testing.T, d time.Duration) {
	if err := a.clock.Sleep(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// TestRowsThatChangeDuringTheRead: a row that changes after its page was read comes in the next
// read, though rows behind it changed later and were read.
func TestRowsThatChangeDuringTheRead(t *testing.T) {
	a := newTables()
	for id := 1; id <= 6; id++ {
		a.add(id, on(id, 0))
	}
	g := newRig(t, a, rowsConfig(since+paged))
	changed := false
	a.before = func(_ int, u *url.URL) {
		if u.Query().Get("page") == "2" && !changed {
			changed = true
			a.touch(1, on(20, 1))
			a.touch(5, on(20, 2))
		}
	}
	g.mustRead("1 2 3 4 5 6")
	a.pass(t, time.Hour)
	g.mustRead("1 5 6")
	g.mustRead("5")
}

// TestRowsThatChangeBetweenTheParts is the same for a read that is interrupted and goes on.
func TestRowsThatChangeBetweenTheParts(t *testing.T) {
	a := newTables()
	for id := 1; id <= 6; id++ {
		a.add(id, on(id, 0))
	}
	g := newRig(t, a, rowsConfig(since+paged))
	g.limit = 2
	g.mustRead("1 2")
	a.pass(t, time.Hour)
	a.touch(1, on(20, 60))
	a.touch(5, on(20, 120))
	a.pass(t, time.Hour)
	g.limit = 0
	g.mustRead("3 4 5 6")
	g.mustRead("1 5 6")
	g.mustRead("5")
	if strings.Contains(g.state["rows"], "unfinished") {
		t.Errorf("the state is %s", g.state["rows"])
	}
}

// TestEqualValuesAtTheBound: rows that come within the second of the last one are read, though the
// API leaves out the bound itself.
func TestEqualValuesAtTheBound(t *testing.T) {
	for name, exclusive := range map[string]bool{"the bound is included": false, "the bound is left out": true} {
		t.Run(name, func(t *testing.T) {
			a := newTables()
			a.exclusive = exclusive
			a.add(1, on(19, 0))
			a.add(2, on(20, 0)) // in the second in which the read begins
			g := newRig(t, a, rowsConfig(since+whole))
			g.mustRead("1 2")
			a.add(3, on(20, 0))
			a.pass(t, time.Minute)
			want := "1 2 3"
			if exclusive {
				want = "2 3"
			}
			g.mustRead(want)
			if exclusive {
				g.mustRead("")
			} else {
				g.mustRead("2 3")
			}
		})
	}
}

// TestWindows cuts the time since the start, up to now, in a run during which the clock goes on.
func TestWindows(t *testing.T) {
	a := newTables()
	for day := 1; day <= 19; day++ {
		a.add(day, on(day, 0))
	}
	g := newRig(t, a, rowsConfig(since+paged+`, "start_value": "2026-11-01T00:00:00Z", "end_param": "until", "window_days": 7`))
	a.before = func(int, *url.URL) { a.pass(t, time.Minute) }
	g.mustRead("1 10 11 12 13 14 15 16 17 18 19 2 3 4 5 6 7 8 9")
	if asked := strings.Join(g.asked, "\n"); !strings.Contains(asked, "since=2026-11-14T23%3A59%3A59Z&until=2026-11-20T00%3A00%3A00Z") {
		t.Errorf("the last window does not end when the read begins:\n%s", asked)
	}
	a.pass(t, 48*time.Hour)
	a.add(20, on(20, 30))
	g.mustRead("19 20")
}

// TestAWindowIsInterrupted wants the next run to go on inside the window, up to its end, and then
// to now.
func TestAWindowIsInterrupted(t *testing.T) {
	a := newTables()
	for day := 1; day <= 19; day++ {
		a.add(day, on(day, 0))
	}
	g := newRig(t, a, rowsConfig(since+paged+`, "start_value": "2026-11-01T00:00:00Z", "end_param": "until", "window_days": 7`))
	g.concurrency = 1
	got := map[string]int{}
	for run := 1; run <= 12; run++ {
		g.limit = 4
		ids, errs := g.read()
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		for _, id := range strings.Fields(ids["rows"]) {
			got[id]++
		}
		a.pass(t, time.Hour)
		if run == 3 {
			a.add(20, on(20, 100))
			a.touch(1, on(20, 200))
		}
		if !strings.Contains(g.state["rows"], "unfinished") && run > 5 {
			break
		}
	}
	if strings.Contains(g.state["rows"], "unfinished") {
		t.Errorf("twelve runs of four rows did not read nineteen; the state is %s", g.state["rows"])
	}
	g.limit = 0
	ids, _ := g.read()
	for _, id := range strings.Fields(ids["rows"]) {
		got[id]++
	}
	for id := 1; id <= 20; id++ {
		if n := got[fmt.Sprint(id)]; n == 0 || n > 2 && id != 1 && id < 19 {
			t.Errorf("row %d came %d times\nlog: %s", id, n, g.log.String())
		}
	}
	if strings.Contains(g.log.String(), "is not used") {
		t.Errorf("a position was not used: %s", g.log.String())
	}
}

// TestNewestFirst reads a list from its newest row to the last one of the read before.
func TestNewestFirst(t *testing.T) {
	a := newTables()
	for id := 1; id <= 8; id++ {
		a.add(id, on(id, 0))
	}
	g := newRig(t, a, rowsConfig(paged+`, "newest_first": true, "params": {"sort": "-at"}`))
	g.mustRead("1 2 3 4 5 6 7 8")
	a.add(9, on(9, 0))
	a.touch(2, on(10, 0))
	changed := false
	a.before = func(_ int, u *url.URL) {
		if u.Query().Get("page") == "2" && !changed {
			changed = true
			a.touch(3, on(20, 5)) // moves to the front, while the second page is asked for
		}
	}
	g.mustRead("2 8 9 9")
	if len(g.asked) > 3 {
		t.Errorf("the read goes on behind what is known: %s", g.asked)
	}
	a.pass(t, time.Hour)
	g.mustRead("2 3")
}

// TestFilterHere: the API can not filter.
func TestFilterHere(t *testing.T) {
	a := newTables()
	for id := 1; id <= 4; id++ {
		a.add(id, on(id, 0))
	}
	g := newRig(t, a, rowsConfig(whole+`, "filter_here": true, "start_value": "2026-11-02"`))
	g.mustRead("2 3 4")
	a.add(5, on(5, 0))
	a.touch(1, on(6, 0))
	g.mustRead("1 4 5")
	if len(g.asked) != 1 || g.asked[0] != "/rows" {
		t.Errorf("asked for %s", g.asked)
	}
}

// TestOpaqueTexts are ordered as texts, or by a number before a hyphen.
func TestOpaqueTexts(t *testing.T) {
	for name, values := range map[string][]string{"texts": {"01HA", "01HB", "01HC"}, "sequences": {"9-x", "10-a", "11-0"}} {
		t.Run(name, func(t *testing.T) {
			a := newTables()
			a.add(1, values[1])
			a.add(2, values[0])
			g := newRig(t, a, rowsConfig(whole+`, "filter_here": true`))
			g.mustRead("1 2")
			a.add(3, values[2])
			g.mustRead("1 3")
		})
	}
}

func TestLookback(t *testing.T) {
	a := newTables()
	for id := 1; id <= 5; id++ {
		a.add(id, on(id, 0))
	}
	g := newRig(t, a, rowsConfig(since+whole+`, "lookback": "P1D", "start_value": "2026-11-01T00:00:00Z"`))
	g.mustRead("1 2 3 4 5")
	a.add(6, on(4, 1)) // late
	g.mustRead("4 5 6")
}

// TestWhatIsSent looks at the second read's request.
func TestWhatIsSent(t *testing.T) {
	for name, test := range map[string]struct{ at, more, want string }{
		"a template":           {`"2026-11-02T00:00:00Z"`, `"replication_param": "$filter", "replication_template": "at ge {value}"`, "?%24filter=at%20ge%202026-11-02T00%3A00%3A00Z"},
		"an object":            {`5`, `"replication_param": "where", "replication_template": {"at": {"$gte": "{value}"}}`, "?where=%7B%22at%22%3A%7B%22%24gte%22%3A5%7D%7D"},
		"JSON in a text":       {`"a\"b"`, `"replication_param": "where", "replication_template": "{\"at\": {\"$gte\": \"{value}\"}}"`, "?where=%7B%22at%22%3A%20%7B%22%24gte%22%3A%20%22a%5C%22b%22%7D%7D"},
		"seconds":              {`"2026-11-02T02:00:00+02:00"`, `"replication_param": "since", "replication_format": "%s"`, "?since=1793577600"},
		"a date":               {`1793577600123`, `"replication_param": "since", "replication_format": "%Y-%m-%d"`, "?since=2026-11-02"},
		"brackets in the name": {`7`, `"replication_param": "filter[at][gte]"`, "?filter%5Bat%5D%5Bgte%5D=7"},
		"a header":             {`"x"`, `"replication_param": "X-Since", "replication_in": "header"`, "X-Since: x"},
		"a key that is lifted": {`{"b": "x"}`, `"replication_key": "at.b", "replication_param": "since", "flatten": "at"`, "?since=x"},
		"a nested key":         {`{"b": "x"}`, `"replication_key": "at.b", "replication_param": "since"`, "?since=x"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newTables()
			a.rows["/rows"] = []row{{"id": 1, "at": jsonText(test.at)}}
			config := strings.Replace(rowsConfig(whole+", "+test.more), `"replication_key": "at", `, "", 1)
			if !strings.Contains(test.more, "replication_key") {
				config = rowsConfig(whole + ", " + test.more)
			}
			g := newRig(t, a, config)
			g.mustRead("1")
			if _, errs := g.read(); len(errs) > 0 {
				t.Fatal(errs)
			}
			log := a.transport.Log()
			last := log[len(log)-1]
			if header, v, ok := strings.Cut(test.want, ": "); ok && last.Header.Get(header) != v || !ok && !strings.HasSuffix(last.URL, "/rows"+test.want) {
				t.Errorf("sent %s %v, expected %s", last, last.Header, test.want)
			}
		})
	}
}

// jsonText is a JSON text as a member of a row.
type jsonText string

func (t jsonText) MarshalJSON() ([]byte, error) { return []byte(t), nil }

func TestAKeyThatNoRecordHas(t *testing.T) {
	a := newTables()
	a.add(1, on(1, 0))
	g := newRig(t, a, strings.Replace(rowsConfig(since+whole), `"replication_key": "at"`, `"replication_key": "updated.at"`, 1))
	_, errs := g.read()
	if err := errs["rows"]; err == nil || !strings.Contains(err.Error(), "replication_key is updated.at, but no record has it; there are at, id") {
		t.Errorf("error is %v", err)
	}
}

// TestDistantValues: a value of next year does not hide what changes until then.
func TestDistantValues(t *testing.T) {
	a := newTables()
	a.add(1, on(1, 0))
	a.add(2, "2099-01-01T00:00:00Z")
	g := newRig(t, a, rowsConfig(since+whole))
	g.mustRead("1 2")
	a.add(3, on(2, 0))
	g.mustRead("1 2 3")
	g.mustRead("2 3")
}

func TestMistakesOfReplication(t *testing.T) {
	for name, test := range map[string]struct{ more, err string }{
		"no place for a template": {`"replication_template": "{value}"`, "replication_template needs replication_param"},
		"no value in a template":  {`"replication_param": "a", "replication_template": "gte."`, "replication_template lacks {value}"},
		"no place for the end":    {`"replication_param": "a", "end_value": "2026-01-01"`, "end_value has no use: write end_param"},
		"windows without an end":  {`"replication_param": "a", "window_days": 1`, "window_days needs end_param"},
		"windows without a start": {`"replication_param": "a", "end_param": "b", "window_days": 1`, "window_days needs start_value"},
		"windows newest first":    {`"newest_first": true, "end_param": "b", "window_days": 1, "start_value": "2026-01-01"`, "newest_first does not go with window_days"},
		"no such place":           {`"replication_param": "a", "replication_in": "path"`, `replication_in is "path"`},
		"a place of nothing":      {`"replication_in": "body"`, "replication_in needs replication_param"},
		"no key":                  {`"replication_key": null, "lookback": 5`, "lookback has no use without replication_key"},
	} {
		t.Run(name, func(t *testing.T) {
			config := rowsConfig(whole + ", " + test.more)
			if strings.Contains(test.more, "replication_key") {
				config = strings.Replace(config, `"replication_key": "at", `, "", 1)
			}
			_, err := restsource.Manifest(configured(t, config))
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
		})
	}
}

// TestDefaultsOfReplication: what all streams have from defaults is of no use to one without a key,
// and no mistake.
func TestDefaultsOfReplication(t *testing.T) {
	a := newTables()
	a.add(1, on(1, 0))
	a.rows["/others"] = []row{{"id": 7}}
	g := newRig(t, a, `{"base_url": "https://api.test", "defaults": {"schema": {"type": "object"}, "pagination": {"type": "none"}, "replication_param": "since", "lookback": 60}, "streams": [
		{"name": "rows", "path": "/rows", "primary_key": "id", "replication_key": "at"}, {"name": "others", "path": "/others"}]}`)
	g.mustRead("1")
	g.mustRead("1")
	if asked := strings.Join(g.asked, " "); asked != "/others /rows?since=2026-10-31T23%3A59%3A00Z" {
		t.Errorf("asked for %s", asked)
	}
}

// TestFilteredPagesAreNotTheEnd: a page of which nothing is kept has others behind it.
func TestFilteredPagesAreNotTheEnd(t *testing.T) {
	for name, pagination := range map[string]string{"pages": paged, "last records": byID} {
		t.Run(name, func(t *testing.T) {
			a := newTables()
			for id := 1; id <= 9; id++ {
				a.add(id, on(10-id, 0))
			}
			g := newRig(t, a, rowsConfig(pagination+`, "filter_here": true`))
			g.mustRead("1 2 3 4 5 6 7 8 9")
			a.add(10, on(12, 0))
			a.touch(1, on(1, 0))
			g.mustRead("10")
		})
	}
}

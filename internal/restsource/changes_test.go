package restsource_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/restsource"
	"anytap/internal/value"
)

// feed is an API whose lists end with a change token: an address or a text. Its rows have numbers
// of their last change.
type feed struct {
	tables
	changed map[string]int // by id
	now     int
	oldest  int // tokens below it are refused
	seen    []string
}

func newFeed() *feed {
	f := &feed{tables: *newTables(), changed: map[string]int{}}
	f.transport.Reply = f.answer
	return f
}

func (f *feed) change(ids ...string) {
	for _, id := range ids {
		f.now++
		f.changed[id] = f.now
	}
}

// answer gives two rows a page.
func (f *feed) answer(_ int, r resttest.Request) resttest.Answer {
	u, _ := url.Parse(r.URL)
	f.seen = append(f.seen, u.RequestURI())
	q := u.Query()
	var since, at int
	_, _ = fmt.Sscan(q.Get("token"), &since)
	_, _ = fmt.Sscan(q.Get("page"), &at)
	if since > 0 && since < f.oldest {
		return resttest.Answer{Status: 410, Body: `{"error": {"code": "gone"}}`}
	}
	rows := []row{}
	for n := since + 1; n <= f.now; n++ {
		for id, changed := range f.changed {
			if changed == n {
				rows = append(rows, row{"id": id})
			}
		}
	}
	page := rows[min(at, len(rows)):min(at+2, len(rows))]
	body := map[string]any{"value": page}
	if at+2 < len(rows) {
		body["@next"], body["nextPage"] = fmt.Sprintf("https://api.test/rows?token=%d&page=%d", since, at+2), fmt.Sprint(at+2)
	} else {
		body["@odata.deltaLink"], body["nextSync"] = fmt.Sprintf("https://api.test/rows?token=%d", f.now), fmt.Sprint(f.now)
	}
	text, _ := json.Marshal(body)
	return resttest.Answer{Body: string(text)}
}

func TestChangeTokens(t *testing.T) {
	for name, pagination := range map[string]string{
		"an address":            `{"type": "next_url", "cursor_path": "@next", "change_path": "@odata.deltaLink"}`,
		"a text":                `{"type": "cursor", "cursor_path": "nextPage", "param": "page", "change_path": "nextSync", "change_param": "token"}`,
		"an address with param": `{"type": "next_url", "cursor_path": "@next", "change_path": "nextSync", "change_param": "token"}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFeed()
			f.change("a", "b", "c", "d", "e")
			g := newRig(t, &f.tables, `{"base_url": "https://api.test", "streams": [{"name": "rows", "path": "/rows", "records_path": "value", "primary_key": "id", "schema": {"type": "object"}, "pagination": `+pagination+`}]}`)
			g.reply = f.answer
			g.mustRead("a b c d e")
			if !strings.Contains(g.state["rows"], "change_token") {
				t.Fatalf("the state is %s", g.state["rows"])
			}
			f.change("b", "f", "g")
			f.seen = nil
			g.mustRead("b f g")
			if len(f.seen) != 2 || f.seen[0] != "/rows?token=5" {
				t.Errorf("asked for %s", f.seen)
			}
			g.mustRead("")
			g.mustRead("")

			// The API has forgotten: everything is read, and it is said.
			f.oldest = f.now + 1
			f.change("h")
			g.mustRead("a b c d e f g h")
			if !strings.Contains(g.log.String(), "does not take the change token of the last run any more (status 410)") {
				t.Errorf("the log is %s", g.log.String())
			}
			f.oldest = 0
			g.mustRead("")
		})
	}
}

// TestChangeTokensAreInterrupted: the token is kept only when its list was read to the end.
func TestChangeTokensAreInterrupted(t *testing.T) {
	f := newFeed()
	f.change("a", "b", "c", "d", "e")
	g := newRig(t, &f.tables, `{"base_url": "https://api.test", "streams": [{"name": "rows", "path": "/rows", "records_path": "value", "primary_key": "id", "schema": {"type": "object"},
		"pagination": {"type": "next_url", "cursor_path": "@next", "change_path": "@odata.deltaLink"}}]}`)
	g.reply = f.answer
	g.limit = 2
	g.mustRead("a b")
	if strings.Contains(g.state["rows"], "change_token") {
		t.Errorf("the state is ahead of the records: %s", g.state["rows"])
	}
	g.limit = 0
	g.mustRead("c d e")
	f.change("a")
	g.mustRead("a")
}

func TestNoChangeToken(t *testing.T) {
	f := newFeed()
	f.change("a")
	g := newRig(t, &f.tables, `{"base_url": "https://api.test", "streams": [{"name": "rows", "path": "/rows", "records_path": "value", "schema": {"type": "object"},
		"pagination": {"type": "next_url", "cursor_path": "@next", "change_path": "@deltaLink"}}]}`)
	g.reply = f.answer
	_, errs := g.read()
	if err := errs["rows"]; err == nil || !strings.Contains(err.Error(), "pagination.change_path is @deltaLink, but no answer has a change token there; the last one has: @odata.deltaLink, nextSync, value") {
		t.Errorf("error is %v", err)
	}
}

func TestMistakesOfChangeTokens(t *testing.T) {
	for name, test := range map[string]struct{ more, err string }{
		"no parameter":          {`"pagination": {"type": "page", "change_path": "next"}`, "pagination.change_param is missing"},
		"no path":               {`"pagination": {"type": "page", "change_param": "next"}`, "pagination.change_param has no use without change_path"},
		"a replication setting": {`"replication_key": "at", "replication_param": "since", "pagination": {"type": "next_url", "cursor_path": "n", "change_path": "next"}`, "replication_param does not go with pagination.change_path"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := restsource.Manifest(configured(t, `{"base_url": "https://api.test", "streams": [{"name": "rows", "path": "/rows", `+test.more+`}]}`))
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
		})
	}
}

// TestPlaceOfChangeTokens: the change token goes where the page's token goes.
func TestPlaceOfChangeTokens(t *testing.T) {
	for name, test := range map[string]struct{ more, option string }{
		"query":          {`"pagination": {"type": "cursor", "cursor_path": "next", "change_path": "sync"}`, `{"type": "RequestOption", "inject_into": "request_parameter", "field_name": "cursor"}`},
		"header":         {`"pagination": {"type": "cursor", "in": "header", "param": "X-Next", "cursor_path": "next", "change_path": "sync"}`, `{"type": "RequestOption", "inject_into": "header", "field_name": "X-Next"}`},
		"a path in JSON": {`"pagination": {"type": "cursor", "in": "body", "param": "page.after", "cursor_path": "next", "change_path": "sync"}`, `{"type": "RequestOption", "inject_into": "body_json", "field_path": ["page", "after"]}`},
		"a form":         {`"form": {"a": 1}, "pagination": {"type": "cursor", "in": "body", "cursor_path": "next", "change_path": "sync", "change_param": "token"}`, `{"type": "RequestOption", "inject_into": "body_data", "field_name": "token"}`},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := restsource.Manifest(configured(t, `{"base_url": "https://api.test", "streams": [{"name": "rows", "path": "/rows", `+test.more+`}]}`))
			if err != nil {
				t.Fatal(err)
			}
			streams, _ := value.At(m, "streams")
			option, _ := value.At(streams.(*value.List).At(0), "incremental_sync", "request_option")
			if want, _ := value.DecodeString(test.option); !value.Equal(option, want) {
				t.Errorf("the option is %s, expected %s", value.Append(nil, option), test.option)
			}
		})
	}
}

// TestChangeTokensWithSecrets: a key that the API puts into its address does not get into the
// state.
func TestChangeTokensWithSecrets(t *testing.T) {
	f := newFeed()
	f.change("a", "b")
	g := newRig(t, &f.tables, `{"base_url": "https://api.test", "auth": {"type": "api_key", "in": "query", "name": "key", "key": "s3cr3t-k3y"},
		"streams": [{"name": "rows", "path": "/rows", "records_path": "value", "primary_key": "id", "schema": {"type": "object"},
		"pagination": {"type": "next_url", "cursor_path": "@next", "change_path": "@odata.deltaLink"}}]}`)
	g.reply = func(n int, r resttest.Request) resttest.Answer {
		answer := f.answer(n, r)
		answer.Body = strings.ReplaceAll(answer.Body, "/rows?", "/rows?key=s3cr3t-k3y&")
		return answer
	}
	g.mustRead("a b")
	if strings.Contains(g.state["rows"], "s3cr3t") {
		t.Errorf("the state is %s", g.state["rows"])
	}
	f.change("b")
	g.mustRead("b")
	if last := f.seen[len(f.seen)-1]; !strings.Contains(last, "key=s3cr3t-k3y") || !strings.Contains(last, "token=2") {
		t.Errorf("asked for %s", last)
	}
}

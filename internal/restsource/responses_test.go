package restsource_test

import (
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/restsource"
)

func TestResponses(t *testing.T) {
	const pages = `"pagination": {"type": "page", "page_size": 1}`
	one, two := body(`{"data": [{"id": 1}]}`), body(`{"data": [{"id": 2}]}`)
	tests := map[string]struct {
		rules    string
		stream   string
		answers  []resttest.Answer
		want     string
		err      string
		requests int
	}{
		"the list ends by status": {`{"status": 403, "action": "end"}`, pages,
			[]resttest.Answer{one, two, {Status: 403}}, "1 2", "", 3},
		"the list ends by what the body says": {`{"body": "too far", "action": "end"}`, pages,
			[]resttest.Answer{one, body(`{"error": "this is too far", "data": [{"id": 9}]}`)}, "1", "", 2},
		"the list ends at once": {`{"status": [401, 404], "action": "end"}`, pages,
			[]resttest.Answer{{Status: 404}}, "", "", 1},
		"ignored": {`{"status": 403, "action": "ignore"}`, `"pagination": {"type": "none"}`,
			[]resttest.Answer{{Status: 403}}, "", "", 1},
		"ignored, whatever it holds": {`{"body": {"ok": false}, "action": "ignore"}`, `"pagination": {"type": "none"}`,
			[]resttest.Answer{body(`{"ok": false, "data": [{"id": 9}]}`)}, "", "", 1},
		"asked for again": {`{"status": 404, "action": "retry"}`, pages,
			[]resttest.Answer{one, {Status: 404, Header: []string{"Retry-After: 7"}}, two, body(`{"data": []}`)}, "1 2", "", 4},
		"asked for again although it is a success": {`{"body": {"status.state": ["busy", "pending"]}, "action": "retry"}`, pages,
			[]resttest.Answer{body(`{"status": {"state": "pending"}}`), one, body(`{"data": []}`)}, "1", "", 3},
		"failing in spite of a success": {`{"body": {"ok": false}, "action": "fail", "message": "no plan: {{ x }}"}`, pages,
			[]resttest.Answer{one, body(`{"ok": false, "error": "plan_limit"}`)}, "1", "no plan: {{ x }}", 2},
		"both status and body": {`{"status": 409, "body": "deep", "action": "end"}`, pages,
			[]resttest.Answer{one, {Status: 409, Body: `{"message": "bad"}`}}, "1", "answered 409", 2},
		"the first rule": {`{"status": 410, "body": "gone", "action": "end"}, {"status": 410, "action": "fail", "message": "moved away"}`, pages,
			[]resttest.Answer{one, {Status: 410, Body: "elsewhere"}}, "1", "moved away", 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			transport := inTurn(test.answers...)
			s, err := open(t, transport, configOf(members(`"schema": {"type": "object"}`, test.stream, `"responses": [`+test.rules+`]`), `"max_retries": 1`))
			if err != nil {
				t.Fatal(err)
			}
			ids, _, err := s.read(t, nil)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
			if got := strings.Join(ids, " "); got != test.want {
				t.Errorf("records are %q, expected %q", got, test.want)
			}
			if got := len(transport.Log()); got != test.requests {
				t.Errorf("%d requests, expected %d: %s", got, test.requests, s.requests())
			}
		})
	}
}

func TestResponsesThatSayNothing(t *testing.T) {
	tests := map[string]struct{ rule, says string }{
		"about all":       {`{"action": "end"}`, "streams[0].responses[0] is about every answer, expected a status or a body"},
		"about no status": {`{"action": "end", "status": []}`, "streams[0].responses[0] is about every answer"},
		"no path":         {`{"action": "end", "body": {"a..b": 1}}`, "streams[0].responses[0].body.is \"a..b\""},
		"no object":       {`3`, "streams[0].responses[0] is a int"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := restsource.Manifest(configured(t, configOf(`"responses": [`+test.rule+`]`, "")))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error is %v, expected %q", err, test.says)
			}
		})
	}
}

package errorhandler

import (
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// rule is a handler with one rule, whose fields follow.
const rule = "type: DefaultErrorHandler\nresponse_filters:\n- {type: AnswerRule, "

func TestRules(t *testing.T) {
	t.Parallel()
	fine := rest.Verdict{Action: rest.Success}
	notFound := rest.Verdict{Action: rest.Fail, Kind: tap.System}
	end := rest.Verdict{Action: rest.EndOfList, Kind: tap.System}
	for name, c := range map[string]judgeCase{
		"a status":                     {rule + "statuses: [404, 410], action: END}", answer(410, ``), end},
		"another status":               {rule + "statuses: [410], action: END}", answer(404, ``), notFound},
		"ignored as an empty page":     {rule + "statuses: [403], action: IGNORE}", answer(403, ``), rest.Verdict{Action: rest.Ignore, Kind: tap.Config, EmptyPage: true}},
		"a text":                       {rule + "contains: 'too far', action: END}", answer(200, `{"error": "page is too far"}`), end},
		"another text":                 {rule + "contains: 'too far', action: END}", answer(200, `{}`), fine},
		"a text in another charset":    {rule + "contains: 'für', action: END}", answer(200, "f\xfcr", "Content-Type: text/plain; charset=latin1"), end},
		"a status and a text":          {rule + "statuses: [404], contains: gone, action: END}", answer(404, `gone`), end},
		"the status without the text":  {rule + "statuses: [404], contains: gone, action: END}", answer(404, `moved`), notFound},
		"the text without the status":  {rule + "statuses: [404], contains: gone, action: END}", answer(200, `gone`), fine},
		"a member":                     {rule + "members: [{path: [error, code], values: [7, 8]}], action: RETRY}", answer(200, `{"error": {"code": 8}}`), rest.Verdict{Action: rest.Retry, Kind: tap.System}},
		"a member as text":             {rule + "members: [{path: [error, code], values: ['7']}], action: END}", answer(200, `{"error": {"code": 7}}`), end},
		"a text as member":             {rule + "members: [{path: [ok], values: [false]}], action: END}", answer(200, `{"ok": "false"}`), end},
		"a member of another value":    {rule + "members: [{path: [ok], values: [false]}], action: END}", answer(200, `{"ok": true}`), fine},
		"a member that is not there":   {rule + "members: [{path: [ok], values: [null]}], action: END}", answer(200, `{}`), fine},
		"null":                         {rule + "members: [{path: [ok], values: [null]}], action: END}", answer(200, `{"ok": null}`), end},
		"all members":                  {rule + "members: [{path: [a], values: [1]}, {path: [b], values: [2]}], action: END}", answer(200, `{"a": 1, "b": 2}`), end},
		"not all members":              {rule + "members: [{path: [a], values: [1]}, {path: [b], values: [2]}], action: END}", answer(200, `{"a": 1}`), fine},
		"an object":                    {rule + "members: [{path: [a], values: [{b: 1, c: 2}]}], action: END}", answer(200, `{"a": {"c": 2, "b": 1}}`), end},
		"no JSON":                      {rule + "members: [{path: [a], values: [1]}], action: END}", answer(200, `a`), fine},
		"a message":                    {rule + "statuses: [422], action: FAIL, message: \"No plan: {{ response.why }}\"}", answer(422, `{"why": "free"}`), rest.Verdict{Action: rest.Fail, Kind: tap.System, Message: "No plan: free"}},
		"no answer":                    {rule + "contains: '', statuses: [404], action: END}", fault(), rest.Verdict{Action: rest.Retry, Kind: tap.System}},
		"the first rule that fits":     {rule + "statuses: [404], action: END}\n- {type: AnswerRule, statuses: [404], action: IGNORE}", answer(404, ``), end},
		"before the filters behind it": {rule + "statuses: [404], action: END}\n- {type: HttpResponseFilter, http_codes: [404], action: FAIL}", answer(404, ``), end},
		"in a composite handler": {"type: CompositeErrorHandler\nerror_handlers:\n- {type: DefaultErrorHandler, response_filters: [{type: AnswerRule, statuses: [404], action: END}]}\n- type: DefaultErrorHandler",
			answer(404, ``), end},
	} {
		t.Run(name, c.run)
	}
}

func TestRulesThatMakeNoSense(t *testing.T) {
	t.Parallel()
	if _, err := build(t, rule+"action: END}"); err == nil || !strings.Contains(err.Error(), "about every answer") {
		t.Errorf("error %v", err)
	}
	if _, err := build(t, rule+"statuses: [404], action: SUCCESS}"); err == nil || !strings.Contains(err.Error(), "action") {
		t.Errorf("error %v", err)
	}
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	root := manifesttest.Resolve(t, "test.yaml", rule+"statuses: [404], action: END}")
	if _, err := manifest.Build[rest.ErrorHandler](manifest.With(c, contract.Scope{NoPages: "a login"}), root); err == nil || !strings.Contains(err.Error(), "no meaning for a login") {
		t.Errorf("error %v", err)
	}
}

package paginator_test

import (
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/rest"
	"anytap/internal/value"
)

const membersYAML = `
type: DefaultPaginator
page_token_option: {type: TokenMembers, inject_into: request_parameter}
pagination_strategy: {type: CursorPagination, cursor_value: "{{ response['continue'] }}"}`

func TestTokenMembers(t *testing.T) {
	tests := map[string]struct {
		into  string
		token any
		want  string
	}{
		"in the query":     {"request_parameter", value.DictOf("rvcontinue", "2015|1e5", "continue", "||", "none", nil), `{"rvcontinue":"2015|1e5","continue":"||"} null`},
		"in the body":      {"body_json", value.DictOf("variables.after", "x", "page", int64(2)), `null {"variables":{"after":"x"},"page":2}`},
		"with a dot":       {"body_json", value.DictOf(`["a.b"]`, int64(1)), `null {"a.b":1}`},
		"a dot in a query": {"request_parameter", value.DictOf("page.next", int64(1)), `{"page.next":1} null`},
		"the first page":   {"request_parameter", nil, `null null`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, strings.Replace(membersYAML, "request_parameter", test.into, 1), nil, contract.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			o := &rest.Parts{}
			if err := p.Inject(o, &rest.PageRequest{Token: test.token}); err != nil {
				t.Fatal(err)
			}
			if got := text(o.Params) + " " + text(o.JSON); got != test.want {
				t.Errorf("parts are %s, expected %s", got, test.want)
			}
		})
	}
}

func TestTokenMembersThatCanNotBeSent(t *testing.T) {
	tests := map[string]struct {
		into  string
		token any
		says  string
	}{
		"no object":    {"request_parameter", "x", "the token is a str, expected an object of parameters"},
		"no path":      {"body_json", value.DictOf("a..b", "x"), "the parameter a..b"},
		"two in a row": {"body_json", value.DictOf("a", "x", "a.b", "y"), "a holds a str"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, strings.Replace(membersYAML, "request_parameter", test.into, 1), nil, contract.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Inject(&rest.Parts{}, &rest.PageRequest{Token: test.token}); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, expected %q", err, test.says)
			}
		})
	}
}

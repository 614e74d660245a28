package restsource

import (
	"fmt"
	"strings"

	"anytap/internal/value"
)

// final are statuses that stay the same at another try. Without a filter those that the reference
// runtime does not know are tried again.
var final = []int{402, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422, 423, 424, 428, 431, 451}

// errorHandlerOf judges answers by the rules of the stream s, which stands at a place of the
// configuration, and ends the stream at a final status. If tokens are fetched, it first replaces
// one that was refused.
func errorHandlerOf(s *value.Dict, at string, tokens bool) (*value.Dict, error) {
	filters := value.NewList()
	for i, item := range list(s, "responses").All() {
		rule, ok := item.(*value.Dict)
		if !ok {
			return nil, fmt.Errorf("responses[%d] is a %s, expected an object", i, value.TypeName(item))
		}
		filter, err := ruleOf(rule, fmt.Sprintf("%s['responses'][%d]", at, i))
		if err != nil {
			return nil, fmt.Errorf("responses[%d]%w", i, err)
		}
		filters.Append(filter)
	}
	if tokens {
		filters.Append(value.DictOf("type", "HttpResponseFilter", "http_codes", value.NewList(int64(401)), "action", "REFRESH_TOKEN_THEN_RETRY"))
	}
	filters.Append(value.DictOf("type", "HttpResponseFilter", "http_codes", value.NewList(int64(405)), "action", "FAIL", "failure_type", "config_error", "error_message", refusedMethod(methodOf(s))))
	filters.Append(value.DictOf("type", "HttpResponseFilter", "http_codes", value.FromGo(final), "action", "FAIL"))
	return value.DictOf("type", "DefaultErrorHandler", "response_filters", filters), nil
}

// refusedMethod is what is said of an API that does not take the method.
func refusedMethod(method string) string {
	if method == "GET" {
		return "the API does not take GET here: write method: POST, and in: body below pagination if the page goes into the body"
	}
	return "the API does not take " + method + " here: write another method"
}

// ruleOf returns the rule for answers that a setting describes.
func ruleOf(rule *value.Dict, at string) (*value.Dict, error) {
	out := value.DictOf("type", "AnswerRule", "action", strings.ToUpper(text(rule, "action")))
	status, _ := rule.Get("status")
	switch status := status.(type) {
	case int64:
		out.Set("statuses", value.NewList(status))
	case *value.List:
		if status.Len() > 0 {
			out.Set("statuses", status)
		}
	}
	body, _ := rule.Get("body")
	switch body := body.(type) {
	case string:
		if body != "" {
			out.Set("contains", body)
		}
	case *value.Dict:
		members, err := membersOf(body)
		if err != nil {
			return nil, fmt.Errorf(".body.%w", err)
		}
		if members.Len() > 0 {
			out.Set("members", members)
		}
	}
	if out.Len() == 2 {
		return nil, fmt.Errorf(" is about every answer, expected a status or a body")
	}
	if text(rule, "message") != "" {
		out.Set("message", quoted(at+"['message']"))
	}
	return out, nil
}

// membersOf returns the members of a body that a rule names by their paths. A list holds several
// values that a member may have.
func membersOf(body *value.Dict) (*value.List, error) {
	members := value.NewList()
	for name, v := range body.All() {
		if _, err := value.ParsePath(name); err != nil {
			return nil, err
		}
		members.Append(value.DictOf("path", name, "values", several(v)))
	}
	return members, nil
}

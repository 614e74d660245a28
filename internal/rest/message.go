package rest

import (
	"strings"
	"unicode/utf8"

	"anytap/internal/value"
)

// messageKeys are the members that hold an error's message, in the reference runtime's order.
var messageKeys = []string{
	"message", "messages", "error", "errors", "failures", "failure", "detail", "err", "error_message", "msg", "reason", "status_message",
}

// Message is the API's own message in a body, found as the reference runtime finds it: in JSON by
// well-known keys, else the text itself. ok is false when there is none.
func (a *Answer) Message() (text string, ok bool) {
	if v, isJSON := a.JSON(); isJSON {
		return messageIn(v)
	}
	body, err := a.Body()
	if err != nil || !utf8.Valid(body) {
		return "", false
	}
	return string(body), true
}

func messageIn(v any) (text string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case *value.List:
		var all []string
		for _, item := range v.All() {
			if text, ok := messageIn(item); ok {
				all = append(all, text)
			}
		}
		return strings.Join(all, ", "), true
	case *value.Dict:
		for _, key := range messageKeys {
			if inner, has := v.Get(key); has && value.Truth(inner) {
				return messageIn(inner)
			}
		}
	}
	return "", false
}

// RequestID is what the API calls the request by, for its support: a header, or a member of the
// body; empty: none.
func (a *Answer) RequestID() string {
	for _, name := range []string{"Correlation-Id", "X-Request-Id", "X-Correlation-Id", "Request-Id", "X-Amzn-Requestid"} {
		if id := a.Header.Get(name); id != "" {
			return id
		}
	}
	v, ok := a.JSON()
	if !ok {
		return ""
	}
	for _, path := range [][]string{{"request_id"}, {"requestId"}, {"error", "request_id"}, {"meta", "request_id"}, {"logRef"}} {
		if id, ok := value.At(v, path...); ok && id != nil {
			return value.Str(id)
		}
	}
	return ""
}

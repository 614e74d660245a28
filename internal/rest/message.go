package rest

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// messageKeys are the members that hold an error's message, in the reference runtime's order.
var messageKeys = []string{
	"message", "messages", "error", "errors", "failures", "failure", "detail", "err", "error_message", "msg", "reason", "status_message",
}

// Message is the API's own message in a body, found as the reference runtime finds it: in JSON by well-known keys, else
// the text itself. ok is false when there is none.
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

// longestMessage is how much of an API's own words an error shows, in bytes.
const longestMessage = 500

// apiMessage is the API's message for a person: one line, with the code of {"error": {"code": …}} and the details of
// vnd.error answers, which Message leaves out.
func (a *Answer) apiMessage() string {
	text, _ := a.Message()
	if v, isJSON := a.JSON(); isJSON {
		if d, isDict := v.(*value.Dict); isDict {
			text = withDetails(text, d)
		}
	} else if body, err := a.Body(); err == nil && looksLikeHTML(body) {
		text = "an HTML page"
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longestMessage {
		text = strings.ToValidUTF8(text[:longestMessage], "") + "…"
	}
	return text
}

func looksLikeHTML(body []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 256)]))
	return bytes.HasPrefix(head, []byte("<!doctype")) || bytes.HasPrefix(head, []byte("<html"))
}

func withDetails(text string, d *value.Dict) string {
	if code, ok := value.At(d, "error", "code"); ok && code != nil && value.Str(code) != text {
		text = strings.TrimSuffix(value.Str(code)+": "+text, ": ")
	}
	v, _ := value.At(d, "_embedded", "errors")
	list, ok := v.(*value.List)
	if !ok {
		return text
	}
	var details []string
	for _, item := range list.All() {
		message, _ := value.At(item, "message")
		detail := value.Str(message)
		if path, ok := value.At(item, "path"); ok {
			detail = value.Str(path) + " " + detail
		}
		details = append(details, detail)
	}
	return strings.TrimSuffix(text+": "+strings.Join(details, ", "), ": ")
}

// RequestID is what the API calls the request by, for its support: a header, or a member of the body; empty: none.
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

var hintsByStatus = map[int]string{
	http.StatusUnauthorized: "check the credentials: they are missing, wrong or expired",
	http.StatusForbidden:    "the credentials are known but lack the permission for this",
	http.StatusNotFound:     "check the address and the IDs in it; it may also be hidden from these credentials",
}

// failure makes the error of a stream that ends because of an answer. Nothing in it is secret.
func (x *Exchange) failure(r *request, a *Answer, v Verdict, prefix string) error {
	redact := x.client.redact
	where := redact.Address(r.address(), r.signed)
	e := &tap.Error{Kind: v.Kind}
	if e.Kind == "" {
		e.Kind = tap.System
	}
	if a.Err != nil {
		e.Message = redact.Text(fmt.Sprintf("%s%s %s: %v", prefix, r.method, where, a.Err))
		return e
	}
	text := fmt.Sprintf("%s %s answered %d %s", r.method, where, a.Status, http.StatusText(a.Status))
	text = strings.TrimRight(text, " ")
	if said := a.apiMessage(); said != "" && said != v.Message {
		text += ": " + said
	}
	if id := a.RequestID(); id != "" {
		text += ", request ID " + id
	}
	if v.Message != "" {
		text = v.Message + " (" + text + ")"
	}
	e.Message = redact.Text(prefix + text)
	e.Hint = hintsByStatus[a.Status]
	body, _ := a.Body()
	return &refusal{cause: e, status: a.Status, text: string(body[:min(len(body), refusalText)])}
}

package exchange

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// longestMessage is how much of an API's own words an error shows, in bytes.
const longestMessage = 500

// apiMessage is the API's message for a person: one line, with the code of {"error": {"code": …}}
// and the details of vnd.error answers, which Message leaves out.
func apiMessage(a *rest.Answer) string {
	text, _ := a.Message()
	if v, isJSON := a.JSON(); isJSON {
		if d, isDict := v.(*value.Dict); isDict {
			text = withDetails(text, d)
		}
	} else if body, err := a.Body(); err == nil && rest.IsHTML(body) {
		text = rest.HTMLPage(body)
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longestMessage {
		text = strings.ToValidUTF8(text[:longestMessage], "") + "…"
	}
	return text
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

var hintsByStatus = map[int]string{
	http.StatusUnauthorized: "check the credentials: they are missing, wrong or expired",
	http.StatusForbidden:    "the credentials are known but lack the permission for this",
	http.StatusNotFound:     "check the address and the IDs in it; it may also be hidden from these credentials",
}

// failure makes the error of a stream that ends because of an answer. Nothing in it is secret.
func (x *Endpoint) failure(r *request, a *rest.Answer, v rest.Verdict, prefix string) error {
	hide := x.client.redact
	where := publicAddress(hide, r.Address(), r.signed)
	e := &tap.Error{Kind: v.Kind}
	if e.Kind == "" {
		e.Kind = tap.System
	}
	if a.Err != nil {
		e.Message = hide.Text(fmt.Sprintf("%s%s %s: %v", prefix, r.Method, where, a.Err))
		if gone, ok := errors.AsType[*unreachable](a.Err); ok {
			e.Hint = gone.hint()
		}
		if fault, ok := errors.AsType[*rest.Fault](a.Err); ok && (fault.Kind == rest.BadScheme || fault.Kind == rest.BadURL) {
			return e
		}
		return &rest.Unanswered{Cause: e}
	}
	text := fmt.Sprintf("%s %s answered %d %s", r.Method, where, a.Status, http.StatusText(a.Status))
	text = strings.TrimRight(text, " ")
	if said := apiMessage(a); said != "" && said != v.Message {
		text += ": " + said
	}
	if id := a.RequestID(); id != "" {
		text += ", request ID " + id
	}
	if v.Message != "" {
		text = v.Message + " (" + text + ")"
	}
	e.Message = hide.Text(prefix + text)
	e.Hint = hintsByStatus[a.Status]
	if (a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden) && !x.trusts(r.home, a.URL) {
		e.Hint = x.bareHint(a.URL)
	}
	body, _ := a.Body()
	return &refusal{cause: e, status: a.Status, text: string(body[:min(len(body), refusalText)])}
}

// refusal is the error of a request that ended because of the API's answer.
type refusal struct {
	cause  *tap.Error
	status int
	text   string // the beginning of the body
}

var _ tap.Refused = (*refusal)(nil)

// refusalText is how much of a body is kept: enough to see what it is about.
const refusalText = 4 << 10

// Error is the cause's.
func (r *refusal) Error() string { return r.cause.Error() }

// Unwrap returns the error that front ends report.
func (r *refusal) Unwrap() error { return r.cause }

// Refusal is the answer's status and the beginning of its body.
func (r *refusal) Refusal() (int, string) { return r.status, r.text }

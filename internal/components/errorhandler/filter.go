package errorhandler

import (
	"fmt"
	"slices"
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// FilterDefinition configures a verdict for the answers that it matches.
//
//	type: HttpResponseFilter
//	http_codes: [403]
//	predicate: "{{ 'quota' in response.message }}"
//	error_message_contains: quota
//	action: IGNORE
//	failure_type: config_error
//	error_message: "Not in your plan: {{ response.message }}"
type FilterDefinition struct {
	Action      string        `manifest:"action,enum=SUCCESS|FAIL|RETRY|IGNORE|RESET_PAGINATION|RATE_LIMITED|REFRESH_TOKEN_THEN_RETRY|REDUCE_PAGE_SIZE|SPLIT_REQUEST_WINDOW" doc:"What is done about an answer that matches; without one the filter does nothing."`
	FailureType string        `manifest:"failure_type,enum=system_error|config_error|transient_error" doc:"Whose failure it is, for the action FAIL."`
	Message     *jinja.String `manifest:"error_message" doc:"The message for the user, made of response, headers, request_url and config."`
	Contains    string        `manifest:"error_message_contains" doc:"Matches when the API's message holds this text."`
	Codes       []int         `manifest:"http_codes,unique" doc:"Matches these statuses."`
	Predicate   *jinja.Bool   `manifest:"predicate" doc:"Matches when it is true of response, headers and request_url."`
}

// BuildFilter builds a HttpResponseFilter.
func BuildFilter(c *manifest.Compiler, n *manifest.Node) (*Filter, error) {
	var def FilterDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if err := refuseAction(c, n, rest.Action(def.Action)); err != nil {
		return nil, err
	}
	f := &Filter{
		action: rest.Action(def.Action), kind: tap.Kind(def.FailureType), codes: def.Codes, contains: def.Contains,
		predicate: def.Predicate, message: def.Message, env: c.ConfigEnv(), bare: jinja.NewEnv(c.Now).Set("config", nil),
	}
	predicate, _ := n.Get("predicate").Text()
	if predicate == "" {
		f.predicate = nil
	}
	message, _ := n.Get("error_message").Text()
	if message == "" {
		f.message = nil
	}
	f.headers = rest.SpelledNames(predicate, message)
	return f, nil
}

// refuseAction refuses an action that only the pages of a stream can carry out, for requests
// without pages.
func refuseAction(c *manifest.Compiler, n *manifest.Node, action rest.Action) error {
	scope, _ := manifest.Scoped[contract.Scope](c)
	if scope.NoPages != "" && (action == rest.ReducePageSize || action == rest.SplitRequestWindow || action == rest.EndOfList) {
		return n.Problem("the action %s has no meaning for %s, which has no pages", action, scope.NoPages)
	}
	return nil
}

// Filter is a verdict for the answers that it matches: by status, by a predicate, or by the API's
// message. One match is enough.
type Filter struct {
	action    rest.Action
	kind      tap.Kind
	codes     []int
	contains  string
	predicate *jinja.Bool
	message   *jinja.String
	env, bare *jinja.Env // bare has no configuration: predicates do not see it
	headers   []string   // names in the spelling of the templates
}

// judge gives the verdict; ok is false for an answer that does not match.
func (f *Filter) judge(a *rest.Answer) (v rest.Verdict, ok bool, err error) {
	if f.action == "" || a.Err != nil {
		return v, false, nil
	}
	if ok, err = f.matches(a); err != nil || !ok {
		return v, false, err
	}
	v.Action = f.action
	standard, known := rest.TableVerdict(a.Status)
	switch {
	case f.kind != "" && f.action == rest.Fail:
		v.Kind = f.kind
	case known:
		v.Kind = standard.Kind
	default:
		v.Kind = tap.System
	}
	if f.message != nil {
		said, err := f.message.Eval(a.Env(f.env, f.headers...))
		if err != nil {
			return v, false, fmt.Errorf("error_message: %w", err)
		}
		if value.Truth(said) {
			v.Message = value.Str(said)
		}
	}
	return v, true, nil
}

// matches reports whether the filter is about an answer.
func (f *Filter) matches(a *rest.Answer) (bool, error) {
	if slices.Contains(f.codes, a.Status) {
		return true, nil
	}
	if f.predicate != nil {
		ok, err := f.predicate.Eval(a.Env(f.bare, f.headers...))
		if err != nil {
			return false, fmt.Errorf("predicate: %w", err)
		}
		if ok {
			return true, nil
		}
	}
	if f.contains == "" {
		return false, nil
	}
	text, ok := a.Message()
	return ok && strings.Contains(text, f.contains), nil
}

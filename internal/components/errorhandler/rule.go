package errorhandler

import (
	"bytes"
	"fmt"
	"slices"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// RuleDefinition configures a verdict for the answers that have all of what it names. It stands
// among the response_filters of an error handler.
//
//	type: AnswerRule
//	statuses: [400]
//	contains: too far
//	members: [{path: [error, code], values: [7, 8]}]
//	action: END
//	message: "There is nothing behind page 100."
type RuleDefinition struct {
	Statuses []int         `manifest:"statuses" doc:"The statuses that it is about; all where there are none."`
	Contains string        `manifest:"contains" doc:"A text that the body holds."`
	Members  []*RuleMember `manifest:"members" doc:"Members that the body has."`
	Action   string        `manifest:"action,required,enum=IGNORE|RETRY|END|FAIL" doc:"IGNORE: the answer is a page without records. RETRY: it is asked for again. END: the list has ended. FAIL: the stream fails."`
	Message  *jinja.String `manifest:"message" doc:"What is said where the stream fails."`
}

// RuleMember is a member of a body, and the values that it may have.
type RuleMember struct {
	Path   any         `manifest:"path,required,is=string|array" doc:"Where the member stands: a dotted text, or a list of names."`
	Values *value.List `manifest:"values,required" doc:"The values that it may have. Numbers and truth values may stand in the body as texts, and the other way round."`
}

// BuildRule builds an AnswerRule.
func BuildRule(c *manifest.Compiler, n *manifest.Node) (*Rule, error) {
	var def RuleDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if len(def.Statuses) == 0 && def.Contains == "" && len(def.Members) == 0 {
		return nil, n.Problem("the rule is about every answer, expected statuses, contains or members")
	}
	action := rest.Action(def.Action)
	if err := refuseAction(c, n, action); err != nil {
		return nil, err
	}
	r := &Rule{action: action, statuses: def.Statuses, contains: def.Contains, message: def.Message.Given(), env: c.ConfigEnv()}
	for _, m := range def.Members {
		path, err := value.PathOf(m.Path)
		if err != nil {
			return nil, n.Problem("members: path %v", err)
		}
		texts := make([]string, 0, m.Values.Len())
		for _, v := range m.Values.All() {
			texts = append(texts, plainText(v))
		}
		r.members = append(r.members, member{path, texts})
	}
	return r, nil
}

// Rule is a verdict for the answers that have all of what it names.
type Rule struct {
	action   rest.Action
	statuses []int
	contains string
	members  []member
	message  *jinja.String // nil: nothing of its own is said
	env      *jinja.Env
}

var _ responseFilter = (*Rule)(nil)

// member is a place in a body, with the texts of the values that may stand there.
type member struct {
	path  value.Path
	texts []string
}

func (r *Rule) judge(a *rest.Answer) (v rest.Verdict, ok bool, err error) {
	if a.Err != nil || !r.matches(a) {
		return v, false, nil
	}
	v = rest.Verdict{Action: r.action, Kind: tap.System, EmptyPage: r.action == rest.Ignore}
	if standard, known := rest.TableVerdict(a.Status); known {
		v.Kind = standard.Kind
	}
	if r.message == nil {
		return v, true, nil
	}
	if v.Message, err = r.message.Text(a.Env(r.env)); err != nil {
		return v, false, fmt.Errorf("message: %w", err)
	}
	return v, true, nil
}

func (r *Rule) matches(a *rest.Answer) bool {
	if len(r.statuses) > 0 && !slices.Contains(r.statuses, a.Status) {
		return false
	}
	if r.contains != "" {
		if body, err := a.Body(); err != nil || !bytes.Contains(rest.DecodeText(body, a.Header.Get("Content-Type")), []byte(r.contains)) {
			return false
		}
	}
	if len(r.members) == 0 {
		return true
	}
	body, ok := a.JSON()
	if !ok {
		return false
	}
	return !slices.ContainsFunc(r.members, func(m member) bool {
		v, ok := m.path.At(body)
		return !ok || !slices.Contains(m.texts, plainText(v))
	})
}

// plainText is a value as JSON, a text without its quotes: APIs are not particular about whether
// they send 7 or "7".
func plainText(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	return string(value.AppendCompactSorted(nil, v))
}

package paginator

import (
	"net/http"
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// answerVars makes the variables of templates that come from an answer.
type answerVars struct {
	decoder rest.Decoder
	reads   rest.Reads // the part of the body that templates read
	headers []string   // names that templates look up
	any     bool       // templates read headers
	strict  bool       // Link headers are read by the grammar of RFC 8288
}

// newAnswerVars makes them for templates that read paths, each of which begins with a variable.
func newAnswerVars(c *manifest.Compiler, paths [][]string) answerVars {
	scope, _ := manifest.Scoped[contract.Scope](c)
	a := answerVars{decoder: scope.Decoder, strict: scope.Pages.Strict}
	for _, path := range paths {
		switch path[0] {
		case "response":
			a.reads.All = a.reads.All || len(path) == 1
			a.reads.Paths = append(a.reads.Paths, path[1:])
		case "headers":
			a.any = true
			if len(path) > 1 {
				a.headers = append(a.headers, path[1])
			}
		}
	}
	if a.reads.All {
		a.reads.Paths = nil
	}
	return a
}

// lazyBody is an answer's body as templates see it. It keeps the error of a body that can not be
// decoded.
type lazyBody struct{ err error }

// result is the error of a template, or else that of the body which it read.
func (b *lazyBody) result(err error) error {
	if err == nil {
		err = b.err
	}
	return err
}

// bind sets the variable response. The body is decoded when a template first reads it.
func (a *answerVars) bind(env *jinja.Env, r *rest.Response) *lazyBody {
	body := &lazyBody{}
	env.SetLazy("response", func() any {
		var v any
		if r.Value != nil {
			v, body.err = r.Value()
		} else {
			v, body.err = rest.TemplateValue(a.decoder, r)
		}
		return v
	})
	return body
}

// eval evaluates a template that may read the body.
func (a *answerVars) eval(t *jinja.String, env *jinja.Env, r *rest.Response) (any, error) {
	body := a.bind(env, r)
	v, err := t.Eval(env)
	return v, body.result(err)
}

// headerDict is the variable headers: the answer's headers by the names that the templates use, and
// under link the addresses of the Link header (RFC 8288) by their relation.
func (a *answerVars) headerDict(h http.Header) *value.Dict {
	if !a.any {
		return value.NewDict(0)
	}
	d := rest.HeaderDict(h)
	for _, name := range a.headers {
		if _, ok := d.Get(name); ok {
			continue
		}
		// A header's name arrives in its canonical spelling, whatever the server sent. The
		// manifest's spelling takes its place.
		if canonical := http.CanonicalHeaderKey(name); canonical != name {
			if v, ok := d.Get(canonical); ok && !strings.EqualFold(name, "link") {
				d.Delete(canonical)
				d.Set(name, v)
			}
		}
	}
	if a.strict {
		d.Set("link", relations(rest.Links(h)))
	} else {
		d.Set("link", links(strings.Join(h.Values("Link"), ", ")))
	}
	return d
}

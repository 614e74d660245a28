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

// looks is what templates want of an answer, found out once.
type looks struct {
	decoder rest.Decoder
	reads   *rest.Reads // nil: nothing of the body
	headers []string    // names that they look up
	any     bool        // they look at headers at all
}

func newLooks(c *manifest.Compiler, paths [][]string) looks {
	scope, _ := manifest.Scoped[contract.Scope](c)
	l := looks{decoder: scope.Decoder}
	var reads rest.Reads
	for _, path := range paths {
		switch path[0] {
		case "response":
			reads.All = reads.All || len(path) == 1
			reads.Paths = append(reads.Paths, path[1:])
		case "headers":
			l.any = true
			if len(path) > 1 {
				l.headers = append(l.headers, path[1])
			}
		}
	}
	if reads.All {
		reads.Paths = nil
	}
	if reads.All || len(reads.Paths) > 0 {
		l.reads = &reads
	}
	return l
}

// look is one answer being looked at; it keeps the error of a body that can not be decoded.
type look struct{ err error }

func (l *look) result(err error) error {
	if err == nil {
		err = l.err
	}
	return err
}

// at gives templates the answer's body as response; it is decoded when one asks for it.
func (l *looks) at(env *jinja.Env, r *rest.Response) *look {
	at := &look{}
	env.SetLazy("response", func() any {
		var v any
		if r.Value != nil {
			v, at.err = r.Value()
		} else {
			v, at.err = rest.TemplateValue(l.decoder, r)
		}
		return v
	})
	return at
}

// eval evaluates a template that sees the answer.
func (l *looks) eval(t *jinja.String, env *jinja.Env, r *rest.Response) (any, error) {
	look := l.at(env, r)
	v, err := t.Eval(env)
	return v, look.result(err)
}

// headerDict is what templates know as headers: the answer's by the names that the templates use, and under
// link the addresses of the Link header (RFC 8288) by their relation.
func (l *looks) headerDict(h http.Header) *value.Dict {
	if !l.any {
		return value.NewDict(0)
	}
	d := rest.HeaderDict(h)
	for _, name := range l.headers {
		if _, ok := d.Get(name); ok {
			continue
		}
		// Header names come to us in one spelling, whatever the server's was: take the manifest's for it.
		if canonical := http.CanonicalHeaderKey(name); canonical != name {
			if v, ok := d.Get(canonical); ok && !strings.EqualFold(name, "link") {
				d.Delete(canonical)
				d.Set(name, v)
			}
		}
	}
	d.Set("link", links(strings.Join(h.Values("Link"), ", ")))
	return d
}

// links reads a Link header as the requests library does: an entry for each address, by its rel, or by itself
// where it has none.
func links(header string) *value.Dict {
	const around = " '\""
	out := value.NewDict(2)
	header = strings.Trim(header, around)
	for header != "" {
		var entry string
		entry, header = cutLink(header)
		address, params, _ := strings.Cut(entry, ";")
		link := value.DictOf("url", strings.Trim(address, "<> '\""))
		for param := range strings.SplitSeq(params, ";") {
			name, v, ok := strings.Cut(param, "=")
			if !ok || strings.Contains(v, "=") {
				break
			}
			link.Set(strings.Trim(name, around), strings.Trim(v, around))
		}
		name, _ := link.Get("rel")
		if !value.Truth(name) {
			name, _ = link.Get("url")
		}
		out.Set(value.Str(name), link)
	}
	return out
}

// cutLink cuts a header at the comma before the next address.
func cutLink(header string) (entry, rest string) {
	for i := 0; i < len(header); i++ {
		if header[i] != ',' {
			continue
		}
		behind := strings.TrimLeft(header[i+1:], " ")
		if strings.HasPrefix(behind, "<") {
			return header[:i], behind[1:]
		}
	}
	return header, ""
}

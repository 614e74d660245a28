package paginator

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// NextAddressDefinition configures, as the page_token_option of a DefaultPaginator, that the token
// is the address of the page, absolute or relative to where the answer came from (RFC 3986).
//
//	type: NextAddress
//	base: keep
//	url_base: "{{ config['base_url'] }}"
type NextAddressDefinition struct {
	Base    string        `manifest:"base,enum=follow|keep|query,default=follow" doc:"What is taken of the address. follow: all of it. keep: its path and query, sent to url_base. query: only its query, sent to the address that the answer came from."`
	URLBase *jinja.String `manifest:"url_base" doc:"The address that keep sends to, made of config."`
}

// BuildNextAddress builds a NextAddress.
func BuildNextAddress(c *manifest.Compiler, n *manifest.Node) (*NextAddress, error) {
	var def NextAddressDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if def.Base == "keep" && def.URLBase.Given() == nil {
		return nil, n.Problem("url_base is missing, expected the address that base: keep sends to")
	}
	return &NextAddress{base: def.Base, urlBase: def.URLBase, env: c.ConfigEnv()}, nil
}

// NextAddress makes the address of a page of the one that an answer holds.
type NextAddress struct {
	base    string
	urlBase *jinja.String // for keep
	env     *jinja.Env
}

// absolute is the address of the page that an answer names; nil: it names none.
func (a *NextAddress) absolute(next any, r *rest.Response) (any, error) {
	if !value.Truth(next) {
		return nil, nil
	}
	text, ok := next.(string)
	if !ok {
		return nil, tap.Errorf(tap.Config, "the answer holds %s where the next address should be, expected a text", kindOf(next))
	}
	text = strings.TrimSpace(text)
	to, err := url.Parse(text)
	if err != nil {
		return nil, tap.Errorf(tap.System, "the next address can not be read: %w", withoutAddress(err))
	}
	if a.base == "follow" && to.Scheme != "" && to.Host != "" {
		return text, nil // as it is, to the letter
	}
	from, err := url.Parse(cameFrom(r))
	if err != nil || from.Host == "" {
		return nil, tap.Errorf(tap.System, "the next address is relative, and it is not known where the answer came from")
	}
	if to = from.ResolveReference(to); to.Host == "" || to.Opaque != "" {
		return nil, tap.Errorf(tap.System, "the next address leads to no host")
	}
	switch a.base {
	case "keep":
		onto, err := a.onto()
		if err != nil {
			return nil, err
		}
		to.Scheme, to.User, to.Host = onto.Scheme, onto.User, onto.Host
		setPath(to, below(onto.EscapedPath(), to.EscapedPath()))
	case "query":
		query := to.RawQuery
		*to = *from
		to.RawQuery = query
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String(), nil
}

// onto is the address that keep sends to.
func (a *NextAddress) onto() (*url.URL, error) {
	text, err := a.urlBase.Text(a.env)
	if err != nil {
		return nil, fmt.Errorf("url_base: %w", err)
	}
	onto, err := url.Parse(text)
	if err != nil || onto.Host == "" {
		return nil, tap.Errorf(tap.Config, "url_base is no address, expected one such as https://api.example.com/v1")
	}
	return onto, nil
}

// kindOf is what a value is, for people: a number or a truth value itself.
func kindOf(v any) string {
	switch v.(type) {
	case *value.Dict:
		return "an object"
	case *value.List:
		return "a list"
	}
	return string(value.Append(nil, v))
}

// cameFrom is the address that an answer came from, as whole as it is known.
func cameFrom(r *rest.Response) string {
	if r.From == "" && r.Request != nil && r.Request.URL != nil {
		return r.Request.URL.String()
	}
	return cmp.Or(r.From, r.URL)
}

// withoutAddress is the reason why an address can not be parsed. The address may hold secrets.
func withoutAddress(err error) error {
	if e, ok := err.(*url.Error); ok { //nolint:errorlint // url.Parse returns just this type
		return e.Err
	}
	return fmt.Errorf("it is no address")
}

// setPath sets a path that is escaped already.
func setPath(u *url.URL, escaped string) {
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		plain = escaped
	}
	u.Path, u.RawPath = plain, escaped
}

// below is path below the path of a base. An API behind a gateway does not know the prefix under
// which it is reached, so its paths lack it, or have only the end of it. A path that begins as the
// base's does is whole.
func below(base, path string) string {
	want, have := segments(base), segments(path)
	if len(want) == 0 || len(have) > 0 && want[0] == have[0] {
		return path
	}
	for n := min(len(want), len(have)); n > 0; n-- {
		if slices.Equal(want[len(want)-n:], have[:n]) {
			want = want[:len(want)-n]
			break
		}
	}
	return "/" + strings.Join(want, "/") + "/" + strings.TrimPrefix(path, "/")
}

// segments are those of a path, without the empty ones around it.
func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

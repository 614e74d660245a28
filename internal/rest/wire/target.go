package wire

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// Target is an address that can be asked: parsed, its path and query escaped as Python's requests
// does.
type Target struct {
	URL   *url.URL // RawQuery holds the address's own query
	query []pair   // that query decoded, the first value of each name; blank values left out
}

type pair struct{ name, value string }

// With is the address with parameters behind its own; one that the address has with the same value
// is left out. A blank in a parameter becomes "+".
func (t *Target) With(params *value.Dict) *url.URL {
	u := *t.URL
	if params := appendForm(nil, withoutSame(params, t.query)); len(params) > 0 {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += string(params)
	}
	return &u
}

// WithEscaped is With, but a blank becomes "%20". Every server reads that as a blank; some, OData's
// among them, take "+" for itself.
func (t *Target) WithEscaped(params *value.Dict) *url.URL {
	u := t.With(params)
	own := len(t.URL.RawQuery)
	u.RawQuery = u.RawQuery[:own] + strings.ReplaceAll(u.RawQuery[own:], "+", "%20")
	return u
}

// Parse prepares an address. The error is a *rest.Fault where sending would fail; any other means
// that the address makes no sense.
func Parse(address string) (*Target, error) {
	address = strings.TrimLeft(address, " \t\r\n\v\f")
	lower := strings.ToLower(address)
	if strings.Contains(address, ":") && !strings.HasPrefix(lower, "http") {
		return nil, &rest.Fault{Kind: rest.BadScheme, Err: fmt.Errorf("%s is neither an http nor an https address", shown(address))}
	}
	p := Split(address)
	switch {
	case p.Scheme == "" && (address == "" || address[0] == '/'):
		return nil, fmt.Errorf("the address %s has no scheme and no host, expected one such as https://api.example.com/v1: what stands before the path (url_base, base_url) is empty", quoted(address))
	case p.Scheme == "":
		return nil, fmt.Errorf("the address %s has no scheme: did you mean https://%s?", quoted(address), strings.TrimLeft(address, "/"))
	case p.Scheme != "http" && p.Scheme != "https":
		return nil, &rest.Fault{Kind: rest.BadScheme, Err: fmt.Errorf("%s is neither an http nor an https address", shown(address))}
	case p.Host == "":
		return nil, fmt.Errorf("the address %s has no host", quoted(address))
	}
	if p.Path == "" {
		p.Path = "/"
	}
	p.Path = requote(escapeInvalid(withoutDots(p.Path), pathChars))
	p.Query = requote(escapeInvalid(p.Query, queryChars))
	p.Fragment = ""
	p.Host = strings.ToLower(p.HostPort())
	u, err := url.Parse(p.String())
	if err != nil {
		var why *url.Error
		if errors.As(err, &why) {
			err = why.Err
		}
		return nil, fmt.Errorf("the address %s can not be asked: %w", quoted(bareText(p)), err)
	}
	if name := u.Hostname(); name == "" || name[0] == '*' || name[0] == '.' {
		return nil, fmt.Errorf("the address %s has no valid host", quoted(bareText(p)))
	}
	return &Target{URL: u, query: firstValues(p.Query)}, nil
}

// bareText shows an address without what may be secret.
func bareText(p Address) string {
	p.Query, p.Fragment = "", ""
	return p.String()
}

func shown(address string) string { return quoted(bareText(Split(address))) }

func quoted(s string) string { return fmt.Sprintf("%q", s) }

func firstValues(query string) []pair {
	if query == "" {
		return nil
	}
	var out []pair
next:
	for item := range strings.SplitSeq(query, "&") {
		name, v, _ := strings.Cut(item, "=")
		if v == "" {
			continue
		}
		name, v = UnquotePlus(name), UnquotePlus(v)
		for _, have := range out {
			if have.name == name {
				continue next
			}
		}
		out = append(out, pair{name, v})
	}
	return out
}

// UnquotePlus decodes a form text and leaves what is no escape.
func UnquotePlus(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			out = append(out, ' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

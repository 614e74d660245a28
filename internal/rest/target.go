package rest

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"anytap/internal/value"
)

// target is an address that can be asked: parsed, its path and query escaped as Python's requests does.
type target struct {
	url   *url.URL // RawQuery holds the address's own query
	query []pair   // that query decoded, the first value of each name; blank values left out
}

type pair struct{ name, value string }

// With is the address with parameters behind its own; one that the address has with the same value is left out.
func (t *target) With(params *value.Dict) *url.URL {
	u := *t.url
	if params := appendForm(nil, withoutSame(params, t.query)); len(params) > 0 {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += string(params)
	}
	return &u
}

// parseTarget prepares an address. The error is a *Fault when sending it would fail, else the address makes no sense.
func parseTarget(address string) (*target, error) {
	address = strings.TrimLeft(address, " \t\r\n\v\f")
	lower := strings.ToLower(address)
	if strings.Contains(address, ":") && !strings.HasPrefix(lower, "http") {
		return nil, &Fault{Kind: BadScheme, Err: fmt.Errorf("%s is neither an http nor an https address", shown(address))}
	}
	p := split(address)
	switch {
	case p.scheme == "":
		return nil, fmt.Errorf("the address %s has no scheme: did you mean https://%s?", quoted(address), strings.TrimLeft(address, "/"))
	case p.scheme != "http" && p.scheme != "https":
		return nil, &Fault{Kind: BadScheme, Err: fmt.Errorf("%s is neither an http nor an https address", shown(address))}
	case p.host == "":
		return nil, fmt.Errorf("the address %s has no host", quoted(address))
	}
	if p.path == "" {
		p.path = "/"
	}
	p.path = requote(escapeInvalid(withoutDots(p.path), pathChars))
	p.query = requote(escapeInvalid(p.query, queryChars))
	p.fragment = ""
	if i := strings.LastIndexByte(p.host, '@'); i >= 0 {
		p.host = p.host[i+1:]
	}
	p.host = strings.ToLower(p.host)
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
	return &target{url: u, query: firstValues(p.query)}, nil
}

// bareText shows an address without what may be secret.
func bareText(p parts) string {
	p.query, p.fragment = "", ""
	return p.String()
}

func shown(address string) string { return quoted(bareText(split(address))) }

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
		name, v = unquotePlus(name), unquotePlus(v)
		for _, have := range out {
			if have.name == name {
				continue next
			}
		}
		out = append(out, pair{name, v})
	}
	return out
}

// unquotePlus decodes a form text and leaves what is no escape.
func unquotePlus(s string) string {
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

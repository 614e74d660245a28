package initialize

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Request is a request as curl's arguments describe it.
type Request struct {
	Address    string
	Method     string   // empty: GET, or POST where there are data
	Headers    []string // "Name: value"
	Data       []string // several are joined with &; @FILE reads a file
	JSON       []string // as Data, with the headers of JSON
	URLEncoded []string // of NAME=VALUE the value is escaped
	User       string   // user:password
	Cookie     string
	AsQuery    bool // the data go into the query of a GET
}

// parsed is a request in parts.
type parsed struct {
	url     *url.URL
	method  string
	headers [][2]string
	body    string
	isJSON  bool
}

// parse takes a request apart.
func (r Request) parse() (p parsed, err error) {
	address := r.Address
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	if p.url, err = url.Parse(address); err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // without the address, which may have a password
		}
		return p, fmt.Errorf("the address can not be read: %w", err)
	}
	if p.url.Scheme != "http" && p.url.Scheme != "https" || p.url.Host == "" {
		return p, fmt.Errorf("the address begins with %s://, expected http:// or https:// and a host", p.url.Scheme)
	}
	if p.body, err = r.data(); err != nil {
		return p, err
	}
	p.method = strings.ToUpper(r.Method)
	if p.body != "" && r.AsQuery {
		p.url.RawQuery = strings.TrimPrefix(p.url.RawQuery+"&"+p.body, "&")
		p.body = ""
	}
	if p.method == "" {
		p.method = map[bool]string{true: "POST", false: "GET"}[p.body != ""]
	}
	for _, h := range r.Headers {
		name, v, ok := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return p, fmt.Errorf("-H: expected a header such as 'Accept: application/json'")
		}
		p.headers = append(p.headers, [2]string{name, strings.TrimSpace(v)})
	}
	if r.Cookie != "" {
		p.headers = append(p.headers, [2]string{"Cookie", r.Cookie})
	}
	user := r.User
	if p.url.User != nil && user == "" {
		user = p.url.User.String()
	}
	p.url.User = nil
	if user != "" {
		p.headers = append(p.headers, [2]string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(user))})
	}
	p.isJSON = len(r.JSON) > 0 || strings.HasPrefix(strings.TrimSpace(p.body), "{")
	return p, nil
}

// data is the body.
func (r Request) data() (string, error) {
	var parts []string
	for _, text := range append(append([]string(nil), r.Data...), r.JSON...) {
		if path, ok := strings.CutPrefix(text, "@"); ok {
			content, err := os.ReadFile(path)
			if err != nil {
				return "", fmt.Errorf("the data of the request: %w", err)
			}
			text = strings.TrimRight(string(content), "\r\n")
		}
		parts = append(parts, text)
	}
	for _, text := range r.URLEncoded {
		name, v, ok := strings.Cut(text, "=")
		if !ok {
			parts = append(parts, url.QueryEscape(text))
			continue
		}
		if name != "" {
			name += "="
		}
		parts = append(parts, name+url.QueryEscape(v))
	}
	return strings.Join(parts, "&"), nil
}

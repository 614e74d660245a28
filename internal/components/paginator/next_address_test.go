package paginator_test

import (
	"net/url"
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/value"
	"anytap/state"
)

const addressYAML = `
type: DefaultPaginator
page_token_option: {type: NextAddress, base: follow}
pagination_strategy: {type: CursorPagination, cursor_value: "{{ response['next_url'] }}"}`

func TestNextAddressPassesTheSuite(t *testing.T) {
	p, err := build(t, addressYAML, nil, contract.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Kind() != state.NextURL {
		t.Errorf("kind is %q", p.Kind())
	}
	resttest.Paginator(t, p, 3)
}

// nextAddress is what follows an answer that came from an address and holds a next one.
func nextAddress(t *testing.T, base, urlBase, from, next string) (string, error) {
	t.Helper()
	yaml := strings.Replace(addressYAML, "base: follow", "base: "+base+", url_base: \""+urlBase+"\"", 1)
	p, err := build(t, yaml, nil, contract.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	r := rest.NewResponse(200, nil, from, []byte(`{"next_url": `+next+`}`))
	r.From = from
	token, err := p.Next(r, 1, nil, &rest.PageRequest{})
	return value.Str(token), err
}

func TestAddressesAreResolved(t *testing.T) {
	const page = "https://api.test:8443/v1/a/items?page=1&key=s3cret"
	tests := map[string]struct{ base, from, next, want string }{
		"absolute":                       {"follow", page, "http://other.test/x?page=2#top", "http://other.test/x?page=2#top"},
		"absolute, odd but as it came":   {"follow", page, "https://api.test/a b|c?q=ä", "https://api.test/a b|c?q=ä"},
		"a query":                        {"follow", page, "?page=2", "https://api.test:8443/v1/a/items?page=2"},
		"a path":                         {"follow", page, "/v1/b?page=2", "https://api.test:8443/v1/b?page=2"},
		"a sibling":                      {"follow", page, "more?page=2", "https://api.test:8443/v1/a/more?page=2"},
		"here":                           {"follow", page, "./more?page=2", "https://api.test:8443/v1/a/more?page=2"},
		"up":                             {"follow", page, "../b/items?page=2", "https://api.test:8443/v1/b/items?page=2"},
		"up above the root":              {"follow", page, "../../../../b?page=2", "https://api.test:8443/b?page=2"},
		"dots inside":                    {"follow", page, "/v1/./x/../b?page=2", "https://api.test:8443/v1/b?page=2"},
		"another host, the same scheme":  {"follow", page, "//other.test/x?page=2", "https://other.test/x?page=2"},
		"an address inside the query":    {"follow", page, "items?back=https://x.test/a/../b", "https://api.test:8443/v1/a/items?back=https://x.test/a/../b"},
		"escapes stay":                   {"follow", page, "b%2Fc/%C3%A9?t=a%2Bb%3D", "https://api.test:8443/v1/a/b%2Fc/%C3%A9?t=a%2Bb%3D"},
		"blanks around":                  {"follow", page, " ?page=2\\n", "https://api.test:8443/v1/a/items?page=2"},
		"none":                           {"follow", page, "", "None"},
		"keep another host":              {"keep", page, "http://10.0.0.7:8080/v1/a/items?page=2", "https://api.test:8443/v1/a/items?page=2"},
		"keep another path below":        {"keep", page, "http://api.test/v1/scroll/x?page=2", "https://api.test:8443/v1/scroll/x?page=2"},
		"keep a relative one":            {"keep", page, "?page=2", "https://api.test:8443/v1/a/items?page=2"},
		"keep a path without the prefix": {"keep", page, "/items?page=2", "https://api.test:8443/v1/items?page=2"},
		"query of another host":          {"query", page, "http://10.0.0.7:8080/internal/items?page=2", "https://api.test:8443/v1/a/items?page=2"},
		"query alone":                    {"query", page, "?page=2", "https://api.test:8443/v1/a/items?page=2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := nextAddress(t, test.base, "https://api.test:8443/v1", test.from, `"`+test.next+`"`)
			if err != nil || got != test.want {
				t.Errorf("%s, %v, expected %s", got, err, test.want)
			}
		})
	}
}

// TestGatewayPrefix keeps the prefix of a gateway, which the API behind it knows not or in part.
func TestGatewayPrefix(t *testing.T) {
	tests := map[string]struct{ urlBase, next, want string }{
		"none known":       {"https://gw.test/crm/api", "http://crm/items?page=2", "https://gw.test/crm/api/items?page=2"},
		"its end is known": {"https://gw.test/crm/api", "http://crm/api/items?page=2", "https://gw.test/crm/api/items?page=2"},
		"all of it known":  {"https://gw.test/crm/api/", "http://crm/crm/api/items?page=2", "https://gw.test/crm/api/items?page=2"},
		"no prefix":        {"https://gw.test", "http://crm/api/items?page=2", "https://gw.test/api/items?page=2"},
		"the root":         {"https://gw.test/crm", "http://crm/?page=2", "https://gw.test/crm/?page=2"},
		"a folder":         {"https://gw.test/crm", "http://crm/items/?page=2", "https://gw.test/crm/items/?page=2"},
		"a user":           {"https://u:p@gw.test", "http://crm/items?page=2", "https://u:p@gw.test/items?page=2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := nextAddress(t, "keep", test.urlBase, "https://gw.test/crm/api/items", `"`+test.next+`"`)
			if err != nil || got != test.want {
				t.Errorf("%s, %v, expected %s", got, err, test.want)
			}
		})
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	tests := map[string]struct{ from, next, says string }{
		"a number":           {"https://api.test/items", `2`, "holds 2 where the next address should be, expected a text"},
		"an object":          {"https://api.test/items", `{"href": "/items?page=2"}`, "holds an object where the next address should be, expected a text"},
		"an odd escape":      {"https://api.test/items", `"https://api.test/s3cret?%zz#%zz"`, "the next address can not be read: invalid URL escape"},
		"another scheme":     {"https://api.test/items", `"mailto:me"`, "leads to no host"},
		"relative to nobody": {"", `"?page=2"`, "it is not known where the answer came from"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := nextAddress(t, "follow", "", test.from, test.next)
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("error %v, expected %q", err, test.says)
			}
		})
	}
	if _, err := nextAddress(t, "keep", "api.test", "https://api.test", `"/items"`); err == nil || !strings.Contains(err.Error(), "url_base is no address") {
		t.Errorf("error %v", err)
	}
	if _, err := build(t, strings.Replace(addressYAML, "follow", "keep", 1), nil, contract.Scope{}); err == nil || !strings.Contains(err.Error(), "url_base is missing") {
		t.Errorf("error %v", err)
	}
}

// FuzzNextAddress: what an answer holds gives an address that can be sent, or an error.
func FuzzNextAddress(f *testing.F) {
	for _, next := range []string{"?page=2", "../x", "//h/x", "http://h:1/p?q#f", "%2e%2e/x", ":x", "a:b", "/a//b/../c"} {
		f.Add(next, true)
		f.Add(next, false)
	}
	f.Fuzz(func(t *testing.T, next string, keep bool) {
		base := map[bool]string{true: "keep", false: "query"}[keep]
		got, err := nextAddress(t, base, "https://gw.test/crm/api", "https://api.test/items?page=1", string(value.Append(nil, next)))
		if err != nil || got == "None" {
			return
		}
		if u, err := url.Parse(got); err != nil || u.Host != map[bool]string{true: "gw.test", false: "api.test"}[keep] {
			t.Errorf("%q gives %q, %v", next, got, err)
		}
	})
}

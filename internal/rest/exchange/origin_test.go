package exchange_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// keys is an authenticator that adds what it is made of.
type keys struct{ rest.Parts }

func (k keys) Sign(_ context.Context, o *rest.Parts) error {
	mark := o.Mark
	*o = k.Parts
	o.Mark = mark
	return nil
}
func (keys) Refresh(context.Context) error          { return rest.ErrNoRefresh }
func (keys) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }
func inHeader(name, v string) keys                  { return keys{rest.Parts{Headers: value.DictOf(name, v)}} }
func inQuery(name, v string) keys                   { return keys{rest.Parts{Params: value.DictOf(name, v)}} }
func sentTo(host string, all []resttest.Request) (out []resttest.Request) {
	for _, r := range all {
		if strings.Contains(r.URL, "://"+host+"/") {
			out = append(out, r)
		}
	}
	return out
}

// allOf is everything that a request shows of itself.
func allOf(r resttest.Request) string {
	var b bytes.Buffer
	_ = r.Header.Write(&b)
	return r.String() + "\n" + b.String()
}

// TestCredentialsStayHome leads requests elsewhere by next addresses and redirects, with
// credentials of all kinds.
func TestCredentialsStayHome(t *testing.T) {
	t.Parallel()
	kinds := map[string]struct {
		auth   rest.Authenticator
		own    *rest.Parts
		method string
	}{
		"a header of the authenticator":     {auth: inHeader("Authorization", "Bearer CANARY-1")},
		"another header of it":              {auth: inHeader("X-Api-Key", "CANARY-1")},
		"a parameter of it":                 {auth: inQuery("key", "CANARY-1")},
		"a body of it":                      {auth: keys{rest.Parts{JSON: value.DictOf("key", "CANARY-1")}}, method: http.MethodPost},
		"a header of the manifest":          {own: &rest.Parts{Headers: value.DictOf("X-Custom", "CANARY-1")}},
		"a header that nobody calls secret": {own: &rest.Parts{Headers: value.DictOf("Authorization", "open CANARY-2")}},
		"a parameter of the manifest":       {own: &rest.Parts{Params: value.DictOf("q", "CANARY-1")}},
		"a field of a form":                 {own: &rest.Parts{Form: value.DictOf("password", "CANARY-2", "q", "x")}, method: http.MethodPost},
		"deep in a body":                    {own: &rest.Parts{JSON: value.DictOf("login", value.DictOf("by", value.NewList("CANARY-1")))}, method: http.MethodPost},
		"a body as text":                    {own: &rest.Parts{Text: "<key>CANARY-1</key>"}, method: http.MethodPost},
		"a cookie":                          {},
	}
	ways := map[string]struct {
		base, address string // what is asked
		reply         resttest.Answer
	}{
		"a next address":                     {"https://api.test/v1", "https://evil.test/next?o=1", resttest.Answer{}},
		"a next address with the key":        {"https://api.test/v1", "https://evil.test/next?o=1&key=CANARY-1", resttest.Answer{}},
		"a next address on another port":     {"https://api.test/v1", "https://api.test:8443/next", resttest.Answer{}},
		"a next address without TLS":         {"https://api.test/v1", "http://api.test/next", resttest.Answer{}},
		"a next address with a user":         {"https://api.test/v1", "https://api.test:443@evil.test/next", resttest.Answer{}},
		"a redirect, 301":                    {"", "https://api.test/a", resttest.Answer{Status: 301, Header: []string{"Location: https://evil.test/b"}}},
		"a redirect, 302":                    {"", "https://api.test/a", resttest.Answer{Status: 302, Header: []string{"Location: https://evil.test/b?key=CANARY-1"}}},
		"a redirect, 307":                    {"", "https://api.test/a", resttest.Answer{Status: 307, Header: []string{"Location: //evil.test/b"}}},
		"a redirect, 308":                    {"", "https://api.test/a", resttest.Answer{Status: 308, Header: []string{"Location: https://evil.test/b"}}},
		"a redirect to another port":         {"", "https://api.test/a", resttest.Answer{Status: 307, Header: []string{"Location: https://api.test:8443/b"}}},
		"a redirect to the host without TLS": {"", "https://api.test/a", resttest.Answer{Status: 302, Header: []string{"Location: http://api.test/b"}}},
	}
	for kindName, kind := range kinds {
		for wayName, way := range ways {
			t.Run(kindName+", "+wayName, func(t *testing.T) {
				t.Parallel()
				transport := &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
					if r.URL == "https://api.test/a" || strings.HasPrefix(r.URL, "https://api.test/a?") {
						answer := way.reply
						answer.Header = append([]string{"Set-Cookie: sid=CANARY-3; Domain=test"}, answer.Header...)
						return answer
					}
					return resttest.Answer{Body: `{}`}
				}}
				var log strings.Builder
				rt := resttest.Runtime(transport, resttest.NewClock())
				rt.Log = slog.New(slog.NewTextHandler(&log, nil))
				client := clientWith(rt, rest.Settings{Secrets: []string{"CANARY-1"}, TrustSetting: "hosts: [%q]"})
				x := client.NewEndpoint(exchange.Setup{Stream: "s", Auth: kind.auth, Method: kind.method})
				if way.base != "" && kindName == "a cookie" { // which has to come first
					if _, err := x.Send(context.Background(), "https://api.test/a", nil, nil); err != nil {
						t.Fatal(err)
					}
				}
				_, err := x.SendFrom(context.Background(), way.base, way.address, kind.own, nil)
				if err != nil && (tap.KindOf(err) != tap.Config || !strings.Contains(err.Error(), "does not name") || strings.Contains(err.Error(), "CANARY-1")) {
					t.Errorf("got %s: %v", tap.KindOf(err), err)
				}
				elsewhere := append(append(sentTo("evil.test", transport.Log()), sentTo("api.test:8443", transport.Log())...), sentTo("api.test", nil)...)
				for _, r := range transport.Log() {
					if strings.HasPrefix(r.URL, "http://api.test/") {
						elsewhere = append(elsewhere, r)
					}
				}
				if err == nil && len(elsewhere) != 1 {
					t.Fatalf("no error, and elsewhere was asked %d times: %v", len(elsewhere), transport.Lines())
				}
				for _, r := range elsewhere {
					if strings.Contains(allOf(r), "CANARY") {
						t.Errorf("elsewhere got\n%s", allOf(r))
					}
				}
				if said := strings.Count(log.String(), "another host"); err == nil && said != 1 {
					t.Errorf("said %d times that no credentials are sent: %s", said, log.String())
				}
				if strings.Contains(log.String(), "CANARY-1") {
					t.Errorf("the log has a secret: %s", log.String())
				}
			})
		}
	}
}

// TestCredentialsGoAlong names addresses that belong to the configuration, or that the user trusts.
func TestCredentialsGoAlong(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		base, address string
		hosts         []string
		want          bool
	}{
		"the same host":                 {"https://api.test/v1", "https://api.test/v2/next", nil, true},
		"in capitals, with the port":    {"https://api.test/v1", "HTTPS://API.test:443/next", nil, true},
		"http becomes https":            {"http://api.test/v1", "https://api.test/next", nil, true},
		"http becomes https, same port": {"http://api.test:8080/v1", "https://api.test:8080/next", nil, true},
		"http, another port":            {"http://api.test:8080/v1", "https://api.test:8443/next", nil, false},
		"https becomes http":            {"https://api.test/v1", "http://api.test/next", nil, false},
		"a host below":                  {"https://api.test/v1", "https://eu.api.test/next", nil, false},
		"a longer name":                 {"https://api.test/v1", "https://api.test.evil.test/next", nil, false},
		"a trusted host":                {"https://api.test/v1", "https://files.test/next", []string{"files.test"}, true},
		"a trusted host, any port":      {"https://api.test/v1", "https://files.test:8443/next", []string{"Files.test"}, true},
		"a trusted host, its port":      {"https://api.test/v1", "https://files.test:8443/next", []string{"files.test:8443"}, true},
		"a trusted host, another port":  {"https://api.test/v1", "https://files.test/next", []string{"files.test:8443"}, false},
		"a trusted host without TLS":    {"https://api.test/v1", "http://files.test/next", []string{"files.test"}, false},
		"both without TLS":              {"http://api.test/v1", "http://files.test/next", []string{"files.test"}, true},
		"a trusted origin without TLS":  {"https://api.test/v1", "http://files.test/next", []string{"http://files.test/"}, true},
		"a trusted origin, other port":  {"https://api.test/v1", "https://files.test:8443/next", []string{"https://files.test"}, false},
		"an IPv6 address":               {"http://[::1]:80/v1", "http://[::2]:8080/next", []string{"[::2]:8080"}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := resttest.Script(resttest.Answer{Body: `{}`})
			client := clientWith(resttest.Runtime(transport, resttest.NewClock()), rest.Settings{TrustedHosts: c.hosts})
			x := client.NewEndpoint(exchange.Setup{Auth: inHeader("X-Key", "secret")})
			if _, err := x.SendFrom(context.Background(), c.base, c.address, nil, nil); err != nil {
				t.Fatal(err)
			}
			if got := transport.Log()[0].Header.Get("X-Key") != ""; got != c.want {
				t.Errorf("credentials sent: %v", got)
			}
		})
	}
}

// TestGivenAddresses signs downloads of the configuration's own hosts only.
func TestGivenAddresses(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(resttest.Answer{Body: `{}`})
	client := exchange.NewClient(resttest.Runtime(transport, resttest.NewClock()))
	client.AddOrigin("https://api.test/v1")
	client.AddOrigin("{{ nothing }}")
	x := client.NewEndpoint(exchange.Setup{Auth: inHeader("X-Key", "secret"), Given: true})
	for _, address := range []string{"https://api.test/file", "https://bucket.test/file?sig=1"} {
		if _, err := x.SendFrom(context.Background(), address, address, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	log := transport.Log()
	if log[0].Header.Get("X-Key") == "" || log[1].Header.Get("X-Key") != "" {
		t.Errorf("got %v", log)
	}
}

// TestRefusedElsewhere says in the error that no credentials were sent.
func TestRefusedElsewhere(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(resttest.Answer{Status: 401, Body: `{}`})
	client := clientWith(resttest.Runtime(transport, resttest.NewClock()), rest.Settings{TrustSetting: "hosts: [%q]"})
	x := client.NewEndpoint(exchange.Setup{Auth: inHeader("X-Key", "secret")})
	_, err := x.SendFrom(context.Background(), "https://api.test", "https://files.test/next", nil, nil)
	if err == nil || !strings.Contains(err.Error(), `not sent to files.test`) || !strings.Contains(err.Error(), `hosts: ["files.test"]`) {
		t.Errorf("got %v", err)
	}
}

func TestParseTrustedHost(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "https://", "ftp://a", "a/b", "*.a", "a b", "u@a", "https://a?b"} {
		if h, err := exchange.ParseTrustedHost(text); err == nil {
			t.Errorf("%q is %+v", text, h)
		}
	}
}

func FuzzParseTrustedHost(f *testing.F) {
	f.Add("a:1")
	f.Add("https://[::1]:8/")
	f.Fuzz(func(_ *testing.T, text string) { _, _ = exchange.ParseTrustedHost(text) })
}

package exchange_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// TestSecretsArePutBack seals addresses in one run, and puts the secrets of another run into them:
// those of the configuration, and tokens that an authenticator obtained.
func TestSecretsArePutBack(t *testing.T) {
	t.Parallel()
	run := func(key, token string, in func(string) keys) (*exchange.Client, *exchange.Endpoint) {
		rt := resttest.Runtime(resttest.Script(resttest.Answer{Body: `{}`}), resttest.NewClock())
		client := clientWith(rt, rest.Settings{Secrets: []string{key}, SecretNames: []string{"auth.key"}})
		x := client.NewEndpoint(exchange.Setup{Auth: in(token)})
		if _, err := x.Send(context.Background(), "http://api.test/", nil, nil); err != nil {
			t.Fatal(err)
		}
		return client, x
	}
	bearer := func(token string) keys { return inHeader("Authorization", "Bearer "+token) }
	query := func(token string) keys { return inQuery("access_token", token) }
	body := func(token string) keys { return keys{rest.Parts{JSON: value.DictOf("auth", value.DictOf("t", token))}} }
	cases := map[string]struct {
		text, want string
		in         func(string) keys
	}{
		"of the configuration": {"http://api.test/?key=key-old-1", "http://api.test/?key=key-new-1", bearer},
		"a bearer token":       {"http://api.test/?t=tok-old-1&n=2", "http://api.test/?t=tok-new-1&n=2", bearer},
		"a parameter":          {"http://api.test/?access_token=tok-old-1", "http://api.test/?access_token=tok-new-1", query},
		"of a body":            {"x:tok-old-1", "x:tok-new-1", body},
		"both":                 {"key-old-1 tok-old-1", "key-new-1 tok-new-1", bearer},
		"none":                 {"http://api.test/?after=3", "http://api.test/?after=3", bearer},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := run("key-old-1", "tok-old-1", c.in)
			sealed := client.Seal(c.text)
			if strings.Contains(sealed, "old") {
				t.Errorf("sealed as %s", sealed)
			}
			_, x := run("key-new-1", "tok-new-1", c.in)
			if got, err := x.Unseal(context.Background(), sealed); got != c.want || err != nil {
				t.Errorf("got %s, %v, want %s", got, err, c.want)
			}
		})
	}
}

func TestSecretsThatAreGone(t *testing.T) {
	t.Parallel()
	client := exchange.NewClient(resttest.Runtime(nil, resttest.NewClock()))
	failing := &token{refresh: func() error { return nil }}
	cases := map[string]struct {
		auth rest.Authenticator
		text string
		gone bool
		says string
	}{
		"no such name":             {nil, "«secret:auth.key»", true, "auth.key"},
		"no name at all":           {failing, "«secret:?»", true, "no name"},
		"no authenticator":         {nil, "«secret:request.header.X»", true, "request.header.X"},
		"another place":            {failing, "«secret:request.header.X»", true, "request.header.X"},
		"the token can not be had": {refusing{}, "«secret:request.header.X»", false, "no token"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client.NewEndpoint(exchange.Setup{Auth: c.auth}).Unseal(context.Background(), c.text)
			if err == nil || errors.Is(err, rest.ErrSecretGone) != c.gone || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// refusing is an authenticator that gets no token.
type refusing struct{ keys }

func (refusing) Sign(context.Context, *rest.Parts) error {
	return tap.Errorf(tap.Transient, "no token")
}

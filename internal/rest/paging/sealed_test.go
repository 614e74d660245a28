package paging_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"anytap/internal/redact"
	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// echoing is an API whose answers repeat the key in what leads to the next page. It refuses any
// other key.
type echoing struct {
	key     string // the present one
	tell    func(key string, next int) string
	secrets *redact.Redactor
}

func (e echoing) Send(_ context.Context, _ *rest.PageRequest, path string, extra *rest.Parts) (*rest.Response, error) {
	token := path
	if extra != nil && extra.Params != nil {
		v, _ := extra.Params.Get("cursor")
		token = value.Str(v)
	}
	at := 1
	for next := 2; token != "" && at == 1; next++ {
		if next > 5 {
			return nil, tap.Errorf(tap.Config, "refused: %s", e.secrets.Text(token))
		}
		if token == e.tell(e.key, next) {
			at = next
		}
	}
	next := ""
	if at < 5 {
		next = e.tell(e.key, at+1)
	}
	body := value.DictOf("data", value.NewList(value.DictOf("id", int64(at))), "next", next, "next_url", next)
	return rest.NewResponse(200, nil, "", value.Append(nil, body)), nil
}

func (e echoing) Abilities() rest.RequesterAbilities {
	return rest.RequesterAbilities{Seal: e.secrets.Seal, Unseal: func(_ context.Context, text string) (string, error) {
		whole, missing := e.secrets.Unseal(text, e.secrets.Named)
		if missing != "" {
			return "", fmt.Errorf("%w: %s", rest.ErrSecretGone, missing)
		}
		return whole, nil
	}}
}

// TestPositionsHoldNoSecret interrupts a read behind each page, and goes on with another key.
func TestPositionsHoldNoSecret(t *testing.T) {
	t.Parallel()
	const old, renewed = "old+secret/1", "renewed secret"
	named := func(name, key string) *redact.Redactor {
		r := redact.New(key)
		r.Name(name, key)
		return r
	}
	escaped := func(key string) string { return strings.NewReplacer("+", "%2B", "/", "%2F", " ", "+").Replace(key) }
	ways := map[string]struct {
		kind string
		tell func(key string, next int) string
	}{
		"an address": {"url", func(key string, next int) string {
			return fmt.Sprintf("https://api.test/items?key=%s&after=%d", escaped(key), next)
		}},
		"an opaque token":  {"cursor", func(key string, next int) string { return fmt.Sprintf("%d:%s", next, key) }},
		"without the key":  {"cursor", func(_ string, next int) string { return fmt.Sprintf("c%d", next) }},
		"signs of our own": {"cursor", func(key string, next int) string { return fmt.Sprintf("«secret:x»%d%s", next, key) }},
	}
	for name, way := range ways {
		for again, c := range map[string]struct{ name, key, want string }{
			"the same key":    {"auth.key", old, "3 4 5"},
			"another key":     {"auth.key", renewed, "3 4 5"},
			"no key any more": {"auth.token", renewed, "1 2 3 4 5"},
		} {
			if name == "without the key" {
				c.want = "3 4 5"
			}
			t.Run(name+", "+again, func(t *testing.T) {
				t.Parallel()
				first := newBench(echoing{old, way.tell, named("auth.key", old)}, &resttest.Data{}, paginators[way.kind])
				pages, err := first.pages(t, tap.NewSlice(nil, nil, nil))
				if err != nil || len(pages) != 5 {
					t.Fatalf("%d pages, %v", len(pages), err)
				}
				for _, page := range pages {
					for _, at := range []state.Position{page.Here, page.After} {
						if text := fmt.Sprint(at.Token); strings.Contains(text, old) || strings.Contains(text, escaped(old)) {
							t.Errorf("the position %v holds the key", at)
						}
					}
				}
				second := newBench(echoing{c.key, way.tell, named(c.name, c.key)}, &resttest.Data{}, paginators[way.kind])
				ids, err := second.read(t, &pages[1].After)
				if err != nil {
					t.Fatal(err)
				}
				resttest.WantIDs(t, ids, c.want)
				if said := strings.Contains(second.log.String(), "auth.key"); said != (c.want == "1 2 3 4 5") {
					t.Errorf("log: %s", second.log)
				}
			})
		}
	}
}

// TestSealedStructures seals tokens that are lists and objects.
func TestSealedStructures(t *testing.T) {
	t.Parallel()
	const key = "secret-key"
	secrets := redact.New(key)
	secrets.Name("auth.key", key)
	b := newBench(structured{key: key, secrets: secrets}, &resttest.Data{}, byCursor{kind: state.Opaque})
	pages, err := b.pages(t, tap.NewSlice(nil, nil, nil))
	if err != nil || len(pages) != 2 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	token, _ := pages[0].After.Token.(*value.Dict)
	if got, want := string(value.Append(nil, token)), `{"k":["«secret:auth.key»",1],"n":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if ids, err := b.read(t, &pages[0].After); err != nil || strings.Join(ids, " ") != "2" {
		t.Errorf("got %v, %v", ids, err)
	}
}

// structured is an API with two pages, whose token is an object that holds the key.
type structured struct {
	key     string
	secrets *redact.Redactor
}

func (s structured) Send(_ context.Context, p *rest.PageRequest, _ string, _ *rest.Parts) (*rest.Response, error) {
	token := value.DictOf("k", value.NewList(s.key, int64(1)), "n", int64(2))
	if p.Token == nil {
		return rest.NewResponse(200, nil, "", value.Append(nil, value.DictOf("data", value.NewList(value.DictOf("id", int64(1))), "next", token))), nil
	}
	if !value.Equal(p.Token, token) {
		return nil, tap.Errorf(tap.System, "another token")
	}
	return rest.NewResponse(200, nil, "", []byte(`{"data": [{"id": 2}]}`)), nil
}

func (s structured) Abilities() rest.RequesterAbilities {
	return echoing{secrets: s.secrets}.Abilities()
}

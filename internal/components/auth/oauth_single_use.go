package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// credentials is the configuration with the tokens that this run has stored in it. All streams
// share it.
type credentials struct {
	changed func(*value.Dict) error
	keep    func(settings []string) (free func(), err error)

	mu     sync.Mutex
	config *value.Dict
}

// find is the value at a path of the configuration, and whether there is one.
func (c *credentials) find(path []string) (v any, found bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, err = dpath.Of(path).Get(c.config)
	if errors.Is(err, dpath.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("config at %q: %w", path, err)
	}
	return v, true, nil
}

// at is the value at a path of the configuration; empty text: there is none.
func (c *credentials) at(path []string) (any, error) {
	v, found, err := c.find(path)
	if err == nil && !found {
		v = ""
	}
	return v, err
}

// update is a value to store at a path.
type update struct {
	path []string
	v    any
}

// store changes the configuration. It is handed out to be kept before anybody can use the new
// values.
func (c *credentials) store(updates ...update) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.config.Clone()
	for _, u := range updates {
		if err := dpath.Set(next, u.path, u.v); err != nil {
			return fmt.Errorf("config: %w", err)
		}
	}
	if c.changed != nil {
		if err := c.changed(next.Clone()); err != nil {
			return fmt.Errorf("store the new tokens in the configuration: %w", err)
		}
	}
	c.config = next
	return nil
}

// reserve makes sure that values at paths can be stored.
func (c *credentials) reserve(paths ...[]string) (free func(), err error) {
	if c.keep == nil {
		return func() {}, nil
	}
	var settings []string
	for _, path := range paths {
		if len(path) > 0 && !slices.Contains(settings, path[0]) {
			settings = append(settings, path[0])
		}
	}
	free, err = c.keep(settings)
	if err != nil {
		return nil, fmt.Errorf("the refresh token was not used, because the next one could not be kept: %w", err)
	}
	return free, nil
}

// SingleUse sends access tokens that it gets for refresh tokens which are valid for one use. The
// configuration holds the tokens, and each new one is stored in it before it is used.
type SingleUse struct {
	*endpoint
	address       string
	config        *credentials
	access        []string
	refresh       []string
	expiryPath    []string
	refreshedName string // of the refresh token in the answer
}

var _ rest.Authenticator = (*SingleUse)(nil)

// buildSingleUse builds a SingleUse. The manifest's templates are evaluated once, as in the
// reference runtime: only the tokens change during a run.
func buildSingleUse(c *manifest.Compiler, n *manifest.Node, def *OAuthDefinition, e *endpoint) (*SingleUse, error) {
	s := &SingleUse{endpoint: e, access: def.Updater.AccessTokenPath, refresh: def.Updater.RefreshTokenPath,
		expiryPath: def.Updater.ExpiryPath, refreshedName: def.Updater.RefreshTokenName}
	s.isDate = def.ExpiryFormat != ""
	s.config = service(c, func() *credentials {
		rt, _ := manifest.Service[*rest.Runtime](c)
		held := &credentials{config: c.Config.Clone()}
		if rt != nil {
			held.changed, held.keep = rt.ConfigChanged, rt.KeepConfig
		}
		return held
	})
	if def.Endpoint == nil {
		return nil, n.Problem("token_refresh_endpoint is missing, expected the address that gives tokens")
	}
	if err := s.evaluate(def); err != nil {
		return nil, n.Problem("%v", err)
	}
	if _, err := s.expires(); err != nil {
		return nil, n.Problem("%v", err)
	}
	return s, nil
}

// evaluate evaluates the templates of the request.
func (s *SingleUse) evaluate(def *OAuthDefinition) error {
	env := s.run.env
	var err error
	if s.address, err = def.Endpoint.Text(env); err != nil {
		return fmt.Errorf("token_refresh_endpoint: %w", err)
	}
	r := &grantRequest{refreshTokenName: constant(s.refreshedName), scopes: def.Scopes, asParameters: def.AsParameters}
	r.refreshToken = func() (any, error) { return s.config.at(s.refresh) }
	for _, t := range []struct {
		name string
		from *jinja.String
		into *field
	}{
		{"grant_type_name", def.GrantTypeName, &r.grantTypeName}, {"grant_type", def.GrantType, &r.grantType},
		{"client_id_name", def.ClientIDName, &r.clientIDName}, {"client_secret_name", def.ClientSecretName, &r.clientSecretName},
		{"access_token_name", def.AccessTokenName, &s.accessName}, {"expires_in_name", def.ExpiresInName, &s.expiresName},
		{"client_id", def.ClientID, &r.clientID}, {"client_secret", def.ClientSecret, &r.clientSecret},
	} {
		v := any("")
		if t.from.Given() != nil {
			if v, err = t.from.Eval(env); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		*t.into = constant(v)
	}
	for _, m := range []struct {
		name string
		from *jinja.Mapping
		into *func() (*value.Dict, error)
	}{{"refresh_request_body", def.Body, &r.body}, {"refresh_request_headers", def.Headers, &r.headers}} {
		d, err := mapping(m.from, env)()
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		*m.into = func() (*value.Dict, error) { return d, nil }
	}
	s.request = r
	return s.preferConfig(r)
}

// preferConfig replaces the manifest's client_id and client_secret by those at credentials in the
// configuration, as the reference runtime does.
func (s *SingleUse) preferConfig(r *grantRequest) error {
	for _, own := range []struct {
		name string
		into *field
	}{{"client_id", &r.clientID}, {"client_secret", &r.clientSecret}} {
		v, found, err := s.config.find([]string{"credentials", own.name})
		if err != nil {
			return err
		}
		if found {
			*own.into = constant(v)
		}
	}
	return nil
}

// expires is when the configuration's access token expires; yesterday where the configuration does
// not say it.
func (s *SingleUse) expires() (time.Time, error) {
	v, err := s.config.at(s.expiryPath)
	if err != nil {
		return time.Time{}, err
	}
	if v == "" {
		return s.run.now().AddDate(0, 0, -1), nil
	}
	t, err := parseDate(value.Str(v), s.run.now())
	if err != nil {
		return t, fmt.Errorf("config at %q: %w", s.expiryPath, err)
	}
	return t, nil
}

// Sign adds the header.
func (s *SingleUse) Sign(ctx context.Context, o *rest.Parts) error { return s.sign(ctx, o, firstTry) }

// resign replaces the header for another try.
func (s *SingleUse) resign(ctx context.Context, o *rest.Parts) error {
	return s.sign(ctx, o, furtherTry)
}

func (s *SingleUse) sign(ctx context.Context, o *rest.Parts, uses int) error {
	for range uses {
		token, err := s.current(ctx)
		if err != nil {
			return err
		}
		setHeader(o, authorization, "Bearer "+value.Str(token))
	}
	return nil
}

// expired reports whether the access token has expired.
func (s *SingleUse) expired() (bool, error) {
	t, err := s.expires()
	return err == nil && s.run.now().After(t), err
}

// current is an access token that has not expired.
func (s *SingleUse) current(ctx context.Context) (any, error) {
	expired, err := s.expired()
	if err != nil {
		return nil, err
	}
	if expired {
		if err := s.renew(ctx); err != nil {
			return nil, err
		}
	}
	token, err := s.config.at(s.access)
	s.secret(token)
	return token, err
}

// renew asks for new tokens, unless another goroutine did so during the wait for the lock.
func (s *SingleUse) renew(ctx context.Context) error {
	if err := s.refreshing.take(ctx); err != nil {
		return err
	}
	defer s.refreshing.free()
	if expired, err := s.expired(); err != nil || !expired {
		return err
	}
	return s.fetch(ctx, false)
}

// Refresh asks for new tokens, unless another goroutine did so during the wait for the lock.
func (s *SingleUse) Refresh(ctx context.Context) error {
	before, err := s.config.at(s.access)
	if err != nil {
		return err
	}
	if err := s.refreshing.take(ctx); err != nil {
		return err
	}
	defer s.refreshing.free()
	if now, _ := s.config.at(s.access); !value.Equal(now, before) {
		return nil
	}
	return s.fetch(ctx, true)
}

// Abilities are to sign further tries anew.
func (s *SingleUse) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{Resign: s.resign}
}

// fetch asks for tokens and stores them. The lock refreshing is held. The refresh token stays where
// the answer has none. Nothing is asked before it is sure that the answer can be kept; and whatever
// else is wrong with an answer, its refresh token is.
func (s *SingleUse) fetch(ctx context.Context, forced bool) error {
	free, err := s.config.reserve(s.access, s.refresh, s.expiryPath)
	if err != nil {
		return err
	}
	defer free()
	if err := ctx.Err(); err != nil {
		return err
	}
	asking, end := outlive(ctx, timeToKeep)
	defer end()
	answer, err := s.ask(asking, s.address, forced)
	if err != nil {
		return err
	}
	var updates []update
	refreshed, err := find(answer, s.refreshedName, 0)
	if refreshed != nil {
		s.secret(refreshed)
		updates = append(updates, update{s.refresh, refreshed})
	}
	if err == nil {
		var tokens []update
		tokens, err = s.tokens(answer)
		updates = append(tokens, updates...)
	}
	if len(updates) == 0 {
		return err
	}
	return errors.Join(err, s.config.store(updates...))
}

// timeToKeep is how long a request for tokens goes on when its read has ended: the refresh token
// may be spent, and the next one is in the answer. It is shorter than an interrupted run may take.
const timeToKeep = 3 * time.Second

// outlive gives a context that ends some time after another one.
func outlive(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}

// tokens are what an answer has besides the next refresh token.
func (s *SingleUse) tokens(answer any) ([]update, error) {
	token, err := s.accessToken(answer)
	if err != nil {
		return nil, err
	}
	present, err := s.expires()
	if err != nil {
		return nil, err
	}
	expires, err := s.expiry(answer, present, !s.run.now().After(present))
	if err != nil {
		return nil, err
	}
	return []update{{s.access, token}, {s.expiryPath, isoformat(expires)}}, nil
}

// isoformat writes a time as Python's isoformat does, with its offset.
func isoformat(t time.Time) string {
	return value.Datetime{Time: t.Truncate(time.Microsecond)}.Isoformat()
}

package auth

import (
	"context"
	"fmt"
	"sync"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// OAuthDefinition configures an authenticator that asks a token endpoint for access tokens (RFC
// 6749).
//
//	type: OAuthAuthenticator
//	token_refresh_endpoint: "https://api.example.com/oauth/token"
//	client_id: "{{ config['client_id'] }}"
//	client_secret: "{{ config['client_secret'] }}"
//	refresh_token: "{{ config['refresh_token'] }}"
//	scopes: [read]
//	refresh_request_body: {audience: api}
type OAuthDefinition struct {
	Endpoint         *jinja.String  `manifest:"token_refresh_endpoint" doc:"The address of the token endpoint; without one, access_token_value is used as it is."`
	ClientIDName     *jinja.String  `manifest:"client_id_name,default=client_id" doc:"The name of client_id in the request."`
	ClientID         *jinja.String  `manifest:"client_id" doc:"The client's ID."`
	ClientSecretName *jinja.String  `manifest:"client_secret_name,default=client_secret" doc:"The name of client_secret in the request."`
	ClientSecret     *jinja.String  `manifest:"client_secret" doc:"The client's secret."`
	RefreshTokenName *jinja.String  `manifest:"refresh_token_name,default=refresh_token" doc:"The name of refresh_token in the request."`
	RefreshToken     *jinja.String  `manifest:"refresh_token" doc:"The refresh token; required by the grant_type refresh_token."`
	AccessTokenName  *jinja.String  `manifest:"access_token_name,default=access_token" doc:"The field of the answer that holds the access token, at any depth up to 5."`
	AccessToken      *jinja.String  `manifest:"access_token_value" doc:"An access token to begin with."`
	ExpiresInName    *jinja.String  `manifest:"expires_in_name,default=expires_in" doc:"The field of the answer that says for how many seconds the token is valid."`
	GrantTypeName    *jinja.String  `manifest:"grant_type_name,default=grant_type" doc:"The name of grant_type in the request."`
	GrantType        *jinja.String  `manifest:"grant_type,default=refresh_token" doc:"The kind of grant, such as client_credentials."`
	Body             *jinja.Mapping `manifest:"refresh_request_body" doc:"Further fields of the request; they do not replace the others."`
	Headers          *jinja.Mapping `manifest:"refresh_request_headers" doc:"Headers of the request. With an Authorization among them, the body has no client_id and client_secret."`
	AsParameters     bool           `manifest:"send_refresh_request_as_query_params,default=false" doc:"Sends all fields in the query instead of the body."`
	Scopes           []string       `manifest:"scopes" doc:"The scopes to ask for, each as a form field named scopes."`
	Expiry           *jinja.String  `manifest:"token_expiry_date" doc:"When access_token_value expires, as a date and time or Unix seconds; without this field it is replaced at once."`
	ExpiryFormat     string         `manifest:"token_expiry_date_format" doc:"Says that expires_in_name holds a date and time rather than seconds."`
	ErrorStatuses    []int64        `manifest:"refresh_token_error_status_codes" doc:"Statuses of an answer that may refuse the refresh token; 400 where none of the three fields is set."`
	ErrorKey         string         `manifest:"refresh_token_error_key" doc:"The field of the answer that says why; error by default."`
	ErrorValues      []string       `manifest:"refresh_token_error_values" doc:"The values of that field which mean that the user has to authenticate again; invalid_grant and invalid_permissions by default."`
	Updater          *OAuthUpdater  `manifest:"refresh_token_updater" doc:"For refresh tokens that are valid for one use: each new one is stored in the configuration."`
	Assertion        *manifest.Node `manifest:"profile_assertion,is=JwtAuthenticator" doc:"Makes the assertion of use_profile_assertion."`
	UseAssertion     bool           `manifest:"use_profile_assertion,default=false" doc:"Asks with a signed assertion (RFC 7523) instead of client and refresh token."`
}

// OAuthUpdater says where the configuration holds tokens that change during a run.
type OAuthUpdater struct {
	RefreshTokenName string   `manifest:"refresh_token_name,default=refresh_token" doc:"The name of the refresh token in request and answer."`
	AccessTokenPath  []string `manifest:"access_token_config_path,default=credentials|access_token" doc:"Where the configuration holds the access token."`
	RefreshTokenPath []string `manifest:"refresh_token_config_path,default=credentials|refresh_token" doc:"Where the configuration holds the refresh token."`
	ExpiryPath       []string `manifest:"token_expiry_date_config_path,default=credentials|token_expiry_date" doc:"Where the configuration holds when the access token expires."`
	ErrorStatuses    []int64  `manifest:"refresh_token_error_status_codes" doc:"As beside refresh_token_updater."`
	ErrorKey         string   `manifest:"refresh_token_error_key" doc:"As beside refresh_token_updater."`
	ErrorValues      []string `manifest:"refresh_token_error_values" doc:"As beside refresh_token_updater."`
}

// BuildOAuth builds an OAuthAuthenticator: an OAuth, or a SingleUse where refresh_token_updater is
// given.
func BuildOAuth(c *manifest.Compiler, n *manifest.Node) (rest.Authenticator, error) {
	var def OAuthDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	def.fill()
	r := runOf(c)
	refusals, err := def.refusals(n)
	if err != nil {
		return nil, err
	}
	assertion, err := manifest.BuildOptional[*JWT](c, def.Assertion)
	if err != nil {
		return nil, err
	}
	e := newEndpoint(r, refusals, def.ExpiryFormat != "", service(c, newLock))
	if def.Updater != nil {
		return buildSingleUse(c, n, &def, e)
	}
	a := &OAuth{endpoint: e, address: def.Endpoint}
	a.request = def.request(r.env, assertion)
	a.accessName, a.expiresName = template(def.AccessTokenName, r.env), template(def.ExpiresInName, r.env)
	if err := a.begin(&def); err != nil {
		return nil, n.Problem("%v", err)
	}
	return a, a.complete(&def, n)
}

// fill gives the fields that are missing or empty their defaults.
func (def *OAuthDefinition) fill() {
	for text, field := range map[string]**jinja.String{
		"client_id": &def.ClientIDName, "client_secret": &def.ClientSecretName, "refresh_token": &def.RefreshTokenName,
		"access_token": &def.AccessTokenName, "expires_in": &def.ExpiresInName, "grant_type": &def.GrantTypeName,
	} {
		if (*field).Given() == nil {
			*field, _ = jinja.CompileString(text, nil) // can be compiled: it is no template
		}
	}
	if def.GrantType.Given() == nil {
		def.GrantType, _ = jinja.CompileString(refreshGrant, nil)
	}
}

// refusals reads how the token endpoint refuses a refresh token.
func (def *OAuthDefinition) refusals(n *manifest.Node) (refusals, error) {
	own := refusals{def.ErrorStatuses, def.ErrorKey, def.ErrorValues}
	if u := def.Updater; u != nil {
		inner := refusals{u.ErrorStatuses, u.ErrorKey, u.ErrorValues}
		if inner.given() && own.given() {
			return own, n.Problem("refresh_token_error_… is given both here and in refresh_token_updater: leave one of them out")
		}
		if inner.given() {
			return inner, nil
		}
	}
	if own.given() {
		return own, nil
	}
	return refusals{[]int64{400}, "error", []string{"invalid_grant", "invalid_permissions"}}, nil
}

// complete refuses a definition that lacks a field.
func (a *OAuth) complete(def *OAuthDefinition, n *manifest.Node) error {
	switch {
	case !def.UseAssertion && (def.ClientID == nil || def.ClientSecret == nil):
		return n.Problem("client_id or client_secret is missing, expected both")
	case def.UseAssertion && def.Assertion == nil:
		return n.Problem("profile_assertion is missing, expected a JwtAuthenticator because of use_profile_assertion")
	}
	grant, err := a.request.grantType()
	if err != nil {
		return n.Problem("grant_type: %v", err)
	}
	if grant == refreshGrant && def.RefreshToken == nil {
		return n.Problem("refresh_token is missing, expected one because of the grant_type refresh_token")
	}
	return nil
}

// OAuth sends an access token that it gets from a token endpoint. It leaves the configuration as it
// is.
type OAuth struct {
	*endpoint
	address *jinja.String // of the token endpoint; nil: the configuration's token is used as it is

	mu      sync.Mutex
	token   any // nil: there is none
	expires time.Time
}

var _ rest.Authenticator = (*OAuth)(nil)

// begin takes over the token that the configuration may hold.
func (a *OAuth) begin(def *OAuthDefinition) error {
	a.expires = a.run.now().AddDate(0, 0, -1)
	if def.Expiry.Given() != nil {
		v, err := def.Expiry.Eval(a.run.env)
		if err != nil {
			return fmt.Errorf("token_expiry_date: %w", err)
		}
		if a.expires, err = parseDate(v, a.run.now()); err != nil {
			return fmt.Errorf("token_expiry_date: %w", err)
		}
	}
	if def.AccessToken == nil {
		return nil
	}
	token, err := def.AccessToken.Eval(a.run.env)
	if err != nil {
		return fmt.Errorf("access_token_value: %w", err)
	}
	if def.AccessToken.Source() != "" {
		a.token = token
		a.secret(token)
	}
	return nil
}

// Sign adds the header.
func (a *OAuth) Sign(ctx context.Context, o *rest.Parts) error { return a.sign(ctx, o, firstTry) }

// resign replaces the header for another try.
func (a *OAuth) resign(ctx context.Context, o *rest.Parts) error {
	return a.sign(ctx, o, furtherTry)
}

func (a *OAuth) sign(ctx context.Context, o *rest.Parts, uses int) error {
	for range uses {
		token, err := a.current(ctx)
		if err != nil {
			return err
		}
		setHeader(o, authorization, "Bearer "+value.Str(token))
	}
	return nil
}

// current is a token that has not expired.
func (a *OAuth) current(ctx context.Context) (any, error) {
	if a.address == nil {
		if token, _ := a.state(); token != nil {
			return token, nil
		}
		return nil, tap.Errorf(tap.System, "there is no access token: the manifest has neither a token_refresh_endpoint nor an access_token_value")
	}
	if _, err := a.where(); err != nil {
		return nil, err
	}
	if token, expires := a.state(); token != nil && !a.run.now().After(expires) {
		return token, nil
	}
	if err := a.refreshing.take(ctx); err != nil {
		return nil, err
	}
	defer a.refreshing.free()
	if token, expires := a.state(); token != nil && !a.run.now().After(expires) {
		return token, nil
	}
	if err := a.fetch(ctx, false); err != nil {
		return nil, err
	}
	token, _ := a.state()
	return token, nil
}

// state is the present token, and when it expires.
func (a *OAuth) state() (token any, expires time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.token, a.expires
}

// where is the address of the token endpoint.
func (a *OAuth) where() (string, error) {
	v, err := a.address.Eval(a.run.env)
	if err != nil {
		return "", fmt.Errorf("token_refresh_endpoint: %w", err)
	}
	if !value.Truth(v) {
		return "", tap.Errorf(tap.System, "token_refresh_endpoint is empty, expected the address that gives tokens")
	}
	return value.Str(v), nil
}

// Refresh asks for another token, unless another goroutine did so during the wait for the lock.
func (a *OAuth) Refresh(ctx context.Context) error {
	before, _ := a.state()
	if err := a.refreshing.take(ctx); err != nil {
		return err
	}
	defer a.refreshing.free()
	if now, _ := a.state(); !value.Equal(now, before) {
		return nil
	}
	return a.fetch(ctx, true)
}

// Abilities are to sign further tries anew.
func (a *OAuth) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{Resign: a.resign}
}

// fetch asks for a token. The lock refreshing is held.
func (a *OAuth) fetch(ctx context.Context, forced bool) error {
	if a.address == nil {
		return tap.Errorf(tap.System, "the access token can not be refreshed: the manifest has no token_refresh_endpoint")
	}
	address, err := a.where()
	if err != nil {
		return err
	}
	answer, err := a.ask(ctx, address, forced)
	if err != nil {
		return err
	}
	token, err := a.accessToken(answer)
	if err != nil {
		return err
	}
	if !value.Truth(token) {
		name, _ := a.accessName.text()
		return tap.Errorf(tap.System, "the answer of the token endpoint has no %s", name)
	}
	have, present := a.state()
	expires, err := a.expiry(answer, present, have != nil && !a.run.now().After(present))
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.token, a.expires = token, expires
	return nil
}

package auth

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// LegacySessionDefinition configures an authenticator that logs in with user and password below the
// requester's address.
//
//	type: LegacySessionTokenAuthenticator
//	header: X-Session
//	login_url: session
//	username: "{{ config['username'] }}"
//	password: "{{ config['password'] }}"
//	session_token: "{{ config['session_token'] }}"
//	session_token_response_key: id
//	validate_session_url: user/current
type LegacySessionDefinition struct {
	Header   *jinja.String `manifest:"header,required" doc:"The header that takes the token."`
	Login    *jinja.String `manifest:"login_url,required" doc:"What follows the requester's url_base to log in."`
	Token    *jinja.String `manifest:"session_token" doc:"A token to use as long as the API accepts it."`
	Key      *jinja.String `manifest:"session_token_response_key,required" doc:"The field of the login's answer that holds the token."`
	Username *jinja.String `manifest:"username" doc:"The user."`
	Password *jinja.String `manifest:"password" doc:"The password; empty by default."`
	Validate *jinja.String `manifest:"validate_session_url,required" doc:"What follows the requester's url_base to try session_token."`
}

// BuildLegacySession builds a LegacySessionTokenAuthenticator.
func BuildLegacySession(c *manifest.Compiler, n *manifest.Node) (*LegacySession, error) {
	var def LegacySessionDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	if scope.URLBase == nil {
		return nil, n.Problem("this can only stand in a requester with an address")
	}
	r := runOf(c)
	setup := exchange.Setup{Stream: r.stream, NoStore: true, NoBudget: true}
	setup.Handler = onceJudge{ignored: http.StatusUnauthorized}
	validate := r.client.NewEndpoint(setup)
	setup.Method, setup.Handler = http.MethodPost, onceJudge{}
	return &LegacySession{
		run: r, header: def.Header, given: def.Token, username: def.Username, password: def.Password, key: def.Key,
		base: scope.URLBase, loginPath: def.Login, validatePath: def.Validate,
		validate: validate, login: r.client.NewEndpoint(setup),
		logins: service(c, func() *logins { return &logins{guard: newLock(), known: map[loginKey]login{}} }),
	}, nil
}

// LegacySession sends a session token: that of the configuration, which is tried before each use,
// or else one that it logs in for.
type LegacySession struct {
	run                     *run
	header                  *jinja.String // that takes the token
	given                   *jinja.String // the configuration's token; nil: there is none
	username, password      *jinja.String // nil: empty
	key                     *jinja.String // the field of the login's answer that holds the token
	base                    func(*jinja.Env) (string, error)
	loginPath, validatePath *jinja.String // behind base
	validate, login         *exchange.Endpoint
	logins                  *logins
}

var _ rest.Authenticator = (*LegacySession)(nil)

// logins are the tokens of the run, by the login that gave them.
type logins struct {
	guard lock // held during a login
	mu    sync.Mutex
	known map[loginKey]login
}

type (
	loginKey struct{ address, username, password, field string }
	login    struct {
		token string
		at    time.Time
	}
)

// loginLife is how long a token is used before another login.
const loginLife = 24 * time.Hour

// get is the token of an earlier login; false: there is none, or it is too old.
func (l *logins) get(key loginKey, now time.Time) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.known[key]
	return known.token, ok && now.Sub(known.at) < loginLife
}

// onceJudge lets no error be retried. One status may be ignored.
type onceJudge struct {
	rest.DefaultErrorHandler
	ignored int
}

// Judge accepts statuses below 400.
func (j onceJudge) Judge(a *rest.Answer) (rest.Verdict, error) {
	switch {
	case a.OK():
		return rest.Verdict{Action: rest.Success}, nil
	case a.Err == nil && j.ignored != 0 && a.Status == j.ignored:
		return rest.Verdict{Action: rest.Ignore, Message: "the session token of the configuration is not accepted"}, nil
	}
	return rest.Verdict{Action: rest.Fail, Kind: tap.System}, nil
}

// Sign adds the header.
func (l *LegacySession) Sign(ctx context.Context, o *rest.Parts) error {
	return l.sign(ctx, o, firstTry)
}

// resign replaces the header for another try.
func (l *LegacySession) resign(ctx context.Context, o *rest.Parts) error {
	return l.sign(ctx, o, furtherTry)
}

// Refresh returns rest.ErrNoRefresh.
func (*LegacySession) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are to sign further tries anew.
func (l *LegacySession) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{Resign: l.resign}
}

func (l *LegacySession) sign(ctx context.Context, o *rest.Parts, uses int) error {
	header, err := l.header.Text(l.run.env)
	if err != nil {
		return fmt.Errorf("header: %w", err)
	}
	if header == "" {
		return nil
	}
	for range uses {
		token, err := l.token(ctx, header)
		if err != nil {
			return err
		}
		setHeader(o, header, token)
	}
	return nil
}

// token is the token to send in a header.
func (l *LegacySession) token(ctx context.Context, header string) (string, error) {
	text, err := l.truthy(l.given, "session_token")
	if err != nil {
		return "", err
	}
	if text != "" {
		l.run.client.Redactor().Add(text)
		good, err := l.accepted(ctx, header, text)
		if good || err != nil {
			return text, err
		}
	}
	username, err := l.truthy(l.username, "username")
	if err != nil {
		return "", err
	}
	password, err := l.truthy(l.password, "password")
	if err != nil {
		return "", err
	}
	if username == "" || password == "" {
		return "", tap.Errorf(tap.System, "the session token is not accepted, and there is no username and password to log in with")
	}
	l.run.client.Redactor().Add(password)
	return l.loggedIn(ctx, username, password)
}

// truthy is a template's text; empty where the value is false to Python.
func (l *LegacySession) truthy(t *jinja.String, name string) (string, error) {
	if t == nil {
		return "", nil
	}
	v, err := t.Eval(l.run.env)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if !value.Truth(v) {
		return "", nil
	}
	return value.Str(v), nil
}

// at is an address below that of the requester.
func (l *LegacySession) at(path *jinja.String) (string, error) {
	base, err := l.base(l.run.env)
	if err != nil {
		return "", fmt.Errorf("url_base: %w", err)
	}
	text, err := path.Text(l.run.env)
	return base + text, err
}

// accepted reports whether the API accepts a token.
func (l *LegacySession) accepted(ctx context.Context, header, token string) (bool, error) {
	address, err := l.at(l.validatePath)
	if err != nil {
		return false, fmt.Errorf("validate_session_url: %w", err)
	}
	resp, err := l.validate.Send(ctx, address, &rest.Parts{Headers: value.DictOf(header, token)}, nil)
	if err != nil {
		return false, fmt.Errorf("try the session token: %w", err)
	}
	if resp != nil {
		_ = resp.Body.Close()
	}
	return resp != nil, nil
}

// loggedIn is the token of an earlier login of this run, or of a new one.
func (l *LegacySession) loggedIn(ctx context.Context, username, password string) (string, error) {
	address, err := l.at(l.loginPath)
	if err != nil {
		return "", fmt.Errorf("login_url: %w", err)
	}
	field, err := l.key.Text(l.run.env)
	if err != nil {
		return "", fmt.Errorf("session_token_response_key: %w", err)
	}
	key := loginKey{address, username, password, field}
	if token, ok := l.logins.get(key, l.run.client.Wall()); ok {
		return token, nil
	}
	if err := l.logins.guard.take(ctx); err != nil {
		return "", err
	}
	defer l.logins.guard.free()
	if token, ok := l.logins.get(key, l.run.client.Wall()); ok {
		return token, nil
	}
	token, err := l.logIn(ctx, key)
	if err != nil {
		return "", err
	}
	l.run.client.Redactor().Add(token)
	l.logins.mu.Lock()
	defer l.logins.mu.Unlock()
	l.logins.known[key] = login{token, l.run.client.Wall()}
	return token, nil
}

// logIn logs in and returns the token.
func (l *LegacySession) logIn(ctx context.Context, key loginKey) (string, error) {
	resp, err := l.login.Send(ctx, key.address, &rest.Parts{JSON: value.DictOf("username", key.username, "password", key.password)}, nil)
	if err != nil {
		return "", fmt.Errorf("log in: %w", err)
	}
	body, err := resp.Bytes()
	if err != nil {
		return "", tap.Errorf(tap.System, "log in: %w", err)
	}
	answer, err := value.DecodePython(body)
	if err != nil {
		return "", tap.Errorf(tap.System, "log in: the answer is no JSON")
	}
	token, ok := value.At(answer, key.field)
	if !ok {
		return "", tap.Errorf(tap.System, "log in: the answer has no %s", key.field)
	}
	return value.Str(token), nil
}

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
	"anytap/internal/python/number"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// LoginDefinition configures an authenticator that logs in once a run, signs with the token that it
// gets, and logs in again when the token has expired or the API refuses it.
//
//	type: LoginAuthenticator
//	login_requester: {type: HttpRequester, url: "https://api.example.com/login", http_method: POST, …}
//	token_path: [access]
//	expires_path: [expires_in]
//	inject_into: {type: RequestOption, inject_into: header, field_name: Authorization}
//	prefix: "Bearer "
type LoginDefinition struct {
	Login       *manifest.Node `manifest:"login_requester,required,is=HttpRequester" doc:"The request that logs in."`
	TokenPath   any            `manifest:"token_path,is=string|array" doc:"Where its answer holds the token: a dotted text, or a list of names."`
	TokenHeader *jinja.String  `manifest:"token_header" doc:"The header of its answer that holds the token, in place of token_path."`
	ExpiresIn   *jinja.String  `manifest:"expires_in" doc:"For how many seconds a token is valid. Without it and expires_path, a token is used until the API refuses it."`
	ExpiresPath any            `manifest:"expires_path,is=string|array" doc:"Where the answer says for how many seconds the token is valid."`
	Into        *manifest.Node `manifest:"inject_into,required,is=RequestOption" doc:"Where the token goes in a request."`
	Prefix      *jinja.String  `manifest:"prefix" doc:"What stands before the token, such as \"Bearer \"."`
}

// BuildLogin builds a LoginAuthenticator. All streams of a run share what they log in to: an API
// may end a session when another one begins.
func BuildLogin(c *manifest.Compiler, n *manifest.Node) (*Login, error) {
	var def LoginDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	header := def.TokenHeader.Given()
	if (def.TokenPath == nil) == (header == nil) {
		return nil, n.Problem("expected either token_path or token_header: where the answer holds the token")
	}
	r := runOf(c)
	a := &Login{run: r, prefix: def.Prefix}
	var err error
	if a.option, err = manifest.Build[*rest.RequestOption](c, def.Into); err != nil {
		return nil, err
	}
	s := &loginSession{run: r, header: header, expiresIn: def.ExpiresIn.Given(), logging: newLock(), refused: map[string]bool{}}
	if err = s.paths(&def); err != nil {
		return nil, n.Problem("%v", err)
	}
	scope := contract.Scope{Stream: r.stream, NoStore: true, NoPages: "a login"}
	if s.login, err = manifest.Build[rest.Requester](manifest.With(c, scope), def.Login); err != nil {
		return nil, err
	}
	shared := service(c, func() *loginSessions { return &loginSessions{known: map[string]*loginSession{}} })
	a.session = shared.of(string(value.AppendSorted(nil, n.Value())), s)
	return a, nil
}

// paths reads where a login's answer holds what.
func (s *loginSession) paths(def *LoginDefinition) (err error) {
	if def.TokenPath != nil {
		if s.path, err = value.PathOf(def.TokenPath); err != nil {
			return fmt.Errorf("token_path %w", err)
		}
	}
	if def.ExpiresPath != nil {
		if s.expiresPath, err = value.PathOf(def.ExpiresPath); err != nil {
			return fmt.Errorf("expires_path %w", err)
		}
	}
	return nil
}

// loginSessions are those of a run, by the definition that they are of.
type loginSessions struct {
	mu    sync.Mutex
	known map[string]*loginSession
}

// of is the session of a definition; own becomes that if there is none yet.
func (l *loginSessions) of(definition string, own *loginSession) *loginSession {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.known[definition]; ok {
		return s
	}
	l.known[definition] = own
	return own
}

// Login signs with the token of a session.
type Login struct {
	run     *run
	session *loginSession
	option  *rest.RequestOption
	prefix  *jinja.String
}

var _ rest.Authenticator = (*Login)(nil)

// Sign adds the token. It logs in first where that is needed.
func (a *Login) Sign(ctx context.Context, o *rest.Parts) error {
	token, err := a.session.current(ctx)
	if err != nil {
		return err
	}
	prefix, err := textOf(a.prefix, a.run.env)
	if err != nil {
		return fmt.Errorf("prefix: %w", err)
	}
	o.Mark = token
	return a.option.Inject(o, prefix+token)
}

// Refresh logs in again, unless the present token is newer than those that were refused.
func (a *Login) Refresh(ctx context.Context) error { return a.session.renew(ctx) }

// Abilities are to sign further tries anew, and to remember which token was refused.
func (a *Login) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{Resign: a.resign, Observe: a.observe}
}

// resign replaces the token for another try, wherever it stands.
func (a *Login) resign(ctx context.Context, o *rest.Parts) error {
	*o = rest.Parts{}
	return a.Sign(ctx, o)
}

func (a *Login) observe(signed *rest.Parts, answer *rest.Answer) {
	if token, ok := signed.Mark.(string); ok && answer.Status >= http.StatusBadRequest {
		a.session.suspect(token)
	}
}

// loginSession logs in and holds the token.
type loginSession struct {
	run         *run
	login       rest.Requester
	path        value.Path
	header      *jinja.String // nil: the token is in the body
	expiresIn   *jinja.String // nil: not said
	expiresPath value.Path    // empty: the answer does not say it
	logging     lock          // held during a login

	mu      sync.Mutex
	token   string          // empty: none
	until   time.Time       // zero: until it is refused
	refused map[string]bool // tokens with which a request failed
}

// current is a token that has not expired.
func (s *loginSession) current(ctx context.Context) (string, error) {
	if token := s.held(); token != "" {
		return token, nil
	}
	if err := s.logging.take(ctx); err != nil {
		return "", err
	}
	defer s.logging.free()
	if token := s.held(); token != "" {
		return token, nil
	}
	return s.fetch(ctx)
}

// held is the present token; empty: there is none, or it has expired.
func (s *loginSession) held() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.until.IsZero() && !s.run.now().Before(s.until) {
		return ""
	}
	return s.token
}

// suspect remembers that a request failed with a token.
func (s *loginSession) suspect(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused[token] = true
}

// renew logs in again if the present token is one that was refused.
func (s *loginSession) renew(ctx context.Context) error {
	if err := s.logging.take(ctx); err != nil {
		return err
	}
	defer s.logging.free()
	s.mu.Lock()
	fresh := s.token != "" && len(s.refused) > 0 && !s.refused[s.token]
	s.mu.Unlock()
	if fresh {
		return nil
	}
	_, err := s.fetch(ctx)
	return err
}

// fetch logs in. The lock logging is held.
func (s *loginSession) fetch(ctx context.Context) (string, error) {
	resp, err := s.run.logIn(ctx, s.login)
	if err != nil {
		return "", err
	}
	body, err := resp.Bytes()
	if err != nil {
		return "", tap.Errorf(tap.System, "log in: %w", err)
	}
	answer, err := value.DecodePython(body)
	if err != nil && (s.header == nil || s.expiresPath.Len() > 0) {
		return "", tap.Errorf(tap.System, "log in: the answer is no JSON")
	}
	token, err := s.tokenIn(resp, answer)
	if err != nil {
		return "", err
	}
	s.run.client.Redactor().Add(token)
	until, err := s.expiry(answer)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token, s.until, s.refused = token, until, map[string]bool{}
	return token, nil
}

// tokenIn is the token of an answer.
func (s *loginSession) tokenIn(resp *rest.Response, answer any) (string, error) {
	if s.header != nil {
		name, err := s.header.Text(s.run.env)
		if err != nil {
			return "", fmt.Errorf("token_header: %w", err)
		}
		if token := resp.Header.Get(name); token != "" {
			return token, nil
		}
		return "", tap.Errorf(tap.Config, "log in: the answer has no header %s, where token_header expects the token", name)
	}
	switch v, _ := s.path.At(answer); v.(type) {
	case string, int64:
		if v != "" {
			return value.Str(v), nil
		}
	}
	return "", tap.Errorf(tap.Config, "log in: the answer has no token at token_path %s%s", s.path, membersOf(answer))
}

// membersOf says which members an answer has, for the message that one is missing.
func membersOf(answer any) string {
	d, ok := answer.(*value.Dict)
	if !ok {
		return ", it is a " + value.TypeName(answer)
	}
	text := ""
	for name := range d.All() {
		text += ", " + name
	}
	if text == "" {
		return ", it is an empty object"
	}
	return "; it has" + text[1:]
}

// expiry is when the token of an answer expires; zero: that is not known.
func (s *loginSession) expiry(answer any) (time.Time, error) {
	var life any
	var err error
	switch {
	case s.expiresPath.Len() > 0:
		var ok bool
		if life, ok = s.expiresPath.At(answer); !ok {
			return time.Time{}, tap.Errorf(tap.Config, "log in: the answer has nothing at expires_path %s%s", s.expiresPath, membersOf(answer))
		}
	case s.expiresIn != nil:
		if life, err = s.expiresIn.Eval(s.run.env); err != nil {
			return time.Time{}, fmt.Errorf("expires_in: %w", err)
		}
	}
	if life == nil {
		return time.Time{}, nil
	}
	seconds, err := number.Float(life)
	if err != nil || !(seconds > 0 && seconds < longestLife) {
		return time.Time{}, nil //nolint:nilerr // what makes no sense says nothing: the API refuses a token in time
	}
	return s.run.now().Add(rest.Seconds(seconds)), nil
}

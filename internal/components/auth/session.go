package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/dpath"
	"anytap/internal/manifest"
	"anytap/internal/python/pytime"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// SessionDefinition configures an authenticator that logs in and signs with the token of the
// session.
//
//	type: SessionTokenAuthenticator
//	login_requester: {type: HttpRequester, url: "https://api.example.com/session", http_method: POST, …}
//	session_token_path: [id]
//	expiration_duration: P14D
//	request_authentication: {type: Bearer}
type SessionDefinition struct {
	Login    *manifest.Node `manifest:"login_requester,required,is=HttpRequester" doc:"The request that gives a session."`
	Path     []string       `manifest:"session_token_path,required" doc:"Where its answer holds the token."`
	Duration string         `manifest:"expiration_duration" doc:"How long a session is valid, as an ISO 8601 duration. Without it, each use logs in."`
	Request  *manifest.Node `manifest:"request_authentication,required,is=SessionTokenRequestApiKeyAuthenticator|SessionTokenRequestBearerAuthenticator" doc:"How requests carry the token."`
	Decoder  *manifest.Node `manifest:"decoder,is=JsonDecoder|XmlDecoder" doc:"How the answer is read; JSON by default."`
}

// BuildSession builds a SessionTokenAuthenticator.
func BuildSession(c *manifest.Compiler, n *manifest.Node) (rest.Authenticator, error) {
	var def SessionDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := runOf(c)
	s := &session{run: r, path: dpath.Of(def.Path), logging: newLock()}
	var err error
	if s.decoder, err = manifest.BuildOptional[rest.Decoder](c, def.Decoder); err != nil {
		return nil, err
	}
	if s.decoder == nil {
		s.decoder = &rest.JSONDecoder{}
	}
	scope := contract.Scope{Stream: r.stream + "_login_requester", Decoder: s.decoder, NoStore: true, NoPages: "a login"}
	if s.login, err = manifest.Build[rest.Requester](manifest.With(c, scope), def.Login); err != nil {
		return nil, err
	}
	if def.Duration != "" {
		d, err := pytime.ParseDuration(def.Duration)
		if err != nil {
			return nil, n.Get("expiration_duration").Problem("%v", err)
		}
		s.life = &d
	}
	return manifest.Build[rest.Authenticator](manifest.With(c, s), def.Request)
}

// session logs in and holds the token of the session.
type session struct {
	run     *run
	login   rest.Requester
	decoder rest.Decoder
	path    *dpath.Path
	life    *pytime.Duration // nil: every use logs in
	logging lock             // held during a login

	mu    sync.Mutex
	known any // the token; nil: none
	until time.Time
}

func (s *session) costly() bool { return s.life == nil }

func (s *session) token(ctx context.Context) (string, error) {
	v, err := s.current(ctx)
	if err != nil {
		return "", err
	}
	return value.Str(v), nil
}

// current is the token that is valid now, as the login's answer holds it.
func (s *session) current(ctx context.Context) (any, error) {
	if s.life == nil {
		return s.fetch(ctx)
	}
	if v, ok := s.held(); ok {
		return v, nil
	}
	if err := s.logging.take(ctx); err != nil {
		return nil, err
	}
	defer s.logging.free()
	if v, ok := s.held(); ok {
		return v, nil
	}
	v, err := s.fetch(ctx)
	if err != nil {
		return nil, err
	}
	until, err := s.life.AddTo(s.run.now())
	if err != nil {
		return nil, fmt.Errorf("expiration_duration: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known, s.until = v, until
	return v, nil
}

// held is the known token; false: there is none, or it has expired.
func (s *session) held() (any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known, s.known != nil && !s.until.Before(s.run.now())
}

// fetch logs in and returns the token.
func (s *session) fetch(ctx context.Context) (any, error) {
	resp, err := s.run.logIn(ctx, s.login)
	if err != nil {
		return nil, err
	}
	body, err := s.first(resp)
	if err != nil {
		return nil, err
	}
	v, err := s.path.Get(body)
	switch {
	case errors.Is(err, dpath.ErrNotFound) || err == nil && v == nil:
		return nil, tap.Errorf(tap.System, "log in: the answer has no token at session_token_path")
	case err != nil:
		return nil, tap.Errorf(tap.System, "log in: session_token_path: %w", err)
	}
	s.run.client.Redactor().Add(value.Str(v))
	return v, nil
}

// first is the first value of the answer.
func (s *session) first(resp *rest.Response) (any, error) {
	defer func() { _ = resp.Body.Close() }()
	for v, err := range s.decoder.Decode(resp) {
		if err != nil {
			return nil, fmt.Errorf("log in: %w", err)
		}
		return v, nil
	}
	return nil, tap.Errorf(tap.System, "log in: the answer is empty")
}

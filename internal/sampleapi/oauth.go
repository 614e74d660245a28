package sampleapi

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tokens is an OAuth 2.0 token endpoint (RFC 6749), with what it has issued.
type tokens struct {
	opt *Options

	mu      sync.Mutex
	expiry  map[string]time.Time // of access tokens
	refresh string               // the one that is valid now
	code    string               // the one not used yet
	serial  uint64               // of the last secret, so that none comes twice
}

func newTokens(opt *Options) *tokens {
	t := &tokens{opt: opt}
	t.reset()
	return t
}

func (t *tokens) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expiry = map[string]time.Time{}
	t.refresh, t.code = t.opt.Credentials.RefreshToken, t.opt.Credentials.Code
}

func (t *tokens) current() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refresh
}

// valid tells whether a request carries an access token that has not expired.
func (t *tokens) valid(r *http.Request) bool {
	token, ok := bearer(r)
	t.mu.Lock()
	defer t.mu.Unlock()
	return ok && t.opt.Now().Before(t.expiry[token])
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "bearer")
}

// ServeHTTP grants tokens for client credentials, the code and refresh tokens.
func (t *tokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		denyToken(w, http.StatusBadRequest, "invalid_request", "The body is no form")
		return
	}
	f, c := r.PostForm, t.opt.Credentials
	if f.Get("client_id") != c.ClientID || f.Get("client_secret") != c.ClientSecret {
		denyToken(w, http.StatusUnauthorized, "invalid_client", "Client authentication failed")
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	renewable := true
	switch f.Get("grant_type") {
	case "client_credentials":
		renewable = false
	case "authorization_code":
		if t.code == "" || f.Get("code") != t.code {
			denyToken(w, http.StatusBadRequest, "invalid_grant", "The code is unknown or used")
			return
		}
		t.code = ""
	case "refresh_token":
		if f.Get("refresh_token") != t.refresh {
			denyToken(w, http.StatusBadRequest, "invalid_grant", "The refresh token is unknown or used")
			return
		}
	default:
		denyToken(w, http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported")
		return
	}
	t.grant(w, renewable)
}

func (t *tokens) grant(w http.ResponseWriter, renewable bool) {
	now := t.opt.Now()
	for token, end := range t.expiry {
		if !now.Before(end) {
			delete(t.expiry, token)
		}
	}
	token := t.issue("at")
	t.expiry[token] = now.Add(t.opt.TokenLifetime)
	var e encoder
	e.open("")
	e.str("access_token", token)
	e.str("token_type", "bearer")
	e.num("expires_in", int(t.opt.TokenLifetime/time.Second))
	if renewable {
		t.refresh = t.issue("rt")
		e.str("refresh_token", t.refresh)
	}
	e.close()
	w.Header().Set("Cache-Control", "no-store")
	respond(w, http.StatusOK, jsonType, e.b)
}

func (t *tokens) issue(kind string) string {
	t.serial++
	return fmt.Sprintf("sample-%s-%016x", kind, mix(t.opt.Seed<<40^t.serial))
}

func denyToken(w http.ResponseWriter, status int, code, description string) {
	var e encoder
	e.open("")
	e.str("error", code)
	e.str("error_description", description)
	e.close()
	respond(w, status, jsonType, e.b)
}

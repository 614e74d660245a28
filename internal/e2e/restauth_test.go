package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// repeating is an API that repeats in its refusals all that it was sent. refuses names the path
// that it refuses; "": none. /login and /token hand out a token, which other paths want to see.
func repeating(t *testing.T, refuses string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body, _ := io.ReadAll(r.Body)
		credentials := fmt.Sprint(r.Header, r.URL.RawQuery, string(body))
		hands := r.URL.Path == "/login" || r.URL.Path == "/token"
		switch {
		case r.URL.Path == refuses || !hands && !strings.Contains(credentials, "s3cr3t") && !strings.Contains(credentials, "AWS4"):
			w.WriteHeader(http.StatusForbidden)
			text, _ := json.Marshal(credentials)
			fmt.Fprintf(w, `{"message": %s}`, text)
		case hands:
			fmt.Fprint(w, `{"access_token": "s3cr3t-handed-out", "refresh_token": "s3cr3t-refresh-2", "expires_in": 3600}`)
		default:
			fmt.Fprint(w, `[{"id": 1}, {"id": 2}]`)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// TestNoSecretOfTheCredentialsIsShown looks for the secrets of each kind of credentials in all that
// is printed: when all goes well, when the login is refused, and when the API refuses a request.
func TestNoSecretOfTheCredentialsIsShown(t *testing.T) {
	t.Parallel()
	for name, auth := range map[string]map[string]any{
		"several headers":   {"type": "api_key", "headers": map[string]string{"X-App": "s3cr3t-app", "X-Key": "s3cr3t-key"}},
		"a key in the body": {"type": "api_key", "key": "s3cr3t-key", "name": "auth.key", "in": "body"},
		"a login":           {"type": "login", "login_url": "/login", "token_path": "access_token", "body": map[string]any{"user": "me", "password": "s3cr3t-password", "more": map[string]any{"pin": []string{"s3cr3t-pin"}}}},
		"a login by form":   {"type": "login", "login_url": "/login", "token_path": "access_token", "form": map[string]any{"password": "s3cr3t-password"}, "headers": map[string]string{"X-Key": "s3cr3t-key"}, "param": "token"},
		"a password":        {"type": "oauth2", "token_url": "BASE/token", "client_id": "s3cr3t-id", "client_secret": "s3cr3t-secret", "username": "me", "password": "s3cr3t-password", "client_auth": "basic"},
		"a refresh token":   {"type": "oauth2", "token_url": "BASE/token", "client_id": "s3cr3t-id", "client_secret": "s3cr3t-secret", "refresh_token": "s3cr3t-refresh-1"},
		"AWS":               {"type": "aws", "region": "eu-central-1", "service": "es", "access_key_id": "AKID", "secret_access_key": "s3cr3t-key", "session_token": "s3cr3t-session"},
	} {
		for _, refuses := range []string{"", "/login", "/token", "/things"} {
			for _, protocol := range protocols {
				t.Run(name+" refused at "+refuses+" "+protocol, func(t *testing.T) {
					t.Parallel()
					mustHideSecrets(t, auth, refuses, protocol)
				})
			}
		}
	}
}

func mustHideSecrets(t *testing.T, auth map[string]any, refuses, protocol string) {
	server := repeating(t, refuses)
	config := map[string]any{"source": "rest", "base_url": server.URL, "auth": auth, "streams": []any{
		map[string]any{"name": "things", "path": "/things", "primary_key": []string{"id"}, "pagination": map[string]any{"type": "none"}},
	}}
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	var own map[string]any
	if err := json.Unmarshal(bytes.ReplaceAll(text, []byte("BASE"), []byte(server.URL)), &own); err != nil {
		t.Fatal(err)
	}
	o := (&sample{config: own}).read(t, protocol, selection{})
	wanted := 0
	if kind := auth["type"]; refuses == "/things" || refuses == "/login" && kind == "login" || refuses == "/token" && kind == "oauth2" {
		wanted = 1
	}
	if o.code != wanted {
		t.Errorf("exit code %d, want %d\n%s", o.code, wanted, o.talk())
	}
	for line := range bytes.Lines(append(bytes.Clone(o.out), o.logs...)) {
		// A CONTROL message brings the new refresh token to the platform, which keeps it.
		if bytes.Contains(line, []byte("s3cr3t")) && !bytes.Contains(line, []byte(`"type":"CONTROL"`)) {
			t.Errorf("a secret is shown: %s", line)
		}
	}
}

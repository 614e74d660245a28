package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// refreshing is a sample Help Scout with refresh tokens, each of which works once.
func refreshing(t *testing.T) (s *sample, first string) {
	t.Helper()
	s = startSample(t, sampleapi.HelpScout, sampleapi.Options{}, nil)
	first = s.server.Credentials(s.system).RefreshToken
	return s.with(map[string]any{"grant_type": "refresh_token", "refresh_token": first}), first
}

// TestRotatedTokenComesAsAControlMessage checks that Airbyte gets the new refresh token in a
// CONTROL message before any record, and that the next run works with the configuration in it.
func TestRotatedTokenComesAsAControlMessage(t *testing.T) {
	t.Parallel()
	s, first := refreshing(t)
	sel := selection{streams: []string{"tags"}}
	o := s.read(t, "airbyte", sel).mustSucceed(t)
	control := bytes.Index(o.out, []byte(`"type":"CONTROL"`))
	if record := bytes.Index(o.out, []byte(`"type":"RECORD"`)); control < 0 || record < control {
		t.Fatalf("no CONTROL message before the first record:\n%s", o.out)
	}
	var changed map[string]any
	for line := range bytes.Lines(o.out) {
		var m struct {
			Type    string
			Control struct {
				Type            string
				ConnectorConfig struct{ Config map[string]any }
			}
		}
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatal(err)
		}
		if m.Type == "CONTROL" && m.Control.Type == "CONNECTOR_CONFIG" {
			changed = m.Control.ConnectorConfig.Config
		}
	}
	now := s.server.Credentials(s.system).RefreshToken
	if changed["refresh_token"] != now || now == first {
		t.Errorf("the message has the refresh token %v, the API wants %v (first %v)", changed["refresh_token"], now, first)
	}
	if _, ok := changed["status"]; ok {
		t.Errorf("a default was written into the configuration: %v", changed)
	}
	for name, v := range s.config {
		if name != "refresh_token" && encode(t, changed[name]) != encode(t, v) {
			t.Errorf("%s became %v, want %v", name, changed[name], v)
		}
	}
	next := *s
	next.config = changed
	delete(next.config, "access_token") // a client may keep only the refresh token
	delete(next.config, "token_expiry_date")
	mustHave(t, next.read(t, "airbyte", sel).mustSucceed(t).lines, truth(t, s.server.Server, s.system, "tags"))
	if old := s.read(t, "airbyte", sel); old.code != 1 {
		t.Errorf("the used token still works: exit code %d", old.code)
	}
}

// TestRotatedTokenIsWrittenToSingersConfig checks that the new refresh token is written to the file
// of the old one, which keeps its permissions and is never left half written.
func TestRotatedTokenIsWrittenToSingersConfig(t *testing.T) {
	t.Parallel()
	s, first := refreshing(t)
	file, other := s.file(t), golden.TempFile(t, "other.json", `{"concurrency": 2, "status": null}`)
	for range 3 {
		o := invoke(t, "--config", file, "--config", other, "--catalog", catalogFile(t, "singer", selection{streams: []string{"tags"}})).mustSucceed(t)
		mustHave(t, parseLines(t, o.out), truth(t, s.server.Server, s.system, "tags"))
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept := decodeObject(t, data)
		if now := s.server.Credentials(s.system).RefreshToken; kept["refresh_token"] != now {
			t.Fatalf("the file has the refresh token %v, the API wants %v (first %v)", kept["refresh_token"], now, first)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
		}
		if strings.Contains(string(o.logs)+string(o.out), s.server.Credentials(s.system).RefreshToken) {
			t.Error("the token was printed")
		}
		if _, ok := kept["status"]; ok {
			t.Errorf("a default was written into the file: %s", data)
		}
		delete(kept, "access_token")
		delete(kept, "token_expiry_date")
		if err := os.WriteFile(file, []byte(encode(t, kept)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(other); err != nil || string(data) != `{"concurrency": 2, "status": null}` {
		t.Errorf("the other file holds %q, %v", data, err)
	}
}

// TestAccessTokenIsUsedWhileItLasts checks that a second run requests no token.
func TestAccessTokenIsUsedWhileItLasts(t *testing.T) {
	t.Parallel()
	s, _ := refreshing(t)
	file, catalog := s.file(t), catalogFile(t, "singer", selection{streams: []string{"tags"}})
	for range 2 {
		invoke(t, "--config", file, "--catalog", catalog).mustSucceed(t)
	}
	if n := s.server.Stats(s.system).TokenRequests; n != 1 {
		t.Errorf("%d token requests, want 1", n)
	}
	later := time.Now().Add(100 * time.Hour).Format(time.RFC3339)
	invoke(t, "--config", file, "--catalog", catalog, "--as-of", later).mustSucceed(t)
	if n := s.server.Stats(s.system).TokenRequests; n != 2 {
		t.Errorf("%d token requests after the token's end, want 2", n)
	}
}

// TestNoTokenIsSpentWithoutAPlaceForTheNext reads with a configuration whose file can not grow, by
// a limit on the size of files. The refresh token still works when there is room again.
func TestNoTokenIsSpentWithoutAPlaceForTheNext(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there is no such limit")
	}
	s, first := refreshing(t)
	file := s.file(t)
	link := filepath.Join(t.TempDir(), "config.json")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	args := []string{"--config", link, "--catalog", catalogFile(t, "singer", selection{streams: []string{"tags"}})}
	program, err := exec.LookPath("anytap")
	if err != nil {
		t.Fatal(err)
	}
	full := exec.Command("sh", append([]string{"-c", `ulimit -f 4; exec "$@"`, "sh", program}, args...)...)
	out, err := full.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the refresh token was not used") {
		t.Fatalf("%v: %s", err, out)
	}
	if now := s.server.Credentials(s.system).RefreshToken; now != first {
		t.Fatal("the refresh token was spent")
	}
	invoke(t, args...).mustSucceed(t)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if now := s.server.Credentials(s.system).RefreshToken; decodeObject(t, data)["refresh_token"] != now || now == first {
		t.Errorf("the file behind the link does not hold the present token: %s", data)
	}
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

package e2e

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/sampleapi"
)

// TestCacheSparesRequests reads twice. The second read makes no request and gives the same records.
func TestCacheSparesRequests(t *testing.T) {
	t.Parallel()
	for name, target := range faultTargets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			s := target.start(t, sampleapi.Faults{Gzip: "accepted"}, sampleapi.Options{})
			s = s.with(map[string]any{"cache": map[string]any{"dir": folder, "ttl": 600}})
			target.must(t, s, "airbyte")
			before := s.server.Stats(target.system)
			if before.Requests == 0 {
				t.Fatal("no request was made")
			}
			target.must(t, s, "singer")
			after := s.server.Stats(target.system)
			if after.Requests != before.Requests || after.TokenRequests != before.TokenRequests {
				t.Errorf("the second read made %d requests and %d for tokens", after.Requests-before.Requests, after.TokenRequests-before.TokenRequests)
			}
			noSecretIn(t, s, folder)
			damage(t, folder)
			target.must(t, s, "airbyte")
			again := s.server.Stats(target.system).Requests - after.Requests
			if again != before.Requests {
				t.Errorf("%d requests for %d damaged entries", again, before.Requests)
			}
			target.must(t, s, "airbyte")
			if n := s.server.Stats(target.system).Requests - after.Requests; n != again {
				t.Errorf("%d requests although the entries are whole again", n-again)
			}
		})
	}
}

func filesIn(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", path, info.Mode())
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// noSecretIn looks for credentials in the names and contents of files.
func noSecretIn(t *testing.T, s *sample, folder string) {
	t.Helper()
	credentials := s.server.Credentials(s.system)
	for path, data := range filesIn(t, folder) {
		for _, secret := range []string{credentials.APIKey, credentials.ClientSecret, credentials.ClientID, "access_token", "Bearer "} {
			if secret != "" && (bytes.Contains(data, []byte(secret)) || strings.Contains(path, secret)) {
				t.Errorf("%s holds %q", path, secret)
			}
		}
	}
}

// damage cuts every other file short and changes a byte of the others.
func damage(t *testing.T, folder string) {
	t.Helper()
	short := false
	for path, data := range filesIn(t, folder) {
		if short = !short; short {
			data = data[:len(data)/2]
		} else {
			data = bytes.Clone(data)
			data[len(data)-3] ^= 1
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCacheBelongsToOneAccount checks that an answer is not used for another account, another query
// or a later time.
func TestCacheBelongsToOneAccount(t *testing.T) {
	t.Parallel()
	target := faultTargets()["pullbay"]
	for name, settings := range map[string]map[string]any{
		"other credentials": {"api_key": "another-key"},
		"other parameters":  {"rating_min": 2},
		"no time":           {"cache": map[string]any{"ttl": 0.000001}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cache := map[string]any{"dir": t.TempDir(), "ttl": 600}
			s := target.start(t, sampleapi.Faults{}, sampleapi.Options{}).with(map[string]any{"cache": cache})
			target.must(t, s, "airbyte")
			before := s.server.Stats(target.system).Requests
			if c, ok := settings["cache"].(map[string]any); ok {
				settings["cache"] = maps.Clone(cache)
				maps.Copy(settings["cache"].(map[string]any), c)
			}
			s.with(settings).read(t, "airbyte", selection{streams: []string{"reviews"}})
			if s.server.Stats(target.system).Requests == before {
				t.Error("answers came from the cache")
			}
		})
	}
}

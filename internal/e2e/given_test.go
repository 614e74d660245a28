package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// TestWaysToGiveAConfiguration reads the same with a configuration that comes in each way, in both
// protocols. No way shows the secret.
func TestWaysToGiveAConfiguration(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.Pullbay, sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-3", Reviews: 3}}}, nil)
	key, url := s.config["api_key"].(string), s.config["base_url"].(string)
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole := fmt.Sprintf("source: pullbay\nbase_url: %s\napi_key: %s\nbusiness_ids: [b-3]\n", url, key)
	write("key", key+"\n")
	write(".env", "BASE_URL="+url+"\n")
	referring := write("referring.yaml", "source: pullbay\nbase_url: ${BASE_URL}\napi_key: ${file:key}\nbusiness_ids: ['${BUSINESS}']\nlimit: ${LIMIT:-2}\n")
	variables := write("variables", "PULLBAY_KEY="+key+"\nBASE_URL="+url+"\n")
	var want int
	for name, script := range map[string]string{
		"YAML":          `"$0" "$@" --config ` + write("c.yaml", whole),
		"stdin":         `"$0" "$@" --config - < ` + write("c", whole),
		"a pipe":        `cat ` + write("d.yaml", whole) + ` | "$0" "$@" --config /dev/stdin`,
		"a named pipe":  `mkfifo ` + folder + `/fifo; cat ` + folder + `/c.yaml > ` + folder + `/fifo & "$0" "$@" --config ` + folder + `/fifo`,
		"no file":       `"$0" "$@" --set source=pullbay --set base_url=` + url + ` --set 'api_key=${PULLBAY_KEY}' --set 'business_ids=["b-3"]' --set limit=2 --env-file ` + variables,
		"references":    `BUSINESS=b-3 "$0" "$@" --config ` + referring,
		"an overlay":    `BUSINESS=none "$0" "$@" --config ` + referring + ` --set business_ids.0=b-3`,
		"two files":     `"$0" "$@" --config ` + write("first.json", `{"source": "pullbay", "base_url": "http://127.0.0.1:1", "api_key": "x"}`) + ` --config ` + write("second.yaml", whole),
		"the variables": `ANYTAP_SOURCE=pullbay ANYTAP_BASE_URL=` + url + ` ANYTAP_BUSINESS_IDS='["b-3"]' ANYTAP_API_KEY=$(cat ` + folder + `/key) "$0" "$@" --config ENV`,
	} {
		for _, verb := range []string{"read", "--quiet"} {
			cmd := exec.Command("sh", "-c", script, "anytap", verb)
			cmd.Dir = t.TempDir()
			var logs strings.Builder
			cmd.Stderr = &logs
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("%s, %s: %v: %s%s", name, verb, err, logs.String(), out)
				continue
			}
			if strings.Contains(string(out)+logs.String(), key) {
				t.Errorf("%s, %s: the key was printed", name, verb)
			}
			records := strings.Count(string(out), `"RECORD"`)
			if want = max(want, records); records != want || records != 3 {
				t.Errorf("%s, %s: %d records, want 3", name, verb, records)
			}
		}
	}
}

// TestNoTokenOfAPipeIsSpent: where the next refresh token could not be kept, the present one is
// not used. In Airbyte's protocol the platform keeps it.
func TestNoTokenOfAPipeIsSpent(t *testing.T) {
	t.Parallel()
	s, first := refreshing(t)
	file := s.file(t)
	catalog := catalogFile(t, "singer", selection{streams: []string{"tags"}})
	for name, test := range map[string]struct{ script, want string }{
		"stdin":        {`anytap --config - --catalog "$1" < "$0"`, "stdin, which it came from, can not be written"},
		"a pipe":       {`cat "$0" | anytap --config /dev/stdin --catalog "$1"`, "/dev/stdin, which it came from, can not be written"},
		"command line": {`anytap --config "$0" --set refresh_token=` + first + ` --catalog "$1"`, "--set refresh_token stands above all files"},
	} {
		out, err := exec.Command("sh", "-c", test.script, file, catalog).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "the refresh token was not used") || !strings.Contains(string(out), test.want) {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		if now := s.server.Credentials(s.system).RefreshToken; now != first {
			t.Fatalf("%s: the refresh token was spent", name)
		}
	}
	out, err := exec.Command("sh", "-c", `anytap read --config - --catalog "$1" < "$0"`, file, catalogFile(t, "airbyte", selection{streams: []string{"tags"}})).CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"CONNECTOR_CONFIG"`) {
		t.Errorf("%v: %s", err, out)
	}
}

// TestRotatedTokenKeepsReferences reads with a configuration of references, whose token is rotated.
func TestRotatedTokenKeepsReferences(t *testing.T) {
	t.Parallel()
	s, first := refreshing(t)
	text := fmt.Sprintf("# mine\nsource: helpscout\nbase_url: %s\nclient_id: ${CLIENT:-%s}\nclient_secret: ${file:secret}\ngrant_type: refresh_token\nrefresh_token: %s # changes\n",
		s.config["base_url"], s.config["client_id"], first)
	file := golden.TempFile(t, "config.yaml", text)
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "secret"), []byte(s.config["client_secret"].(string)), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		invoke(t, "--config", file, "--catalog", catalogFile(t, "singer", selection{streams: []string{"tags"}})).mustSucceed(t)
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		now := s.server.Credentials(s.system).RefreshToken
		want := strings.Replace(text, first, now, 1)
		if rest, ok := strings.CutPrefix(string(kept), want); !ok || !strings.HasPrefix(rest, "access_token: ") || now == first {
			t.Errorf("the file holds %s", kept)
		}
	}
}

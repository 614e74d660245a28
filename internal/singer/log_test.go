package singer

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"anytap/internal/redact"
)

// TestSecretsOverTwoWrites cuts a line of the log at each byte. The secret in it is hidden,
// wherever the cut is, and nothing else changes.
func TestSecretsOverTwoWrites(t *testing.T) {
	t.Parallel()
	const line = `{"msg":"GET /?key=CANARY-SECRET-77 answered 401","error":"no CANARY\u002dSECRET-77"}` + "\n"
	want := strings.NewReplacer("CANARY-SECRET-77", redact.Mask, `CANARY\u002dSECRET-77`, redact.Mask).Replace(line)
	for cut := range line {
		var out bytes.Buffer
		logs := &logOutput{w: &out}
		logs.secrets.Use(redact.New("CANARY-SECRET-77").Text)
		for _, part := range []string{line[:cut], line[cut:], line} {
			if n, err := logs.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if out.String() != want+want {
			t.Errorf("cut at %d: %s", cut, out.String())
		}
	}
}

// TestNoSecretPassesTheLogs writes a secret in each place of a log record, in both forms.
func TestNoSecretPassesTheLogs(t *testing.T) {
	t.Parallel()
	const secret = "-----BEGIN KEY-----\nCANARY+SECRET/77=\n-----END KEY-----"
	for name, command := range map[string]Command{"text": {Level: slog.LevelDebug}, "JSON": {Level: slog.LevelDebug, JSONLogs: true}} {
		var out bytes.Buffer
		logs := &logOutput{w: &out}
		logs.secrets.Use(redact.New(secret).Text)
		log := slog.New(logs.handler(command))
		log.With("with", secret).Info("message "+secret, "value", secret, "list", []string{"a", secret}, "error", bytes.NewBufferString(secret))
		if text := out.String(); strings.Contains(text, "CANARY") || strings.Count(text, redact.Mask) < 4 || strings.Count(text, "\n") != 1 {
			t.Errorf("%s: %s", name, text)
		}
	}
}

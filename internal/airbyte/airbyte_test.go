package airbyte

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/golden"
	"anytap/internal/tap/taptest"
)

const (
	both     = `{"streams":[{"stream":{"name":"users"},"sync_mode":"incremental","destination_sync_mode":"overwrite","cursor_field":null},{"stream":{"name":"events","namespace":null},"sync_mode":"incremental"}]}`
	onEvents = `{"streams":[{"stream":{"name":"events"},"sync_mode":"incremental"}]}`
	position = `{"page":1,"last_id":"a","anytap":{"format":1,"source":"test","stream":"events"}}`
)

func TestCommandsWriteTheirMessages(t *testing.T) {
	good := `{"token":"s3cr3t-token"}`
	for name, test := range map[string]struct {
		verb, config, catalog, state string
		code                         int
	}{
		"spec":                        {verb: "spec"},
		"check":                       {verb: "check", config: good},
		"check-failed":                {verb: "check", config: `{"token":"s3cr3t-token","fail":true}`},
		"check-bad-config":            {verb: "check", config: `{}`},
		"check-no-json":               {verb: "check", config: `{nope`},
		"discover":                    {verb: "discover", config: good},
		"discover-bad-config":         {verb: "discover", config: `{}`, code: 1},
		"read":                        {verb: "read", config: good, catalog: both},
		"read-without-catalog":        {verb: "read", config: good},
		"read-rotates-token":          {verb: "read", config: `{"token":"old-token","rotate":"new-token"}`, catalog: onEvents},
		"read-fails":                  {verb: "read", config: `{"token":"s3cr3t-token","fail":true}`, catalog: both, code: 1},
		"read-unknown-stream":         {verb: "read", config: good, catalog: `{"streams":[{"stream":{"name":"ghost"},"sync_mode":"full_refresh"}]}`},
		"read-bad-sync-mode":          {verb: "read", config: good, catalog: `{"streams":[{"stream":{"name":"users"},"sync_mode":"INVALID"}]}`, code: 1},
		"read-catalog-not-object":     {verb: "read", config: good, catalog: `[]`, code: 1},
		"read-state":                  {verb: "read", config: good, catalog: onEvents, state: `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":` + position + `}}]`},
		"read-state-pyairbyte":        {verb: "read", config: good, catalog: onEvents, state: `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"events","namespace":null},"stream_state":` + position + `},"global_":null,"data":null}]`},
		"read-state-envelope":         {verb: "read", config: good, catalog: onEvents, state: `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":` + position + `}}}`},
		"read-state-legacy":           {verb: "read", config: good, catalog: onEvents, state: `{"events":` + position + `}`},
		"read-state-global":           {verb: "read", config: good, catalog: onEvents, state: `[{"type":"GLOBAL","global":{"shared_state":null,"stream_states":[{"stream_descriptor":{"name":"events"},"stream_state":` + position + `}]}}]`},
		"read-state-empty":            {verb: "read", config: good, catalog: onEvents, state: `[]`},
		"read-state-null":             {verb: "read", config: good, catalog: onEvents, state: `null`},
		"read-state-stream-reset":     {verb: "read", config: good, catalog: onEvents, state: `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":null}}]`},
		"read-state-malformed":        {verb: "read", config: good, catalog: onEvents, state: `[{"type":"STREAM","stream":{"stream_state":{}}}]`, code: 1},
		"read-state-of-other-source":  {verb: "read", config: good, catalog: onEvents, state: `{"events":` + strings.Replace(position, `"test"`, `"helpscout"`, 1) + `}`, code: 1},
		"read-state-of-other-stream":  {verb: "read", config: good, catalog: onEvents, state: `{"events":` + strings.Replace(position, `"stream":"events"`, `"stream":"users"`, 1) + `}`, code: 1},
		"read-state-of-newer-version": {verb: "read", config: good, catalog: onEvents, state: `{"events":` + strings.Replace(position, `"format":1`, `"format":2`, 1) + `}`, code: 1},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			c := Command{Verb: test.verb, Config: &config.Given{Files: []string{taptest.File(t, "config.json", test.config)}},
				Catalog: taptest.File(t, "catalog.json", test.catalog), State: taptest.File(t, "state.json", test.state)}
			code := Run(t.Context(), c, taptest.Connector(), &out, taptest.Now)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if strings.Contains(out.String(), "s3cr3t") {
				t.Error("the output holds the secret")
			}
			text := out.String()
			for _, path := range []string{c.Config.Files[0], c.Catalog, c.State} {
				if path != "" {
					folder := filepath.Dir(path) + string(filepath.Separator)
					inJSON := strings.ReplaceAll(folder, `\`, `\\`) // Windows has backslashes in paths
					text = strings.NewReplacer(inJSON, "", folder, "").Replace(text)
				}
			}
			golden.Check(t, name+".jsonl", golden.WithoutDurations([]byte(text)))
		})
	}
}

// cut is an output that fails after some lines.
type cut struct{ lines int }

func (c *cut) Write(b []byte) (int, error) {
	c.lines -= bytes.Count(b, []byte("\n"))
	if c.lines <= 0 {
		return 0, os.ErrClosed
	}
	return len(b), nil
}

func TestReadEndsWhenStdoutFails(t *testing.T) {
	c := Command{Verb: "read", Config: &config.Given{Files: []string{taptest.File(t, "config.json", `{"token":"s3cr3t-token"}`)}}}
	if code := Run(t.Context(), c, taptest.Connector(), &cut{lines: 3}, taptest.Now); code != frontend.ExitFailed {
		t.Errorf("exit code %d, want %d", code, frontend.ExitFailed)
	}
}

func TestInterruptedReadSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := Command{Verb: "read", Config: &config.Given{Files: []string{taptest.File(t, "config.json", `{"token":"s3cr3t-token"}`)}}}
	var out bytes.Buffer
	if code := Run(ctx, c, taptest.Connector(), &out, taptest.Now); code != frontend.ExitInterrupted {
		t.Errorf("exit code %d, want %d", code, frontend.ExitInterrupted)
	}
}

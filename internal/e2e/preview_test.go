package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

func TestPreviewAsksForFewPages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		system   sampleapi.System
		settings map[string]any
		args     []string
		rows     int // lines of stdout
		requests int
		said     string
	}{
		"a page is enough":           {sampleapi.JSONPlaceholder, nil, []string{"posts"}, 12, 1, ""},
		"as many pages as takes":     {sampleapi.JSONPlaceholder, map[string]any{"page_size": 4}, []string{"posts"}, 12, 3, ""},
		"JSON":                       {sampleapi.JSONPlaceholder, nil, []string{"posts", "--format", "json", "--limit", "3"}, 3, 1, ""},
		"several streams":            {sampleapi.JSONPlaceholder, nil, []string{"posts,users", "--limit", "2"}, 12, 2, ""},
		"a name that is not":         {sampleapi.JSONPlaceholder, nil, []string{"postz"}, 0, 0, `no stream is named "postz"; did you mean posts?`},
		"a way that has to be found": {sampleapi.JSONPlaceholder, map[string]any{"source": "rest", "streams": []any{map[string]any{"name": "p", "path": "/posts?_limit=20"}}}, []string{"p"}, 12, 6, "the way of paging was found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, test.system, sampleapi.Options{}, test.settings)
			o := invoke(t, append([]string{"preview", "--config", s.file(t), "--debug"}, test.args...)...)
			if n := strings.Count(string(o.out), "\n"); n != test.rows || (o.code == 0) != (test.rows > 0) {
				t.Errorf("exit code %d and %d lines, want %d\n%s%s", o.code, n, test.rows, o.out, o.logs)
			}
			if n := strings.Count(string(o.logs), "DEBUG request"); n != test.requests || !strings.Contains(string(o.logs), test.said) {
				t.Errorf("%d requests, want %d and %q\n%s", n, test.requests, test.said, o.logs)
			}
		})
	}
}

func TestStateFilesAreChanged(t *testing.T) {
	t.Parallel()
	const text = `{"bookmarks":{"orders":{"updated_at":"2026-03-01"},"users":{}}}`
	for name, test := range map[string]struct {
		args      []string // FILE and OTHER stand for files
		code      int
		out, logs string
		want      string // what FILE holds afterwards; empty: as before
	}{
		"show":                 {args: []string{"show", "FILE"}, out: "orders  -           updated_at=2026-03-01  -\nusers   -           -                      at its beginning"},
		"set":                  {args: []string{"set", "FILE", "orders", "updated_at=2026-01-01"}, out: "- orders: updated_at=2026-03-01\n+ orders: updated_at=2026-01-01", want: strings.Replace(text, "2026-03", "2026-01", 1)},
		"set no value":         {args: []string{"set", "FILE", "orders", "updated_at"}, code: 2, logs: "is no FIELD=VALUE"},
		"reset":                {args: []string{"reset", "FILE", "orders"}, out: "- orders: updated_at=2026-03-01", want: `{"bookmarks":{"users":{}}}`},
		"reset a misspelt":     {args: []string{"reset", "FILE", "order"}, code: 1, logs: "no stream is named \"order\"; did you mean orders?"},
		"diff":                 {args: []string{"diff", "FILE", "OTHER"}, code: 1, out: "- users: at its beginning"},
		"diff of the same":     {args: []string{"diff", "FILE", "FILE"}},
		"merge":                {args: []string{"merge", "FILE", "OTHER"}, out: text},
		"merge into":           {args: []string{"merge", "OTHER", "FILE", "-o", "FILE"}, want: text},
		"no verb":              {args: nil, code: 2, logs: "state needs one of show, set, reset, diff, merge"},
		"too few":              {args: []string{"diff", "FILE"}, code: 2, logs: "state diff takes A B"},
		"too many":             {args: []string{"show", "FILE", "OTHER"}, code: 2, logs: "state show takes FILE"},
		"a state that is none": {args: []string{"show", "NONE"}, code: 1, logs: "[0] is the number 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := golden.TempFile(t, "state.json", text)
			other := golden.TempFile(t, "other.json", `{"bookmarks":{"orders":{"updated_at":"2026-03-01"}}}`)
			none := golden.TempFile(t, "none.json", `[1]`)
			args := []string{"state"}
			for _, arg := range test.args {
				args = append(args, strings.NewReplacer("FILE", file, "OTHER", other, "NONE", none).Replace(arg))
			}
			o := invoke(t, args...)
			if o.code != test.code || !strings.Contains(string(o.out), test.out) || !strings.Contains(string(o.logs), test.logs) {
				t.Errorf("exit code %d, want %d, %q and %q\n%s%s", o.code, test.code, test.out, test.logs, o.out, o.logs)
			}
			want := test.want
			if want == "" {
				want = text
			}
			if data, err := os.ReadFile(file); err != nil || strings.TrimSpace(string(data)) != want {
				t.Errorf("the file holds %s, %v, want %s", data, err, want)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*.lock")); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

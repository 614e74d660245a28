package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"anytap/internal/config"
	"anytap/internal/golden"
	"anytap/internal/value"
)

// recipeAPI answers the requests of a recipe as its streams say that the API does. Each of its
// lists has two full pages and one record more.
type recipeAPI struct {
	*httptest.Server
	streams *value.List

	mu    sync.Mutex
	asked []string // the requests
}

func startRecipe(t *testing.T) *recipeAPI {
	t.Helper()
	a := &recipeAPI{}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

// ServeHTTP notes a request and answers it.
func (a *recipeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.asked = append(a.asked, fmt.Sprintf("%s %s %s %s", r.Method, r.URL, r.Header.Get("Authorization"), body))
	a.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, "/token") {
		_, _ = fmt.Fprint(w, `{"access": "t0ken-of-the-test", "access_token": "t0ken-of-the-test", "expires_in": 3600}`)
		return
	}
	for _, item := range a.streams.All() {
		s := item.(*value.Dict)
		path := regexp.QuoteMeta(strings.TrimRight(text(s, "path"), "/"))
		path = regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(path, "[^/]+")
		if regexp.MustCompile(path + "/?$").MatchString(r.URL.Path) {
			a.page(w, r, s, body)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

// page answers with the page of a stream that a request asks for.
func (a *recipeAPI) page(w http.ResponseWriter, r *http.Request, s *value.Dict, body []byte) {
	p := value.Member[*value.Dict](s, "pagination")
	if p == nil { // it is found out
		p = value.DictOf("type", "next_url", "cursor_path", "next")
	}
	kind := text(p, "type")
	size := int(value.Member[int64](p, "page_size"))
	if size == 0 {
		size = 2
	}
	n := 2*size + 1
	param := map[string]string{"page": "page", "offset": "offset", "cursor": "cursor"}[kind]
	if given := text(p, "param"); given != "" {
		param = given
	}
	token := r.URL.Query().Get(param)
	if text(p, "in") == "body" {
		v, _ := value.Decode(body)
		found, _ := value.At(v, strings.Split(param, ".")...)
		token, _ = found.(string)
	}
	if param == "" {
		token = r.URL.Query().Get("from")
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(token, "k"))
	switch kind {
	case "page":
		from = max(from-1, 0) * size
	case "offset":
		from = max(from-int(value.Member[int64](p, "first_offset")), 0)
	case "none":
		size = n
	}
	to := min(from+size, n)
	out := map[string]any{}
	records := []any{}
	for i := from; i < to; i++ {
		id := i + 1
		records = append(records, map[string]any{"id": id, "name": fmt.Sprintf("n%d", id), "modified": fmt.Sprintf("2026-01-01T00:%02d:00Z", id%60), "attributes": map[string]any{"a": id}})
	}
	if columns := text(s, "columns"); columns != "" {
		put(out, columns, []string{"id", "modified"})
		for i, record := range records {
			members := record.(map[string]any)
			records[i] = []any{members["id"], members["modified"]}
		}
	}
	path := text(s, "records_path")
	if path == "" {
		path = "results"
	}
	put(out, path, records)
	more := to < n
	put(out, text(p, "total_path"), n)
	put(out, text(p, "has_more_path"), more)
	address := fmt.Sprintf("%s%s?from=k%d", a.URL, r.URL.Path, to)
	switch header := text(p, "cursor_header"); {
	case more && kind == "link_header":
		w.Header().Set("Link", "<"+address+`>; rel="next"`)
	case more && header != "":
		w.Header().Set(header, address)
	case more && kind == "next_url":
		put(out, text(p, "cursor_path"), address)
	case more:
		put(out, text(p, "cursor_path"), fmt.Sprintf("k%d", to))
	default:
		put(out, text(p, "cursor_path"), nil)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

func text(d *value.Dict, name string) string { return value.Member[string](d, name) }

// put sets what stands at a path of names with dots between, or at a name that begins with "@".
func put(in map[string]any, path string, v any) {
	names := strings.Split(path, ".")
	if strings.HasPrefix(path, "@") {
		names = []string{path}
	}
	for _, name := range names[:len(names)-1] {
		inner, ok := in[name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			in[name] = inner
		}
		in = inner
	}
	if path != "" {
		in[names[len(names)-1]] = v
	}
}

// recipes are the configurations of rest.md.
func recipes(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("docs/rest.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(string(data), -1) {
		all = append(all, m[1])
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?m)^\\| .* \\| `({type: .*})` \\|$").FindAllStringSubmatch(string(readme), -1) {
		all = append(all, "source: rest\nbase_url: https://api.example.com\nstreams:\n  - {name: a, path: /a, primary_key: id, pagination: "+m[1]+"}\n")
	}
	if len(all) < 20 {
		t.Fatalf("only %d recipes were found", len(all))
	}
	return all
}

// TestRecipesReadTheSameByTheirManifests reads each recipe of the documents as it stands and by the
// manifest that it amounts to, and compares the requests and what came.
func TestRecipesReadTheSameByTheirManifests(t *testing.T) {
	t.Parallel()
	host := regexp.MustCompile(`https://[a-z]+\.example\.com`)
	for i, recipe := range recipes(t) {
		name := fmt.Sprintf("%d %s", i, regexp.MustCompile(`path: *[^\s,]+`).FindString(recipe))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var messages, requests [2][]string
			for way := range 2 {
				api := startRecipe(t)
				file := golden.TempFile(t, "config.yaml", host.ReplaceAllString(recipe, api.URL)+"\nmax_retries: 0\nrate_limit: {requests: 100000, per: 1}\nprefetch: 1\nconcurrency: 1\n")
				written, err := (&config.Given{Files: []string{file}}).Written()
				if err != nil {
					t.Fatal(err)
				}
				api.streams = value.Member[*value.List](written, "streams")
				args := []string{"--config", file}
				if way == 1 {
					printed := string(invoke(t, "manifest", "--config", file).mustSucceed(t).out)
					if strings.Contains(printed, "a password of a test") {
						t.Error("a secret stands in the manifest")
					}
					args = append(args, "--manifest-path", golden.TempFile(t, "manifest.yaml", printed))
				}
				o := invoke(t, args...).mustSucceed(t)
				if n := strings.Count(string(o.out), `"type":"RECORD"`); n < 5 {
					t.Errorf("%d records\n%s", n, o.talk())
				}
				for _, line := range messagesOf(o) {
					messages[way] = append(messages[way], strings.ReplaceAll(line, api.URL, "API"))
				}
				for _, line := range api.asked {
					requests[way] = append(requests[way], strings.ReplaceAll(line, api.URL, "API"))
				}
				slices.Sort(requests[way])
			}
			if !slices.Equal(messages[0], messages[1]) {
				t.Errorf("the manifest gives\n%s\nwant\n%s", strings.Join(messages[1], "\n"), strings.Join(messages[0], "\n"))
			}
			if !slices.Equal(requests[0], requests[1]) {
				t.Errorf("the manifest asks for\n%s\nwant\n%s", strings.Join(requests[1], "\n"), strings.Join(requests[0], "\n"))
			}
		})
	}
}

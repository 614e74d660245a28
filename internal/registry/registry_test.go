package registry

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anytap/internal/rest/exchange"
)

// stand is a registry whose files a test may change.
type stand struct {
	t        *testing.T
	mu       sync.Mutex
	files    map[string]string // by path below /files
	handlers map[string]http.HandlerFunc
	asked    []string
	server   *httptest.Server
	dir      string
}

const list = `{"destinations": [{"dockerRepository": "airbyte/destination-x"}], "sources": [
	{"name": "Poke", "dockerRepository": "airbyte/source-poke", "dockerImageTag": "0.2.0", "language": "manifest-only"},
	{"name": "Old", "dockerRepository": "airbyte/source-old", "dockerImageTag": "1.0.0", "tags": ["language:python"], "remoteRegistries": {"pypi": {"enabled": true, "packageName": "airbyte-source-old"}}}]}`

func manifestOf(text string) string { return "check: {}\n# " + text + "\n" }

func newStand(t *testing.T) *stand {
	s := &stand{t: t, dir: t.TempDir(), handlers: map[string]http.HandlerFunc{}, files: map[string]string{
		"/registries/v0/oss_registry.json":                  list,
		"/metadata/airbyte/source-poke/0.1.0/manifest.yaml": manifestOf("first"),
		"/metadata/airbyte/source-poke/0.2.0/manifest.yaml": manifestOf("second"),
	}}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *stand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/files")
	s.mu.Lock()
	s.asked = append(s.asked, path)
	text, ok := s.files[path]
	handler := s.handlers[path]
	s.mu.Unlock()
	switch {
	case handler != nil:
		handler(w, r)
	case !ok:
		http.NotFound(w, r)
	default:
		_, _ = w.Write([]byte(text))
	}
}

// requests are the paths that were asked for since the last call.
func (s *stand) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func (s *stand) set(path, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = text
}

func (s *stand) open() *Registry {
	s.t.Helper()
	r, err := New(s.server.URL+"/files", filepath.Join(s.dir, "cache"), exchange.NewTransport(), func(_ string, text []byte) error {
		if !bytes.HasPrefix(text, []byte("check:")) {
			return errors.New("no check")
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	r.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	s.t.Cleanup(r.Close)
	return r
}

func (s *stand) lock() string { return filepath.Join(s.dir, LockFile) }

// find finds a connector and gives the text of its manifest.
func (s *stand) find(r *Registry, name string) (Connector, string, error) {
	s.t.Helper()
	ref, err := ParseReference(name)
	if err != nil {
		s.t.Fatal(err)
	}
	found, err := r.Find(s.t.Context(), ref, s.lock())
	if err != nil {
		return found, "", err
	}
	text, err := os.ReadFile(found.Manifest())
	if err != nil {
		s.t.Fatal(err)
	}
	return found, string(text), nil
}

func TestFirstUseLocksAndLaterUsesTakeIt(t *testing.T) {
	s := newStand(t)
	r := s.open()
	found, text, err := s.find(r, "source-poke")
	if err != nil || text != manifestOf("second") || !found.New || found.Version != "0.2.0" {
		t.Fatalf("%+v %q %v", found, text, err)
	}
	s.set("/registries/v0/oss_registry.json", strings.ReplaceAll(list, "0.2.0", "0.3.0"))
	s.set("/metadata/airbyte/source-poke/0.3.0/manifest.yaml", manifestOf("third"))
	s.requests()
	found, text, err = s.find(r, "source-poke")
	if err != nil || text != manifestOf("second") || found.New {
		t.Errorf("the second use: %+v %q %v", found, text, err)
	}
	if asked := s.requests(); len(asked) > 0 {
		t.Errorf("the second use asked for %q", asked)
	}
	changes, err := r.Update(t.Context(), s.lock(), nil)
	if err != nil || len(changes) != 1 || changes[0].Before.Version != "0.2.0" || changes[0].After.Version != "0.3.0" {
		t.Fatalf("update: %+v %v", changes, err)
	}
	if _, text, _ := s.find(r, "source-poke"); text != manifestOf("third") {
		t.Errorf("after the update: %q", text)
	}
}

func TestVersionsStandBesideEachOther(t *testing.T) {
	s := newStand(t)
	r := s.open()
	for _, step := range []struct {
		get        bool
		name, want string
	}{
		{false, "source-poke", "second"},
		{false, "source-poke@0.1.0", "first"},
		{false, "source-poke", "second"}, // a use of another version does not change what the name means
		{true, "source-poke@0.1.0", "first"},
		{false, "source-poke", "first"}, // to get one does
		{false, "source-poke@v0.2.0", "second"},
	} {
		ref, err := ParseReference(step.name)
		if err != nil {
			t.Fatal(err)
		}
		use := r.Find
		if step.get {
			use = r.Get
		}
		found, err := use(t.Context(), ref, s.lock())
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := os.ReadFile(found.Manifest()); string(text) != manifestOf(step.want) {
			t.Errorf("%+v: %q", step, text)
		}
	}
}

func TestChangedContentOfALockedVersionIsAnError(t *testing.T) {
	const path = "/metadata/airbyte/source-poke/0.2.0/"
	components := func(code string) string { return archive(t, map[string]string{ComponentsFile: code}) }
	for name, change := range map[string]func(s *stand){
		"manifest":         func(s *stand) { s.set(path+"manifest.yaml", manifestOf("other")) },
		"other components": func(s *stand) { s.set(path+"components.zip", components("b = 2")) },
		"no components":    func(s *stand) { s.mu.Lock(); delete(s.files, path+"components.zip"); s.mu.Unlock() },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t)
			s.set(path+"components.zip", components("a = 1"))
			r := s.open()
			if _, _, err := s.find(r, "source-poke"); err != nil {
				t.Fatal(err)
			}
			change(s)
			if err := os.RemoveAll(r.Cache); err != nil {
				t.Fatal(err)
			}
			_, _, err := s.find(r, "source-poke")
			if err == nil || !strings.Contains(err.Error(), "has changed") || !strings.Contains(err.Error(), "anytap connectors update source-poke@0.2.0") {
				t.Fatalf("the changed content: %v", err)
			}
			if kept, _ := filepath.Glob(filepath.Join(r.Cache, "connectors", "*", "*", "*")); len(kept) > 0 {
				t.Errorf("it was kept: %q", kept)
			}
			ref, _ := ParseReference("source-poke@0.2.0")
			if _, err := r.Update(t.Context(), s.lock(), []Reference{ref}); err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.find(r, "source-poke"); err != nil {
				t.Errorf("once it is taken over: %v", err)
			}
		})
	}
}

func TestTheCacheIsVerified(t *testing.T) {
	s := newStand(t)
	r := s.open()
	found, _, err := s.find(r, "source-poke")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(found.Manifest(), []byte("check: changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Offline = true
	if _, _, err := s.find(r, "source-poke"); err == nil || !strings.Contains(err.Error(), "without --offline") {
		t.Errorf("offline: %v", err)
	}
	r.Offline = false
	if _, text, err := s.find(r, "source-poke"); err != nil || text != manifestOf("second") {
		t.Errorf("%q %v", text, err)
	}
}

func TestOffline(t *testing.T) {
	s := newStand(t)
	r := s.open()
	r.Offline = true
	if _, _, err := s.find(r, "source-poke"); err == nil || !strings.Contains(err.Error(), "--offline is set") {
		t.Errorf("nothing was fetched: %v", err)
	}
	r.Offline = false
	if _, _, err := s.find(r, "source-poke"); err != nil {
		t.Fatal(err)
	}
	s.server.Close()
	if _, text, err := s.find(r, "source-poke"); err != nil || text != manifestOf("second") {
		t.Errorf("without a server: %q %v", text, err)
	}
	r.Offline = true
	if err := os.Remove(s.lock()); err != nil {
		t.Fatal(err)
	}
	if _, text, err := s.find(r, "source-poke"); err != nil || text != manifestOf("second") {
		t.Errorf("in another project: %q %v", text, err)
	}
	if _, _, err := s.find(r, "source-poke@0.1.0"); err == nil || !strings.Contains(err.Error(), "not in the cache") {
		t.Errorf("another version: %v", err)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := newStand(t)
	r := s.open()
	for name, want := range map[string]string{
		"source-pook":                  "did you mean source-poke?",
		"poke@1":                       "did you mean source-poke?",
		"source-poke@7":                "no version 7 of source-poke; the newest is 0.2.0",
		"source-old":                   "airbyte-source-old on PyPI",
		"source-old@1.0.0":             "airbyte-source-old on PyPI",
		s.server.URL + "/none.yaml":    "404",
		s.server.URL + "/none.yaml?a=": "404",
	} {
		if _, _, err := s.find(r, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	if _, err := os.Stat(s.lock()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was locked: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	s := newStand(t)
	r := s.open()
	s.set("/mine.yaml", manifestOf("mine"))
	address := s.server.URL + "/files/mine.yaml?token=SECRET"
	if _, text, err := s.find(r, address); err != nil || text != manifestOf("mine") {
		t.Fatalf("%q %v", text, err)
	}
	s.set("/mine.yaml", manifestOf("other"))
	if _, text, err := s.find(r, address); err != nil || text != manifestOf("mine") {
		t.Errorf("the locked one: %q %v", text, err)
	}
	if text, _ := os.ReadFile(s.lock()); bytes.Contains(text, []byte("SECRET")) {
		t.Errorf("the lock file has the query:\n%s", text)
	}
	ref, _ := ParseReference(address)
	if _, err := r.Update(t.Context(), s.lock(), []Reference{ref}); err != nil {
		t.Fatal(err)
	}
	if _, text, err := s.find(r, address); err != nil || text != manifestOf("other") {
		t.Errorf("after the update: %q %v", text, err)
	}
}

// TestManyAtOnce finds connectors in parallel, each by a registry of its own as processes have
// them, with one cache and one lock file.
func TestManyAtOnce(t *testing.T) {
	s := newStand(t)
	const versions = 8
	for i := range versions {
		s.set(fmt.Sprintf("/metadata/airbyte/source-poke/1.%d/manifest.yaml", i), manifestOf(fmt.Sprint(i)))
	}
	var all sync.WaitGroup
	var failed atomic.Int32
	for i := range 4 * versions {
		r := s.open()
		all.Go(func() {
			if _, text, err := s.find(r, fmt.Sprintf("source-poke@1.%d", i%versions)); err != nil || text != manifestOf(fmt.Sprint(i%versions)) {
				failed.Add(1)
				t.Errorf("%d: %q %v", i, text, err)
			}
		})
	}
	all.Wait()
	lock, err := ReadLock(s.lock())
	if err != nil || len(lock) != versions {
		t.Errorf("the lock file has %d entries, want %d; %v", len(lock), versions, err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "cache", "connectors", "*", "*", ".new-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	s := newStand(t)
	if _, _, err := s.find(s.open(), "source-poke"); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(filepath.Join(s.dir, "cache"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[d.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v, want %v", path, info.Mode().Perm(), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyFolderIsNoHindrance(t *testing.T) {
	s := newStand(t)
	r := s.open()
	ref, _ := ParseReference("source-poke")
	if _, err := r.Find(t.Context(), ref, filepath.Join(s.dir, "none", LockFile)); err != nil {
		t.Errorf("a lock file that can not be written: %v", err)
	}
}

func TestBrokenLockFiles(t *testing.T) {
	s := newStand(t)
	r := s.open()
	for name, text := range map[string]string{
		"no YAML":       "{",
		"a number":      "0",
		"other format":  "lock: 2\nconnectors: []\n",
		"a path":        "lock: 1\nconnectors: [{name: ../../x, version: '1', sha256: " + strings.Repeat("a", 64) + "}]\n",
		"version":       "lock: 1\nconnectors: [{name: source-x, version: ../../.., sha256: " + strings.Repeat("a", 64) + "}]\n",
		"short sha256":  "lock: 1\nconnectors: [{name: source-x, version: '1', sha256: aa}]\n",
		"list of texts": "lock: 1\nconnectors: [source-x]\n",
	} {
		if err := os.WriteFile(s.lock(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.find(r, "source-poke"); err == nil || !strings.Contains(err.Error(), s.lock()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// archive makes a zip of files.
func archive(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPythonCode(t *testing.T) {
	zipped := archive(t, map[string]string{"../../../evil.py": "x", "manifest.yaml": "evil", ComponentsFile: "a = 1"})
	digest, _ := hex.DecodeString(sum([]byte(zipped)))
	var link bytes.Buffer
	z := zip.NewWriter(&link)
	header := &zip.FileHeader{Name: ComponentsFile}
	header.SetMode(fs.ModeSymlink | 0o777)
	if w, err := z.CreateHeader(header); err == nil {
		_, _ = w.Write([]byte("/etc/passwd"))
	}
	_ = z.Close()
	for name, c := range map[string]struct{ zip, checksum, fault string }{
		"components.py alone is taken": {zipped, "", ""},
		"checksum in hex":              {zipped, sum([]byte(zipped)) + "\n", ""},
		"checksum in base64":           {zipped, base64.StdEncoding.EncodeToString(digest), ""},
		"wrong checksum":               {zipped, strings.Repeat("0", 64), "was changed"},
		"no archive":                   {"<html>", "", "not a valid zip"},
		"without components.py":        {archive(t, map[string]string{"other.py": ""}), "", "holds no components.py"},
		"a link":                       {link.String(), "", "is no file"},
		"a bomb":                       {archive(t, map[string]string{ComponentsFile: strings.Repeat("#", mostOfComponents+1)}), "", "more than 16 MiB"},
		"too large":                    {strings.Repeat("x", mostOfArchive+1), "", "the most that is read"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t)
			s.set("/metadata/airbyte/source-poke/0.2.0/components.zip", c.zip)
			if c.checksum != "" {
				s.set("/metadata/airbyte/source-poke/0.2.0/components.zip.sha256", c.checksum)
			}
			found, text, err := s.find(s.open(), "source-poke")
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Fatalf("%v, want %s", err, c.fault)
				}
				return
			}
			code, readErr := os.ReadFile(filepath.Join(found.Folder, ComponentsFile))
			if err != nil || readErr != nil || string(code) != "a = 1" || text != manifestOf("second") {
				t.Errorf("%q %q %v %v", code, text, err, readErr)
			}
			if files, _ := os.ReadDir(found.Folder); len(files) != 2 {
				t.Errorf("%d files, want two", len(files))
			}
		})
	}
}

func TestParseReference(t *testing.T) {
	for text, want := range map[string]string{
		"source-pokeapi":                     "source-pokeapi",
		"source-pokeapi@latest":              "source-pokeapi",
		"source-pokeapi@v0.3.1":              "source-pokeapi@0.3.1",
		"source-a@1.0.0-rc.1":                "source-a@1.0.0-rc.1",
		"source-a@1.2.3-dev.abc+1":           "source-a@1.2.3-dev.abc+1",
		"https://example.com/a/m.yaml#part":  "https://example.com/a/m.yaml",
		"http://127.0.0.1:8/m.yaml":          "http://127.0.0.1:8/m.yaml",
		"destination-x":                      "",
		"":                                   "",
		"../etc":                             "",
		"source-a/../../b":                   "",
		"source-a@../../b":                   "",
		"source-a@..":                        "",
		"source-a@":                          "",
		"source-a@1@2":                       "",
		"source-A":                           "",
		"source-a@1%2f..":                    "",
		"file:///etc/passwd":                 "",
		"https://":                           "",
		"https://user:pw@example.com/":       "",
		"source-" + strings.Repeat("a", 200): "",
	} {
		ref, err := ParseReference(text)
		if (err != nil) != (want == "") || err == nil && ref.String() != want {
			t.Errorf("%q: %v, %v; want %q", text, ref, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "pw") {
			t.Errorf("%q: the error shows the password: %v", text, err)
		}
	}
}

//go:build unix

package e2e

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"anytap/internal/cli"
	"anytap/internal/frontend"
	"anytap/internal/sampleapi"
)

// dockerfile gives the instructions of the Dockerfile's two stages, by their names: the build and
// the image.
func dockerfile(t *testing.T) (build, image map[string][]string) {
	t.Helper()
	data, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	stages := []map[string][]string{}
	for line := range strings.Lines(strings.ReplaceAll(string(data), "\\\n", " ")) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "", "#":
			continue
		case "FROM":
			stages = append(stages, map[string][]string{})
		}
		stage := stages[len(stages)-1]
		stage[word] = append(stage[word], rest)
	}
	if len(stages) != 2 {
		t.Fatalf("the Dockerfile has %d stages, want 2", len(stages))
	}
	return stages[0], stages[1]
}

// entryPoint is the image's command. The platform evaluates it as text in a shell.
func entryPoint(t *testing.T, stage map[string][]string) string {
	t.Helper()
	var words []string
	if err := json.Unmarshal([]byte(stage["ENTRYPOINT"][0]), &words); err != nil {
		t.Fatalf("ENTRYPOINT is no list: %v", err)
	}
	return strings.Join(words, " ")
}

// TestDockerfileFitsThePlatform checks what Airbyte's platform demands of an image.
func TestDockerfileFitsThePlatform(t *testing.T) {
	t.Parallel()
	build, stage := dockerfile(t)
	entry := entryPoint(t, stage)
	all := func(word string) string { return strings.Join(stage[word], "\n") }
	making := strings.Join(build["RUN"], "\n")
	for what, pattern := range map[string][2]string{
		"the shell and certificates": {making, `install .* ca-certificates busybox-static`},
		"the files of TestImage":     {making, `(?m)^packaging/docker/rootfs /anytap /image\b`},
		"nothing else":               {all("FROM"), `^scratch$`},
		"those files at its root":    {all("COPY"), `(?m)^--from=build /image /$`},
		"the same entry points":      {all("ENV"), `AIRBYTE_ENTRYPOINT="` + regexp.QuoteMeta(entry) + `"`},
		"a path to sh and anytap":    {all("ENV"), `PATH="` + path.Dir(entry) + `:/bin"`},
		"a writable /airbyte":        {all("COPY"), `--chown=1000:1000 /airbyte /airbyte`},
		"not root":                   {all("USER"), `^airbyte$`},
		"the folder of the manifest": {all("WORKDIR"), `^/airbyte/integration_code$`},
		"the name":                   {all("LABEL"), `io\.airbyte\.name="[\w./-]+/source-[\w-]+"`},
		"the version":                {all("LABEL"), `io\.airbyte\.version="\$\{VERSION\}"`},
	} {
		if !regexp.MustCompile(pattern[1]).MatchString(pattern[0]) {
			t.Errorf("the image lacks %s: %q", what, pattern[0])
		}
	}
	if !path.IsAbs(entry) || path.Join("/airbyte/integration_code/source_declarative_manifest", "manifest.yaml") != cli.ContainerManifest {
		t.Errorf("entry point %q, manifest %q: want absolute paths that fit", entry, cli.ContainerManifest)
	}
}

// The most bytes that the binary and the image's files may have.
const (
	binaryLimit = 22_000_000
	imageLimit  = 24_500_000
)

// TestImage builds the static binary and assembles the image's files. As root it then runs the
// image's commands in them, as the platform does.
func TestImage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	t.Parallel()
	binary := buildBinary(t)
	mustBeStatic(t, binary)
	if size := fileSize(t, binary); size > binaryLimit {
		t.Errorf("the binary has %d bytes, want at most %d", size, binaryLimit)
	}
	if out, err := exec.Command("/bin/busybox", "--list").Output(); err != nil || !bytes.Contains(out, []byte("mkfifo\n")) {
		t.Skipf("no busybox-static: the image's files are not assembled: %v", err)
	}
	root := t.TempDir()
	if out, err := exec.Command("packaging/docker/rootfs", binary, root).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	total := folderSize(t, root)
	t.Logf("the image's files have %d bytes", total)
	if total > imageLimit {
		t.Errorf("the image's files have %d bytes, want at most %d", total, imageLimit)
	}
	if os.Geteuid() != 0 {
		t.Skip("not root: the image's files are not entered with chroot")
	}
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	_, stage := dockerfile(t)
	r := room{root, entryPoint(t, stage), s}
	r.put(t, "config/config.json", encode(t, s.config))
	r.put(t, "dev/null", "") // read by what sh starts in the background; a container engine has the device here
	if err := os.Chmod(filepath.Join(root, "dev/null"), 0o666); err != nil {
		t.Fatal(err)
	}
	r.live(t)
}

func mustBeStatic(t *testing.T, binary string) {
	t.Helper()
	f, err := elf.Open(binary)
	if err != nil {
		t.Skipf("no ELF binary on this machine: %v", err)
	}
	defer f.Close() //nolint:errcheck // only read
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the binary needs a dynamic loader")
		}
	}
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the binary needs %v, %v", libraries, err)
	}
}

func fileSize(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func folderSize(t *testing.T, root string) (total int64) {
	t.Helper()
	err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return total
}

// platformScript starts a connector as the Airbyte platform does. It evaluates the entry point in
// sh, takes its output from a named pipe, writes its exit code to a file at once, and sends SIGTERM
// when a marker file appears.
const platformScript = `
cd /config
mkfifo /tmp/stdout || exit 99
# exec: the signal is for the connector, not for a shell around it
(eval "exec $AIRBYTE_ENTRYPOINT $COMMAND" > /tmp/stdout 2> /tmp/stderr) &
child=$!
(while ! test -e /tmp/terminate && ! test -e /tmp/code; do sleep 0.1; done; test -e /tmp/terminate && kill -TERM $child) &
cat /tmp/stdout &
copier=$!
wait $child; echo $? > /tmp/code.part; mv /tmp/code.part /tmp/code
wait $copier
cat /tmp/stderr >&2
exit $(cat /tmp/code)
`

// room is a root file system that can be entered.
type room struct {
	root, entry string
	sample      *sample
}

// put writes a file that all users of the room can read.
func (r room) put(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(r.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// commandLimit is how long a command in the room may take.
const commandLimit = 30 * time.Second

// start starts a command of the image as the platform does, from a working folder that is not the
// image's.
func (r room) start(t *testing.T, command string) *child {
	t.Helper()
	for _, left := range []string{"stdout", "stderr", "code"} {
		if err := os.RemoveAll(filepath.Join(r.root, "tmp", left)); err != nil {
			t.Fatal(err)
		}
	}
	return r.shell(t, command, platformScript)
}

// shell starts a script in the room as the user airbyte, and ends it after commandLimit.
func (r room) shell(t *testing.T, command, script string) *child {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), commandLimit)
	t.Cleanup(cancel)
	c := &child{t: t, cmd: exec.CommandContext(ctx, "chroot", "--userspec=1000:1000", r.root, "/bin/sh", "-c", script)}
	c.cmd.Env = []string{"AIRBYTE_ENTRYPOINT=" + r.entry, "COMMAND=" + command, "PATH=/bin:/usr/local/bin"}
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.cmd.Cancel = func() error { return syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL) } // the shell and what it started
	c.cmd.WaitDelay = time.Second
	c.start()
	return c
}

func (r room) run(t *testing.T, command string) outcome {
	t.Helper()
	o := r.start(t, command).end()
	if o.code < 0 {
		t.Fatalf("%q did not end within %v\n%s", command, commandLimit, o.talk())
	}
	return o
}

// furniture checks what the user must find: folders to write to and others not, certificates, what
// the platform's script calls, and what people look around with.
const furniture = `
set -e
test -O /airbyte && test -G /airbyte
while IFS=: read -r name _ uid gid _; do test "$name" != airbyte || user=$uid:$gid; done </etc/passwd
test "$user" = 1000:1000
for folder in /airbyte /airbyte/integration_code /tmp; do : >$folder/here; done
test ! -w /usr/local/bin/anytap && test ! -w /etc
test -s /etc/ssl/certs/ca-certificates.crt
for word in eval kill wait test sleep mv cat ls head tail grep find ps vi; do command -v $word >/dev/null; done
test "$(id -un)" = airbyte
`

// live runs the image's commands.
func (r room) live(t *testing.T) {
	t.Helper()
	c := r.shell(t, "", "set -x;"+furniture)
	c.lines(allLines)
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("something is missing in the image: %v\n%s", err, c.logs.String())
	}
	if o := r.run(t, "spec").mustSucceed(t); !bytes.HasPrefix(o.out, []byte(`{"type":"SPEC"`)) {
		t.Errorf("spec printed %.200s", o.out)
	}
	if o := r.run(t, "check --config /config/config.json").mustSucceed(t); !bytes.Contains(o.out, []byte("SUCCEEDED")) {
		t.Errorf("check printed %s", o.out)
	}
	if n := len(ids(t, r.run(t, "read --config /config/config.json").mustSucceed(t).lines)); n != 5910 {
		t.Errorf("%d records, want 5910", n)
	}
	if o := r.run(t, "check --config /nosuch.json"); !bytes.Contains(o.out, []byte("nosuch.json")) {
		t.Errorf("a missing configuration: %s", o.out)
	}
	if o := r.run(t, "nosuch"); o.code != frontend.ExitUsage || !bytes.Contains(o.logs, []byte("nosuch")) {
		t.Errorf("exit code %d of an unknown command, want %d\n%s", o.code, frontend.ExitUsage, o.logs)
	}
	r.endBySignal(t)
	r.put(t, cli.ContainerManifest, smallManifest)
	if o := r.run(t, "spec").mustSucceed(t); !bytes.Contains(o.out, []byte(`"required":["base_url"]`)) {
		t.Errorf("the manifest in the image is not used: %s", o.out)
	}
	for _, form := range []string{"read --config /config/config.json", "--config /config/config.json"} {
		if n := len(ids(t, r.run(t, form).mustSucceed(t).lines)); n != 100 {
			t.Errorf("%s: %d records by the manifest in the image, want 100", form, n)
		}
	}
}

// endBySignal ends a read as the platform does, by the marker file, and resumes from its STATE.
func (r room) endBySignal(t *testing.T) {
	t.Helper()
	r.sample.server.SetFaults(r.sample.system, sampleapi.Faults{Latency: 20 * time.Millisecond})
	r.put(t, "config/catalog.json", encode(t, map[string]any{"streams": []any{
		map[string]any{"stream": map[string]any{"name": "photos"}, "sync_mode": "incremental", "destination_sync_mode": "append"},
	}}))
	c := r.start(t, "read --config /config/config.json --catalog /config/catalog.json")
	c.until(`"type":"STATE"`)
	r.put(t, "tmp/terminate", "")
	first := c.end()
	if err := os.Remove(filepath.Join(r.root, "tmp/terminate")); err != nil {
		t.Fatal(err)
	}
	if first.code != frontend.ExitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", first.code, frontend.ExitInterrupted, first.talk())
	}
	covered, state := lastState(t, "airbyte", first.lines)
	if late := ids(t, first.lines[covered:]); len(late) > 0 {
		t.Errorf("%d records came after the last state", len(late))
	}
	text, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	r.sample.server.SetFaults(r.sample.system, sampleapi.Faults{})
	r.put(t, "config/state.json", string(text))
	second := r.run(t, "read --config /config/config.json --catalog /config/catalog.json --state /config/state.json").mustSucceed(t)
	want := truth(t, r.sample.server.Server, r.sample.system, "photos")
	mustHave(t, slices.Concat(first.lines, second.lines), want)
	if n := len(ids(t, second.lines)); n == 0 || n == len(want) {
		t.Errorf("%d of %d records came after the signal, want some", n, len(want))
	}
}

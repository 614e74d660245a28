package e2e

import (
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// TestServeKeepsTheSampleAPIsUp starts the sample APIs, reads each with the configuration that is
// printed for it, calls the printed curl lines, also with a fault by the printed header, and ends
// the program by a signal.
func TestServeKeepsTheSampleAPIsUp(t *testing.T) {
	t.Parallel()
	c := &child{t: t, cmd: exec.Command("anytap", "demo", "--serve")}
	logs, err := c.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.cmd.Process.Kill() }) // it has ended already, unless the test failed
	text := followUntil(t, logs, sampleapi.FaultHeader)
	printed := regexp.MustCompile(`(?m)^(\w+): (http://127\.0\.0\.1:\d+)\n +config: (.*)\n +try: +(curl .*)$`).FindAllStringSubmatch(text, -1)
	if len(printed) != 3 {
		t.Fatalf("%d systems, want three with address, config and curl line:\n%s", len(printed), text)
	}
	streams := map[string]string{"helpscout": "mailboxes", "jsonplaceholder": "posts", "pullbay": "reviews"}
	for _, m := range printed {
		system, address, config, curl := m[1], m[2], m[3], m[4]
		if !strings.Contains(config, address) || !strings.Contains(curl, address) {
			t.Errorf("%s: config or curl line lack the address %s", system, address)
		}
		o := invoke(t, "read", "--config", golden.TempFile(t, "config.json", config), "--catalog", catalogFile(t, "airbyte", selection{streams: []string{streams[system]}})).mustSucceed(t)
		want := map[string]int{"helpscout": 3, "jsonplaceholder": 100, "pullbay": 26203}[system]
		if n := len(ids(t, parseLines(t, o.out))); n != want {
			t.Errorf("%s: %d records by the config that was printed, want %d", system, n, want)
		}
		tryCurl(t, curl)
	}
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := c.cmd.Wait(); err != nil || time.Since(begun) > 3*time.Second {
		t.Errorf("it ended with %v after %v", err, time.Since(begun))
	}
}

// tryCurl runs a line as it is printed, and once more with a fault.
func tryCurl(t *testing.T, line string) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Log("curl is not on this machine: its lines are not tried")
		return
	}
	for fault, want := range map[string]string{"": "200", "fail=1": "500"} {
		if fault != "" && strings.Contains(line, "oauth2") {
			continue // the token endpoint has no such faults
		}
		cmd := exec.Command("sh", "-c", line+` --silent --show-error --output /dev/null --write-out '%{http_code}' --header '`+sampleapi.FaultHeader+": "+fault+`'`)
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != want {
			t.Errorf("%s with %q: %s, %v; want %s", line, fault, out, err, want)
		}
	}
}

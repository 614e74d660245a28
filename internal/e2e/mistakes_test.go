package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"anytap/internal/golden"
)

// mistake is something that goes wrong, and how to provoke it.
type mistake struct {
	what string // for people: what was done, or what the API answered
	// files are written into a folder of their own, which is the working folder in what is
	// printed. URL in them is the address of the API, CLOSED one where nothing listens.
	files map[string]string
	args  []string         // files by their names
	api   http.HandlerFunc // nil: every answer is an empty list
	// says are texts that must be printed, whatever else may change.
	says []string
}

// mistakes are all of them, by the headings of the document.
func mistakes() []mistakeGroup {
	return []mistakeGroup{
		{"Command line", commandMistakes()},
		{"Configuration", configMistakes()},
		{"Catalog", catalogMistakes()},
		{"State", stateMistakes()},
		{"Manifest", manifestMistakes()},
		{"Network", networkMistakes()},
		{"Answers of the API", answerMistakes()},
	}
}

type mistakeGroup struct {
	heading string
	all     []mistake
}

// TestMistakesAreExplained provokes each mistake and writes docs/errors.md of what is printed.
// Each is an error or a warning that names where it is.
func TestMistakesAreExplained(t *testing.T) {
	var b strings.Builder
	b.WriteString(errorsIntroduction)
	count := 0
	for _, group := range mistakes() {
		fmt.Fprintf(&b, "\n## %s\n", group.heading)
		for _, m := range group.all {
			count++
			printed := m.provoke(t)
			if printed == "" {
				t.Errorf("%s: nothing was printed", m.what)
			}
			for _, text := range append([]string{}, m.says...) {
				if !strings.Contains(printed, text) {
					t.Errorf("%s: %q is not said:\n%s", m.what, text, printed)
				}
			}
			for _, wrong := range neverPrinted {
				if found := wrong.FindString(printed); found != "" {
					t.Errorf("%s: %q was printed:\n%s", m.what, found, printed)
				}
			}
			fmt.Fprintf(&b, "\n**%s**\n\n```text\n%s\n```\n", m.what, printed)
		}
	}
	if count < 80 {
		t.Errorf("only %d mistakes", count)
	}
	golden.CheckFile(t, "docs/errors.md", []byte(b.String()))
}

const errorsIntroduction = `# Mistakes, and what is said of them

This is made by ` + "`go test ./internal/e2e -run TestMistakesAreExplained -update`" + `, which makes each of these mistakes and writes down what
is printed. Errors say which file and place it is, what was found there, what was expected, and what to do.
`

// neverPrinted is what no message may hold: words of Go and of libraries, and half-made sentences.
var neverPrinted = []*regexp.Regexp{
	regexp.MustCompile(`panic|goroutine |runtime error|\.go:\d|%!|<nil>|0x[0-9a-f]{6}`),
	regexp.MustCompile(`json: (cannot|unknown|unsupported|invalid)|json at byte|cannot unmarshal|jsonschema|oneOf|anyOf failed|I\[#`),
	regexp.MustCompile(`\b1 (problems|warnings|streams|records|requests|tries)\b`),
}

// provoke makes the mistake and gives what is printed of it.
func (m mistake) provoke(t *testing.T) string {
	t.Helper()
	answer := m.api
	if answer == nil {
		answer = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("[]")) }
	}
	api := httptest.NewServer(answer)
	defer api.Close()
	closed := closedAddress(t)
	folder := t.TempDir()
	for name, text := range m.files {
		text = strings.NewReplacer("TLS", strings.Replace(api.URL, "http:", "https:", 1), "URL", api.URL, "CLOSED", closed).Replace(text)
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var args []string
	for _, arg := range m.args {
		if _, isFile := m.files[arg]; isFile || strings.HasPrefix(arg, "none.") {
			arg = filepath.Join(folder, arg)
		}
		args = append(args, strings.NewReplacer("URL", api.URL).Replace(arg))
	}
	o := invoke(t, args...)
	text := said(o)
	text = strings.NewReplacer(folder+string(filepath.Separator), "", folder, ".", api.URL, "https://api.example.com",
		strings.TrimPrefix(api.URL, "http://"), "api.example.com", closed, "http://localhost:8080", strings.TrimPrefix(closed, "http://"), "localhost:8080").Replace(text)
	return strings.TrimSpace(regexp.MustCompile(`\d+\.\d+s\b|\bin \d+ms`).ReplaceAllString(text, "0.1s"))
}

// closedAddress is an address where nothing listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nobody listens
	return "http://" + l.Addr().String()
}

// said is what is printed for people: the errors and warnings on stderr, those in Airbyte's
// messages, and what check-manifest lists.
func said(o outcome) string {
	var lines []string
	add := func(line string) {
		if len(lines) == 0 || lines[len(lines)-1] != line {
			lines = append(lines, line)
		}
	}
	for line := range bytes.Lines(o.out) {
		var m struct {
			Type             string
			Log              struct{ Level, Message string }
			Trace            struct{ Error struct{ Message string } }
			ConnectionStatus struct{ Status, Message string }
		}
		if json.Unmarshal(line, &m) != nil {
			continue
		}
		switch {
		case m.Type == "LOG" && (m.Log.Level == "WARN" || m.Log.Level == "ERROR"):
			add(m.Log.Level + " " + m.Log.Message)
		case m.Type == "TRACE" && m.Trace.Error.Message != "":
			add("ERROR " + m.Trace.Error.Message)
		case m.ConnectionStatus.Status == "FAILED":
			add("FAILED " + m.ConnectionStatus.Message)
		}
	}
	for line := range strings.Lines(string(o.logs)) {
		add(strings.TrimRight(line, "\n"))
	}
	return strings.Join(lines, "\n")
}

// Package e2e tests the whole program as its users run it. What one package does alone is tested
// beside that package.
//
// harness_test.go holds the helpers: a sample API with a configuration (sample), a call of the
// program (invoke), a process of its own (child, in kill_test.go), and what came out of it
// (outcome, messages_test.go). The other files are named by what they test.
package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"anytap/internal/cli"
)

// program is the one under test.
var program = cli.Program{Version: "dev"}

// repository is the variable that tells the processes started by tests where the repository is.
const repository = "TEST_ANYTAP_REPOSITORY"

// enterRepository makes the repository the working folder of the tests. The program's own processes
// keep theirs.
func enterRepository() (err error) {
	folder := os.Getenv(repository)
	if folder == "" {
		if err := os.Chdir(filepath.Join("..", "..")); err != nil {
			return err
		}
		if folder, err = os.Getwd(); err != nil {
			return err
		}
		if err := os.Setenv(repository, folder); err != nil {
			return err
		}
	}
	program.Spec, err = os.ReadFile(filepath.Join(folder, "spec.json"))
	return err
}

// TestMain makes the program a command, so that tests can start, kill and script it as users do. It
// clears the variables for proxies, certificates and anytap, which must not decide how a test ends.
func TestMain(m *testing.M) {
	if err := enterRepository(); err != nil {
		panic(err)
	}
	for _, name := range []string{
		"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
		"ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "ANYTAP_ALLOW_HOSTS", "ANYTAP_DENY_PRIVATE_NETWORKS", "ANYTAP_CA_CERT",
		"ANYTAP_CLIENT_CERT", "ANYTAP_CLIENT_KEY", "ANYTAP_MANIFEST", "ANYTAP_REGISTRY", "ANYTAP_LOCK", "ANYTAP_NOW", "ANYTAP_LOGLEVEL", "LOGLEVEL", "LOG_LEVEL",
	} {
		_ = os.Unsetenv(name) // fails for an invalid name only
	}
	_ = flag.Set("test.parallel", "16") // most tests wait for something; a flag on the command line wins
	_ = os.Setenv("GOGC", "400")        // the tests make far more garbage than the program
	debug.SetGCPercent(400)
	testscript.Main(m, map[string]func(){"anytap": func() { os.Exit(program.Main()) }, "storing-target": storingTarget})
}

// Package e2e tests the whole program as its users run it.
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

// repository is the variable that tells the processes which tests start where the repository lies.
const repository = "ANYTAP_TEST_REPOSITORY"

// enterRepository makes the repository's folder the working folder of the tests, and leaves that of the program's processes alone.
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

// TestMain makes the program a command of its own, so that tests can start, kill and script it as users do. What the machine's
// environment says of proxies, authorities and anytap itself must not decide how they end.
func TestMain(m *testing.M) {
	if err := enterRepository(); err != nil {
		panic(err)
	}
	for _, name := range []string{
		"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
		"ANYTAP_MANIFEST", "ANYTAP_NOW", "ANYTAP_LOGLEVEL", "LOGLEVEL", "LOG_LEVEL",
	} {
		_ = os.Unsetenv(name) // fails for an invalid name only
	}
	_ = flag.Set("test.parallel", "16") // most of the tests wait for something; an argument goes over it
	_ = os.Setenv("GOGC", "400")        // for what runs in this process; the tests make far more garbage than the program
	debug.SetGCPercent(400)
	testscript.Main(m, map[string]func(){"anytap": func() { os.Exit(program.Main()) }})
}

package main

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the program a command of its own, so that tests can start, kill and script it as users do. What the machine's
// environment says of proxies, authorities and anytap itself must not decide how they end.
func TestMain(m *testing.M) {
	for _, name := range []string{
		"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
		"ANYTAP_MANIFEST", "ANYTAP_NOW", "ANYTAP_LOGLEVEL", "LOGLEVEL", "LOG_LEVEL",
	} {
		_ = os.Unsetenv(name) // fails for an invalid name only
	}
	_ = flag.Set("test.parallel", "16") // most of the tests wait for something; an argument goes over it
	_ = os.Setenv("GOGC", "400")        // for what runs in this process; the tests make far more garbage than the program
	debug.SetGCPercent(400)
	testscript.Main(m, map[string]func(){"anytap": main})
}

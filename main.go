// Command anytap reads any paginated REST API into any Singer target or Airbyte destination.
package main

import (
	_ "embed"
	"os"

	"anytap/internal/cli"
)

// version is set by the release build.
var version = "dev"

//go:embed spec.json
var spec []byte

func main() {
	os.Exit(cli.Program{Version: version, Spec: spec}.Main())
}

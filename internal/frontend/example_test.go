package frontend_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

// A protocol embeds a Run. It says how an entry of its catalog is read, and adds its own sink to
// Read.
func ExampleRun() {
	folder, err := os.MkdirTemp("", "example-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the system cleans its temporary folder
	catalog := filepath.Join(folder, "catalog.json")
	if err := os.WriteFile(catalog, []byte(`{"streams":[{"id":"events","full":true},{"id":"ghosts"}]}`), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	r := frontend.Run{Connector: taptest.Connector(), Now: taptest.Now, Log: slog.New(slog.DiscardHandler), Secrets: &frontend.Secrets{}, CatalogFile: catalog}
	defer r.Close()
	err = r.LoadCatalog(func(entry *value.Dict) (frontend.Configured, bool, error) {
		c := frontend.Configured{Name: value.Member[string](entry, "id"), FullRefresh: value.Member[bool](entry, "full")}
		return c, c.Name != "", nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, source, err := r.Open(context.Background(), &config.Configuration{Name: "config.json", Values: value.DictOf("token", "s3cr3t-token")}, tap.Environment{})
	if err != nil {
		fmt.Println(err)
		return
	}
	streams, err := r.Streams(ctx, source)
	if err != nil {
		fmt.Println(err)
		return
	}
	wanted, missing, err := r.Wanted(streams)
	if err != nil {
		panic(err)
	}
	for _, w := range wanted {
		fmt.Println("read", w.Stream.Name, "in full:", w.FullRefresh)
	}
	fmt.Println("missing", missing)
	fmt.Println(r.Secrets.Hide("the token s3cr3t-token opens no door"))

	// Output:
	// read events in full: true
	// missing [ghosts]
	// the token **** opens no door
}

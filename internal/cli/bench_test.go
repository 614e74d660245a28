package cli_test

import (
	"log/slog"
	"testing"
	"time"

	"anytap/internal/cli"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func BenchmarkOpenRest(b *testing.B) {
	p := cli.Program{Version: "dev", Spec: specText(b)}
	for b.Loop() {
		config, _ := value.DecodeString(`{"source": "rest", "base_url": "https://api.test", "streams": [{"name": "a", "path": "/a", "schema": {}}]}`)
		if _, err := p.BuiltIn().Open(b.Context(), config.(*value.Dict), tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), ConfigFile: "c.json"}); err != nil {
			b.Fatal(err)
		}
	}
}

package frontend

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

func TestSourcesAreNotGivenStreamMaps(t *testing.T) {
	t.Parallel()
	spec := &tap.Spec{Connection: value.DictOf("type", "object", "properties", value.DictOf("flattening_enabled", value.DictOf("type", "string")))}
	for name, maps := range map[string]bool{"a protocol with maps": true, "one without": false} {
		var logs bytes.Buffer
		r := &Run{Maps: maps, Log: slog.New(slog.NewTextHandler(&logs, nil)), Connector: &tap.Connector{Spec: func() (*tap.Spec, error) { return spec, nil }}}
		given := value.DictOf("token", "t", "stream_maps", value.NewDict(0), "flattening_enabled", "its own")
		kept, err := r.withoutMaps(given)
		if got := strings.Join(kept.Keys(), " "); got != "token flattening_enabled" || err != nil || given.Len() != 3 {
			t.Errorf("%s: %s, %v; the configuration has %d settings now", name, got, err, given.Len())
		}
		if warned := strings.Contains(logs.String(), "settings=stream_maps"); warned == maps {
			t.Errorf("%s: logs %q", name, logs.String())
		}
	}
}

package source

import (
	"log/slog"
	"strings"
	"testing"

	"anytap/internal/manifest"
	"anytap/internal/rest/jobs"
	"anytap/internal/value"
)

func TestJobSlots(t *testing.T) {
	for name, test := range map[string]struct {
		limit any
		want  int
		warns bool
	}{
		"absent":           {nil, 1, false},
		"a number":         {int64(3), 3, false},
		"a text":           {" 4 ", 4, false},
		"a template":       {"{{ config['jobs'] }}", 5, false},
		"none":             {int64(0), 1, true},
		"no number":        {"{{ config['name'] }}", 1, true},
		"a broken text":    {"{{ config[", 1, true},
		"an unknown value": {"{{ config['absent'] }}", 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			c := manifest.NewCompiler(manifest.Table{}, value.DictOf("jobs", int64(5), "name", "x"))
			c.Log = slog.New(slog.NewTextHandler(&log, nil))
			s := &Source{compiler: c, def: Definition{MaxAsyncJobs: test.limit}}
			s.jobSlots()
			got, _ := manifest.Service[*jobs.Slots](c)
			if got.Free() != test.want || (log.Len() > 0) != test.warns {
				t.Errorf("%d slots, expected %d; log: %s", got.Free(), test.want, log.String())
			}
			s.jobSlots()
			if again, _ := manifest.Service[*jobs.Slots](c); again != got {
				t.Error("the slots were made anew")
			}
		})
	}
}

package singer

import (
	"slices"
	"strings"

	"anytap/internal/tap"
)

// missing tells of streams that the catalog selects and that are not there. It is an error, unless
// the call allows it: who waits for their rows would never learn that none come.
func (r *run) missing(names []string) error {
	var reasons []string
	for _, name := range names {
		reason := "is not known to this source"
		if i := slices.IndexFunc(r.LeftOut, func(s *tap.Stream) bool { return s.Name == name }); i >= 0 {
			reason = "can not be read: " + r.LeftOut[i].Unsupported.Error()
		}
		if r.call.SkipUnsupported {
			r.Log.Warn("stream of the catalog "+reason, "stream", name)
		}
		reasons = append(reasons, "stream "+name+" "+reason)
	}
	if len(names) == 0 || r.call.SkipUnsupported {
		return nil
	}
	return tap.Errorf(tap.Config, "%s: selects what can not be read: %s; deselect it, discover anew, or read the others with --skip-unsupported",
		r.CatalogFile, strings.Join(reasons, "; "))
}

// nothingRuns is the error of a source of whose streams none can be read.
func (r *run) nothingRuns() error {
	first := r.LeftOut[0]
	return tap.Errorf(tap.Config, "none of the streams of this source can be read (%d are left out); %s: %w", len(r.LeftOut), first.Name, first.Unsupported)
}

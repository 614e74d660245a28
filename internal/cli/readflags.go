package cli

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"anytap/internal/frontend"
)

// readFlags are the arguments of all that read: they choose what of the streams is read.
type readFlags struct {
	streams     []string // names or patterns; empty: all
	exclude     []string // those that are not read
	limit       int64    // records of each stream; 0: all
	since       string   // where streams without a state begin: see parseSince; empty: where they say
	fullRefresh bool     // ignore the state
	dryRun      bool     // only say what would be asked for
}

// addReadFlags gives a command that reads its arguments.
func (c *call) addReadFlags(f *pflag.FlagSet) {
	f.StringSliceVar(&c.streams, "streams", nil, "read these only: names or patterns, such as 'orders,item*'")
	f.StringSliceVar(&c.exclude, "exclude", nil, "do not read these: names or patterns")
	f.Int64Var(&c.limit, "limit", 0, "end each stream after this many records; the next run goes on from there")
	f.StringVar(&c.since, "since", "", "where streams without a state begin: a date, a time, or how long ago (7d, 12h)")
	f.BoolVar(&c.dryRun, "dry-run", false, "send nothing: say of each stream what would be asked for first, and from where it goes on")
	f.BoolVar(&c.fullRefresh, "full-refresh", false, "ignore the state of the streams that are read")
}

// readFlagNames are those of addReadFlags.
var readFlagNames = []string{"streams", "exclude", "limit", "since", "full-refresh", "dry-run"}

// refuseReadFlags is an error where a call that reads nothing was given arguments of one that does.
func refuseReadFlags(cmd *cobra.Command, by string) error {
	for _, name := range readFlagNames {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			return usage("--%s goes with a read, not with %s", name, by)
		}
	}
	return nil
}

// choice is what the arguments choose.
func (c *call) choice() (frontend.Choice, error) {
	choice := frontend.Choice{Streams: c.streams, Exclude: c.exclude, Limit: c.limit, FullRefresh: c.fullRefresh}
	if c.limit < 0 {
		return choice, usage("--limit is %d, expected a number of records above 0", c.limit)
	}
	if c.since == "" {
		return choice, nil
	}
	now, err := c.clock()
	if err == nil {
		choice.Since, err = parseSince(c.since, now())
	}
	return choice, err
}

// parseSince reads a date, a time (RFC 3339), or how long before now: 7d, 12h, 30m.
func parseSince(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return now.UTC().AddDate(0, 0, -int(n)), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.UTC().Add(-d), nil
	}
	return time.Time{}, usage("--since is %q, expected a date (2026-01-31), a time (2026-01-31T08:00:00Z) or how long ago (7d, 12h)", text)
}

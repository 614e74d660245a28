package frontend

import (
	"path"
	"slices"
	"strings"
	"time"

	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/state"
)

// Choice narrows a read. The zero value leaves it as it is.
type Choice struct {
	// Streams are names or patterns (*, ?, [a-z]) of those to read; empty: all that the catalog
	// selects, or that the source has.
	Streams []string
	Exclude []string // names or patterns of those not to read
	// Limit ends each stream after this many records; 0: no limit. Its state stays behind the last
	// of them.
	Limit int64
	// Since is where streams with a cursor and without a state begin; zero: where they say.
	Since time.Time
	// FullRefresh ignores the state of the streams that are read.
	FullRefresh bool
}

// Selection begins what a read is told of a stream.
func (c *Choice) Selection(w Wanted, b *state.Bookmark) tap.Selection {
	return tap.Selection{Stream: w.Stream, Bookmark: b, CursorField: w.CursorField, FullRefresh: w.FullRefresh, Limit: c.Limit, Since: c.Since}
}

// wants reports whether a stream is to be read.
func (c *Choice) wants(name string) bool {
	return (len(c.Streams) == 0 || anyMatches(c.Streams, name)) && !anyMatches(c.Exclude, name)
}

func anyMatches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

// matches reports whether a pattern stands for a name; * stands for a slash too.
func matches(pattern, name string) bool {
	if pattern == name {
		return true
	}
	oneWord := strings.NewReplacer("/", "\x00")
	match, _ := path.Match(oneWord.Replace(pattern), oneWord.Replace(name)) // checked by check
	return match
}

// check is an error where a pattern stands for none of the names, or no name is left.
func (c *Choice) check(names []string) error {
	for _, given := range []struct {
		flag     string
		patterns []string
	}{{"--streams", c.Streams}, {"--exclude", c.Exclude}} {
		for _, pattern := range given.patterns {
			if _, err := path.Match(pattern, ""); err != nil {
				return tap.Errorf(tap.Config, "%s: %q is no pattern: a [ has no ]", given.flag, pattern)
			}
			if slices.ContainsFunc(names, func(name string) bool { return matches(pattern, name) }) {
				continue
			}
			if near := spelling.DidYouMean(pattern, names); near != "" {
				return tap.Errorf(tap.Config, "no stream is named %q%s", pattern, near)
			}
			return tap.Errorf(tap.Config, "no stream is named %q, expected one or more of %s", pattern, listed(names))
		}
	}
	if len(names) > 0 && !slices.ContainsFunc(names, c.wants) {
		return tap.Errorf(tap.Config, "--exclude leaves no stream to read: it names all of %s", listed(names))
	}
	return nil
}

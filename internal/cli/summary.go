package cli

import (
	"io"

	"golang.org/x/term"

	"anytap/internal/frontend"
)

// table writes the table that ends a read to stderr; nil: logs are not for people.
func (c *call) table() func([]frontend.Outcome) {
	if c.quiet || c.logFormat == "json" {
		return nil
	}
	return func(outcomes []frontend.Outcome) {
		_ = frontend.WriteOutcomes(c.stderr, outcomes) // nobody is there to be told that it was not read
	}
}

// isTerminal reports whether a stream of the process is a terminal, where a person looks.
func isTerminal(stream io.Writer) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}

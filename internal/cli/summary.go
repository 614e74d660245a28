package cli

import "anytap/internal/frontend"

// table writes the table that ends a read to stderr; nil: logs are not for people.
func (c *call) table() func([]frontend.Outcome) {
	if c.quiet || c.logFormat == "json" {
		return nil
	}
	return func(outcomes []frontend.Outcome) {
		_ = frontend.WriteOutcomes(c.stderr, outcomes) // nobody is there to be told that it was not read
	}
}

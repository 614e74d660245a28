package frontend

import (
	"log/slog"

	"anytap/internal/fit"
	"anytap/internal/rawjson"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// SchemaCheck compares the records of a stream with the schema that the client was told. It belongs
// to the goroutine that writes.
type SchemaCheck struct {
	stream   *tap.Stream
	pattern  *rawjson.Pattern
	widening *fit.Widening
	said     int             // changes that were returned
	sampled  bool            // not every record is looked at
	seen     int             // records
	warned   map[string]bool // fields
}

// NewSchemaCheck makes a check of the records of s, whose schema is not changed. whole says that a
// member of a record which the schema does not name does not fit. It returns nil for a stream that
// is not to be checked.
func NewSchemaCheck(s *tap.Stream, schema *value.Dict, whole bool) *SchemaCheck {
	if schema == nil || !s.Inferred && !s.Checked {
		return nil
	}
	c := &SchemaCheck{stream: s, widening: &fit.Widening{Schema: schema.Clone(), Whole: whole}, sampled: !s.Inferred, warned: map[string]bool{}}
	for _, path := range s.PrimaryKey {
		c.widening.Keys = append(c.widening.Keys, path[0])
	}
	c.compile()
	return c
}

// compile makes the pattern of the schema, and tells the stream.
func (c *SchemaCheck) compile() {
	c.pattern = fit.Compile(c.widening.Schema, c.widening.Whole)
	if c.stream.Pattern != nil {
		c.stream.Pattern.Store(c.pattern)
	}
}

// Of records with a declared schema so many are looked at, and then one of every few: a warning is
// not worth the time that a look at each of them takes.
const (
	allSeen   = 10_000
	oneOfSeen = 16
)

// Fits reports whether a record fits. text is what is written of it.
func (c *SchemaCheck) Fits(record *value.Dict, text []byte) bool {
	if c.sampled {
		if c.seen++; c.seen > allSeen && c.seen%oneOfSeen != 0 {
			return true
		}
	}
	return fit.Fits(c.pattern, record, text)
}

// Widen makes the schema fit the records too, and returns what had to be changed.
func (c *SchemaCheck) Widen(records []tap.Record) []fit.Change {
	for _, r := range records {
		c.widening.Add(r.Data)
	}
	changes := c.widening.Changes()
	if c.said < len(changes) {
		c.compile()
	}
	news := changes[c.said:]
	c.said = len(changes)
	return news
}

// Schema is the schema that all records so far fit. It is shared.
func (c *SchemaCheck) Schema() *value.Dict { return c.widening.Schema }

// Warn says once of each field that records do not fit the schema.
func (c *SchemaCheck) Warn(log *slog.Logger, stream string, records []tap.Record) {
	for _, change := range c.Widen(records) {
		if !c.warned[change.Field] {
			c.warned[change.Field] = true
			log.Warn("records do not fit the schema; they are written as they are", "stream", stream, "field", change.Field,
				"schema", change.Had, "found", change.Found)
		}
	}
}

package contract

import (
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// IncrementalSync is what a cursor's factory tells the stream and the retriever that it belongs to. The built
// tap.CursorFactory of every incremental_sync component implements it.
type IncrementalSync interface {
	tap.CursorFactory
	rest.Injector
	// Field is the path of the cursor field by default; fromCatalog says that the configured catalog may
	// name another one.
	Field() (path []string, fromCatalog bool, err error)
	// Validate reports what the reference runtime refuses while it builds the stream. What it notices only
	// when the stream is read comes from Open or Slices. router is the retriever's; nil: none.
	Validate(router tap.PartitionRouter) error
	// ClientSide says that records outside the cursor's bounds are dropped by the record selector.
	ClientSide() bool
	// DataFeed says that a slice ends after a page whose last record lies outside the cursor's bounds, and
	// that such records are dropped after pagination.
	DataFeed() bool
	// Stepped says that a read may have more than one window for each partition.
	Stepped() bool
	// DateState gives the time up to which a stream state was read; ok is false for a state that tells none.
	DateState(state *value.Dict, router tap.PartitionRouter) (t time.Time, ok bool)
}

// StateMigration turns a stream state of an older form into the present one; ok is false, and the
// state untouched, when it does not apply.
type StateMigration interface {
	Migrate(state *value.Dict) (migrated *value.Dict, ok bool)
}

package contract

import (
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// IncrementalSync is a compiled incremental_sync. The components of package cursor build it. The
// stream and its retriever ask for its settings while they are built, and open it for each read. It
// is shared by all reads of the stream.
type IncrementalSync interface {
	tap.CursorFactory
	// Injector adds the bounds of the slice's window to a request. The page loop calls it for each
	// page, from many goroutines at once. An error ends the stream.
	rest.Injector
	// Field is the path of the cursor field. fromCatalog says that the configured catalog may
	// choose another one. The stream calls it once, while it is built; an error means that a
	// template of the manifest is wrong.
	Field() (path []string, fromCatalog bool, err error)
	// Validate reports settings that the reference runtime refuses while it builds the stream;
	// other faults come from Open or from the cursor's Slices. router is the retriever's; nil:
	// there is none. The stream calls it once, when all else is built.
	Validate(router tap.PartitionRouter) error
	// ClientSide says that the record selector drops records outside the cursor's bounds
	// (tap.CursorAbilities.Keep).
	ClientSide() bool
	// DataFeed says that the API gives the newest records first: a slice ends after a page whose
	// last record is outside the cursor's bounds, and the page loop drops such records.
	DataFeed() bool
	// DateState is the time up to which a state was read; ok is false if the state does not say. A
	// StateDelegatingStream calls it before each read that has a state. router is the retriever's;
	// nil: there is none.
	DateState(state *value.Dict, router tap.PartitionRouter) (t time.Time, ok bool)
}

// StateMigration understands an older form of a stream's state. The components of state_migrations
// build it. The stream calls the migrations in order before each read that has a state, each with
// the result of the one before.
type StateMigration interface {
	// Migrate returns the state in its present form. ok is false, and the state unchanged, if it
	// has another form.
	Migrate(state *value.Dict) (migrated *value.Dict, ok bool)
}

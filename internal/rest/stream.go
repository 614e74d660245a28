package rest

import "anytap/internal/tap"

// Parented is a partition router over parent streams.
type Parented interface {
	// ParentNames are the parents' names, all generations.
	ParentNames() []string
}

// CursorWrapper is a retriever that makes slices of its own from a cursor's (an asynchronous one: a slice is a job).
type CursorWrapper interface {
	WrapCursor(tap.Cursor) tap.Cursor
}

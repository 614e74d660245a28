package contract

import (
	"anytap/internal/rest"
	"anytap/internal/tap"
)

// PartitionRouter is a compiled partition_router: what the core's cursors need of it, and what
// requests need. The components of package partition build it. The retriever asks for its injector
// once, while it is built. It is shared by all reads of the stream.
type PartitionRouter interface {
	tap.PartitionRouter
	// Injector adds the slice's partition to a request. The page loop calls it for each page, from
	// many goroutines at once; an error ends the stream. nil: requests know the partition only from
	// templates.
	Injector() rest.Injector
}

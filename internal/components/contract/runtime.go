package contract

import (
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
)

// Runtime gives what all components of the run share. If it was not provided, as for a component
// that is built on its own, it has the compiler's config, clock and log.
func Runtime(c *manifest.Compiler) *rest.Runtime {
	if rt, ok := manifest.Service[*rest.Runtime](c); ok && rt != nil {
		return rt
	}
	return &rest.Runtime{Config: c.Config, Clock: rest.MachineClock{RunNow: c.Now}, Log: c.Log}
}

// Client gives the client that all endpoints of the run share. If it was not provided, the first
// component that asks for it makes one with the runtime's settings.
func Client(c *manifest.Compiler) *exchange.Client {
	client, ok := manifest.Service[*exchange.Client](c)
	if !ok {
		client = exchange.NewClient(Runtime(c))
		manifest.Provide(c, client)
	}
	return client
}

// Package cli is the command line: it turns arguments into one run of a connector, and the run's
// result into an exit code.
//
//   - main.go runs the process; cli.go has the table of commands and runs one call.
//   - flags.go has the flags and what they may hold. The exit codes are those of package frontend.
//   - protocols.go starts a run of either protocol.
//   - connector.go chooses the connector: a manifest (injected.go: one inside the configuration) or a built-in system (builtin.go).
//   - connectors.go finds a manifest that is given by name or address, connectorscommand.go and connectorinfo.go are connectors.
//   - init.go is init for connectors, initaddress.go for addresses; ask.go asks on the terminal, snippet.go prints what else to write down.
//   - checkmanifest.go is check-manifest, demo.go is demo (sample.go: its configurations).
//   - run.go runs a Singer target, preview.go shows first records, statecommand.go works on state files.
//   - readflags.go has the flags that choose what is read.
//   - progress.go shows on a terminal how far a read is, summary.go writes the table at its end.
//   - schemacommand.go describes systems and manifests: --about, and schemas for editors.
//   - completion.go tells shells what may stand where.
//   - collector.go and processors.go tune the process for starts and for reads.
package cli

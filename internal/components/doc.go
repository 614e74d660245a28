// Package components makes a connector of a manifest.
//
// Each folder below has the components of one kind. A component is one file: the definition, whose
// doc comment shows it in a manifest, the builder, and what runs; one line in the Table of its kind
// makes it known. docs/components.md lists them all.
//
//	table.go       every component that is run
//	connector.go   the connector: load, migrate the configuration, check it, build
//	configcheck.go what is wrong with a configuration
//	secrets.go     which of its values are secret
//	settings.go    what it says about the run
//	check.go       what is wrong with a manifest
package components

// Package initialize makes a first configuration for people: of a specification, by asking for what
// it needs, or of a request to an API, by looking at its answers.
//
//   - form.go finds out what a configuration lacks.
//   - request.go reads a request as curl has it, rest.go makes a `source: rest` configuration of one.
//   - rows.go finds primary and replication keys in the first records; found.go completes a configuration by them.
//   - secrets.go puts variables in the place of what is secret, write.go writes the files.
package initialize

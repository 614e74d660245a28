// Package frontend is what the front ends of Airbyte's and Singer's protocol have in common: how a
// call of a connector goes, whatever the words are that it is told in.
//
//   - run.go opens the source, finds the streams that are wanted, and reads them.
//   - catalog.go reads what a configured catalog asks for, and makes the one of a discovery.
//   - watch.go tells how a read goes, measurement.go in figures, outcomes.go in the table at its end.
//   - exit.go lists the exit codes.
//   - writer.go writes messages, settle.go ends the output of a program that exits.
//   - log.go makes lines of logs, secrets.go hides secrets in them.
//
// What a message looks like, what is reported in which order, and how state files are laid out is
// each protocol's own.
package frontend

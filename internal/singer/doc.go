// Package singer is the front end of the Singer protocol, with the Meltano SDK's command line: it
// carries out --discover, --about, --test and reads, and writes messages to stdout and logs to
// stderr.
//
//   - singer.go has the call, about.go what --about prints, meltano.go the definition of a plugin.
//   - catalog.go and schema.go write the catalog; selection.go reads it and finds the fields that it leaves out.
//   - state.go reads and writes the state of all streams, which Singer keeps in one message.
//   - sink.go writes what is read; messages.go has the form of each message; log.go that of logs.
package singer

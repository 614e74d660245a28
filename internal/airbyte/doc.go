// Package airbyte is the front end of the Airbyte protocol: it carries out spec, check, discover
// and read, and writes all it has to say to stdout, one JSON message a line.
//
//   - airbyte.go has the commands.
//   - catalog.go has an entry of a catalog: of the one that discover writes, and of the configured one.
//   - state.go reads state files in all the forms that clients send.
//   - sink.go writes what is read; messages.go has the form of each message.
//   - output.go is stdout as the sink, the logs and the notices of waits share it.
package airbyte

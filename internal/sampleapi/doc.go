// Package sampleapi imitates the HTTP APIs of the built-in systems (Help Scout, JSONPlaceholder and
// Pullbay) with generated data, and misbehaves on request.
//
// The data follow from a seed: the same options give the same records, byte for byte, and
// [Server.Truth] lists what a complete read must deliver. Records are generated while they are
// sent, so a server starts at once, and an answer of any length needs little memory. Time comes
// from [Options].Now and waiting from [Options].Sleep: with a fake clock nothing depends on the
// real one.
//
// A server also counts what its clients do ([Server.Stats]), so that a test can prove that a rate
// limit was kept, or that no credentials went to another host.
//
//	server.go listen.go       a Server, its options and statistics; Start makes it listen
//	site.go                   what all systems do with a request: count, limit, let faults strike
//	answer.go                 the body on its way: spoilt, cut, compressed
//	faults.go ratelimit.go    the faults that there are; rate limits and the forms of their headers
//	oauth.go cursor.go        tokens and signed cursors
//	data.go json.go           random texts, lists that change, and an encoder that keeps the order of members
//	helpscout*.go             Help Scout: requests, records, the simple lists, threads
//	jsonplaceholder*.go       JSONPlaceholder: requests and records; jsonquery.go filters and sorts them
//	pullbay*.go               Pullbay: requests and records
//	registry.go registry/     a registry of connectors, two of which read these APIs
package sampleapi

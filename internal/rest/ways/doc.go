// Package ways finds out how an API pages.
//
// The signs in a slice's first answer suggest ways: a next address, a token and the parameter that
// may carry it, the number of the page or of the first record. Each is tried before it is believed:
// the second page must hold other records of the same kind. Where the answer has no sign, and holds
// a round number of records, the usual parameters are tried.
//
//	way.go     Way: one way of paging, as a stream's pagination states it
//	look.go    what a first page says of the pages that follow
//	search.go  the ways that it suggests, which it tries; params.go has the names of parameters
//	guess.go   tries those without a pointer in the answer
//	verdict.go what the second page must be
//	refusal.go the error where more is promised, and no way holds
package ways

// Package rest has the words of HTTP that all parts of a read share: what is asked, what comes
// back, what it means, and the contracts between the parts.
//
//	request.go, parts.go, option.go       PageRequest, Requester, Injector; what components add to a request, and how it is merged
//	sent.go, response.go, text.go         a request as it was sent, an accepted answer, its text
//	answer.go, fault.go, message.go       what one try brought, why nothing came, what the API itself says of an error
//	verdict.go                            what is done about an answer: Verdict, ErrorHandler, the default table
//	authenticator.go, paginator.go        the contracts of those who sign and of those who find the next page
//	decoder.go, json.go, selector.go      the contracts of those who make values and records of an answer; JSON
//	runtime.go, settings.go, clock.go     what a run shares: configuration, settings, time
//	moment.go                             times to come in headers
//	context.go, peek.go                   what the page loop asks of a requester through the context
//
// What a component can do beyond its contract is a struct of abilities, which the contract's
// Abilities method gives. It is asked for once, when the user of the component is made.
//
// Package exchange carries out one exchange, package paging reads the pages of a slice, package
// jobs reads slices as jobs, and package wire writes requests as Python's requests library does.
// They import rest, and none of exchange, paging and jobs imports another.
package rest

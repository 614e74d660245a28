// Package rest has the words of HTTP that the parts of a read share: what is asked (PageRequest, Parts), what comes back (Response,
// Answer), what it means (Verdict), and the contracts between those who ask, sign, judge, decode and page (Requester, Authenticator,
// ErrorHandler, Decoder, Selector, Paginator).
//
// Package exchange carries out one exchange, package paging reads the pages of a slice, package jobs reads slices that an API works
// off in the background, and package wire writes requests as Python's requests library does.
package rest

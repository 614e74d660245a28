// Package auth signs requests with the credentials that a configuration holds.
//
// An authenticator sees the configuration only, never a slice or a page. Where it has to ask for a token first, one request is
// made at a time and everybody who needs the token waits for it; each stream has a token of its own, as in the reference
// runtime. That runtime asks an authenticator for its header twice for the first try of a request and once for each further try,
// which shows where every use costs a request: costly counts these uses.
package auth

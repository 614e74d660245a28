package rest

import "anytap/internal/tap"

// FaultKind is the reason why no answer came.
type FaultKind string

// The kinds of fault.
const (
	BadScheme   FaultKind = "scheme"      // the address is neither http nor https
	BadURL      FaultKind = "address"     // the address can not be asked
	BadProxy    FaultKind = "proxy"       // the environment names a proxy that can not be used
	Unreachable FaultKind = "unreachable" // the host is unknown, or no connection to it can be made
	NoAnswer    FaultKind = "connection"  // the connection broke before the answer's head
	TimedOut    FaultKind = "timeout"     // nothing came for too long
	CutBody     FaultKind = "cut"         // the body ended early
	Undecodable FaultKind = "undecodable" // the body's compression or JSON is broken
	Foreign     FaultKind = "foreign"     // credentials would have gone to another host
	OutOfReach  FaultKind = "reach"       // the user lets nobody ask this host
	Redirects   FaultKind = "redirects"   // too many redirects
	TooLarge    FaultKind = "size"        // the answer has more than fits in memory
)

// Fault is an exchange that failed below HTTP.
type Fault struct {
	Kind FaultKind
	Err  error
}

// Error tells what failed.
func (f *Fault) Error() string { return f.Err.Error() }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Unanswered is the error that ends a request which got no answer, whatever it asked.
type Unanswered struct{ Cause *tap.Error }

// Error is that of the cause.
func (u *Unanswered) Error() string { return u.Cause.Error() }

// Unwrap returns the cause.
func (u *Unanswered) Unwrap() error { return u.Cause }

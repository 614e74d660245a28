package exchange

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"anytap/internal/rest"
)

// unreachable is why no connection was made.
type unreachable struct {
	host string // with its port
	via  string // the proxy; empty: none
	// first says that the host has not answered in this run.
	first bool
	err   error
}

// How a host is tried that has not answered in this run: most likely its name is wrong, or there is
// no way to it. A host that answered before has the patience of all other failures.
const (
	unreachedTries = 3
	// unreachedTime ends the tries where each of them takes long by itself.
	unreachedTime = 10 * time.Second
)

// unreachedWaits are the waits before the second and the third try.
var unreachedWaits = [unreachedTries - 1]time.Duration{time.Second, 3 * time.Second}

// hint says what to look at.
func (u *unreachable) hint() string {
	var plain tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(u.err, &plain):
		return "the address begins with https://, and this port does not speak TLS: check the port, or write http:// if the API has no TLS"
	case errors.As(u.err, &certificate):
		return "if the authority that signed the certificate is your own, name the file of its certificate with --ca-cert (or in REQUESTS_CA_BUNDLE)"
	case clientRefused(u.err):
		return "name the files of the certificate that the server wants to see with --client-cert and --client-key; it is shown to hosts of the configuration"
	}
	if u.via != "" {
		return "check the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY); NO_PROXY names hosts that are asked without one"
	}
	return checkHost
}

const checkHost = "check the host's name and port in the address (base_url), whether this machine can resolve the name (DNS), and whether a firewall stands between or a proxy is needed (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY)"

// Error tells what failed, in words.
func (u *unreachable) Error() string {
	what, where := "the host "+u.host, ""
	name, _, _ := net.SplitHostPort(u.host)
	if u.via != "" {
		what, where = "the proxy "+u.via, " on the way to "+u.host
	}
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(u.err, &dns) && dns.IsNotFound && u.via == "":
		return fmt.Sprintf("the host %s can not be found: its name is not known", name)
	case errors.As(u.err, &dns):
		return fmt.Sprintf("%s can not be found%s: %s", what, where, dns.Err)
	case errors.Is(u.err, errSilence) || errors.As(u.err, &op) && op.Timeout():
		return fmt.Sprintf("%s does not answer%s: no connection in time", what, where)
	case errors.As(u.err, &op):
		return fmt.Sprintf("%s can not be reached%s: %v", what, where, innermost(op.Err))
	}
	return fmt.Sprintf("%s can not be reached%s: %v", what, where, u.err)
}

// innermost leaves out what a cause was wrapped in: "connect: connection refused".
func innermost(err error) error {
	if call, ok := errors.AsType[*os.SyscallError](err); ok {
		return call.Err
	}
	return err
}

// Unwrap returns the cause.
func (u *unreachable) Unwrap() error { return u.err }

// noConnection reports whether err, which came before there was a connection, means that there is
// no way to the host.
func noConnection(err, cause error) bool {
	var dns *net.DNSError
	var op *net.OpError
	var plain tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(cause, errSilence), errors.As(err, &dns), errors.As(err, &plain), errors.As(err, &certificate):
		return true
	case clientRefused(err):
		return true
	case errors.As(err, &op):
		return op.Op == "dial" || op.Op == "proxyconnect" || strings.HasPrefix(op.Op, "socks")
	}
	return false
}

// clientRefused reports whether the other side ended TLS because it wants another client
// certificate, or one at all. With TLS 1.3 it says so after the connection stands.
func clientRefused(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "remote error" && strings.Contains(op.Err.Error(), "certificate")
}

// unreached makes the fault of a host that no connection was made to.
func (c *Client) unreached(to *url.URL, err, cause error) error {
	if cause != nil && errors.Is(cause, errSilence) {
		err = cause
	}
	host := to.Host
	if to.Port() == "" {
		host = net.JoinHostPort(to.Hostname(), usualPort(to.Scheme))
	}
	return &rest.Fault{Kind: rest.Unreachable, Err: &unreachable{
		host: host, via: c.proxyOf(to), first: !c.pace.host(to.Host).answered.Load(), err: err,
	}}
}

// neverReached is the fault of a host that has not answered in this run; nil: it is another one.
func neverReached(a *rest.Answer) *unreachable {
	u, ok := errors.AsType[*unreachable](a.Err)
	if !ok || !u.first {
		return nil
	}
	return u
}

// pauseUnreached waits before a host that has not answered is tried again, or says that it is not.
// Once it was given up, other requests of the run try it once.
func (t *attempts) pauseUnreached(ctx context.Context, r *request, a *rest.Answer, v rest.Verdict) error {
	host := t.x.client.pace.host(r.URL.Host)
	most := min(t.most(), unreachedTries)
	spent := t.other.next(t.at, most, 0) || t.x.client.Wall().Sub(t.other.began) >= unreachedTime
	if spent || host.absent.Load() {
		host.absent.Store(true)
		return t.exhausted(r, a, v)
	}
	return t.wait(ctx, a, unreachedWaits[t.other.tries-1])
}

package exchange

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/net/idna"

	"anytap/internal/rest"
)

// reach says which hosts a run may ask. It is looked at for each request, whoever made its address:
// the manifest, an answer, a redirect. An address of a network is looked at when it is about to be
// dialed, so that no name can stand for another one then. Where a proxy dials, names are resolved
// here before it is asked.
type reach struct {
	allowed   []HostPattern // nil: all
	allowedBy string        // the setting that says so, for messages
	hosts     string        // its value

	private   func(netip.Addr) bool // which addresses are denied; nil: none
	privateBy string
	resolver  *net.Resolver
}

// HostPattern is a host, or all hosts below a name ("*.example.com"), with any port or one.
type HostPattern struct {
	TrustedHost
	below bool
}

// ParseHostPattern reads what ParseTrustedHost does, or a name that begins with "*.".
func ParseHostPattern(text string) (HostPattern, error) {
	text = strings.TrimSpace(text)
	scheme, rest, hasScheme := strings.Cut(text, "://")
	if !hasScheme {
		scheme, rest = "", text
	}
	rest, below := strings.CutPrefix(rest, "*.")
	if hasScheme {
		rest = scheme + "://" + rest
	}
	h, err := ParseTrustedHost(rest)
	if err != nil {
		return HostPattern{}, fmt.Errorf("%q is not the name of a host, expected one such as api.example.com, *.example.com, api.example.com:8443 or https://api.example.com", text)
	}
	h.name = plainName(h.name)
	return HostPattern{h, below}, nil
}

// plainName is how names of hosts are compared: as they are resolved, in lower case, without the
// dot that may end them; addresses as Go writes them.
func plainName(name string) string {
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Unmap().String()
	}
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	return strings.TrimSuffix(strings.ToLower(name), ".")
}

// means reports whether a host is meant; its name is plain.
func (h HostPattern) means(scheme, name, port string) bool {
	if h.scheme != "" && h.scheme != scheme || h.port != "" && h.port != port {
		return false
	}
	if h.below {
		return strings.HasSuffix(name, "."+h.name)
	}
	return name == h.name
}

// judge refuses a request to a host that may not be asked; via is the proxy that it goes through. A
// header Host names a host as well, and leads a proxy there where there is no TLS.
func (p *reach) judge(r *http.Request, via *url.URL) error {
	if err := p.judgeHost(r.Context(), r.URL, via != nil); err != nil || r.Host == "" || r.Host == r.URL.Host {
		return err
	}
	named := *r.URL
	named.Host = r.Host
	return p.judgeHost(r.Context(), &named, via != nil && r.URL.Scheme == "http")
}

// judgeHost judges the host of an address. proxied says that a proxy resolves its name.
func (p *reach) judgeHost(ctx context.Context, u *url.URL, proxied bool) error {
	name, port := plainName(u.Hostname()), u.Port()
	if name == "" {
		return nil // which goes nowhere
	}
	if port == "" {
		port = usualPort(u.Scheme)
	}
	if p.allowed != nil && !slices.ContainsFunc(p.allowed, func(h HostPattern) bool { return h.means(u.Scheme, name, port) }) {
		return p.refused(u.Host, fmt.Sprintf("it is not among those of %s (%s)", p.allowedBy, p.hosts))
	}
	if p.private == nil || !proxied {
		return nil
	}
	return p.judgeResolved(ctx, name)
}

// judgeResolved refuses a name that stands for a private network, or for nothing that is known
// here: what it means to the proxy can not be known then.
func (p *reach) judgeResolved(ctx context.Context, name string) error {
	addrs, err := p.resolver.LookupNetIP(ctx, "ip", name)
	if err != nil && ctx.Err() != nil {
		return err
	}
	if gone, ok := errors.AsType[*net.DNSError](err); ok && gone.IsNotFound {
		return p.refused(name, "its name can not be resolved here, and "+p.privateBy+" wants to know its address before a proxy is asked for it")
	}
	if err != nil {
		return &rest.Fault{Kind: rest.Unreachable, Err: fmt.Errorf("the host %s can not be resolved, as %s wants before a proxy is asked for it: %w", name, p.privateBy, err)}
	}
	for _, addr := range addrs {
		if p.private(addr) {
			return p.refusedPrivate(name, addr)
		}
	}
	return nil
}

// control refuses to dial a private network, whatever name led to it.
func (p *reach) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if p.private(to.Addr()) {
		return privateAddress(to.Addr())
	}
	return nil
}

// explain names the host whose address was not dialed.
func (p *reach) explain(host string, err error) error {
	if addr, ok := errors.AsType[privateAddress](err); ok {
		return p.refusedPrivate(host, netip.Addr(addr))
	}
	return err
}

// privateAddress is the error of an address that is not dialed.
type privateAddress netip.Addr

// Error tells the address.
func (a privateAddress) Error() string { return netip.Addr(a).String() + " is not to be dialed" }

func (p *reach) refusedPrivate(host string, addr netip.Addr) error {
	why := fmt.Sprintf("%s is not a public address, and %s allows no other", addr.Unmap(), p.privateBy)
	return p.refused(host, why)
}

func (p *reach) refused(host, why string) error {
	return &rest.Fault{Kind: rest.OutOfReach, Err: fmt.Errorf("the host %s may not be asked: %s", host, why)}
}

// IsOutOfReach reports whether a request was not sent because its host may not be asked.
func IsOutOfReach(err error) bool {
	fault, ok := errors.AsType[*rest.Fault](err)
	return ok && fault.Kind == rest.OutOfReach
}

// notPublic are the networks of IANA's registries of special addresses, which belong to no single
// host of the internet.
var notPublic = []string{
	"0.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
	"100.64.0.0/10",                                                                   // between providers and their customers
	"127.0.0.0/8",                                                                     // this machine
	"168.63.129.16/32",                                                                // Azure, on each of its machines
	"169.254.0.0/16",                                                                  // of one cable; most clouds give metadata and credentials there
	"192.0.0.0/24",                                                                    // of protocols
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20", // of examples
	"192.88.99.0/24", "2002::/16", // hold another address
	"198.18.0.0/15", // of measurements
	"224.0.0.0/3",   // of groups, and reserved
	"2001::/23",     // of protocols; some hold another address
}

// isPrivate gives what reports whether an address is not a public one.
func isPrivate() func(netip.Addr) bool {
	var networks []netip.Prefix
	for _, text := range notPublic {
		networks = append(networks, netip.MustParsePrefix(text))
	}
	// All public addresses of IPv6 lie in one network, but for those that stand for one of IPv4,
	// in their last four bytes (NAT64).
	public, translated := netip.MustParsePrefix("2000::/3"), netip.MustParsePrefix("64:ff9b::/96")
	return func(addr netip.Addr) bool {
		addr = addr.Unmap().WithZone("")
		if translated.Contains(addr) {
			whole := addr.As16()
			addr = netip.AddrFrom4([4]byte(whole[12:]))
		}
		if addr.Is6() && !public.Contains(addr) {
			return true
		}
		return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(addr) })
	}
}

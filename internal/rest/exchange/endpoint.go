package exchange

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"sync"
	"sync/atomic"
	"time"

	"anytap/internal/rest"
)

// Endpoint sends requests of one kind, with everything around them: the package's doc comment lists
// the layers. It is safe for concurrent use.
type Endpoint struct {
	client *Client
	Setup
	auth rest.AuthenticatorAbilities // Auth's

	cookies atomic.Pointer[cookiejar.Jar]
	last    atomic.Pointer[lastTarget]

	renewing sync.Mutex
	tokens   atomic.Int64 // counts refreshed tokens
}

// Setup says what an endpoint's requests have in common.
type Setup struct {
	// Stream is whom waits and errors are attributed to.
	Stream string
	// Method is GET, POST …; empty: GET.
	Method string
	// Auth signs each try; nil: requests are not signed.
	Auth rest.Authenticator
	// Account says whose credentials Auth's are: the same text in every run with the same ones,
	// whichever token they get. It is used hashed, as a part of what answers are kept by. nil: the
	// answers to signed requests are not kept.
	Account func() string
	// Handler judges answers; nil: rest.DefaultErrorHandler with the run's retries.
	Handler rest.ErrorHandler
	// UseCache sends equal GET and HEAD requests once a run.
	UseCache bool
	// NoStore keeps answers out of the cache between runs, because they hold secrets (tokens).
	NoStore bool
	// NoBudget sends without the manifest's call rates, which are the API's and not its token
	// endpoint's.
	NoBudget bool
	// AnyStatus gives answers with an error status too, where they are accepted or ignored;
	// otherwise they are no answer.
	AnyStatus bool
	// Given says that the API gives the addresses, as it does for downloads. Credentials then go to
	// the origins that the client was told of (AddOrigin).
	Given bool
	// Streams says that large bodies are likely and are read as they come; they are then held for
	// retries up to a smaller size.
	Streams bool
	// EscapeBlanks sends blanks in parameters as "%20", not as "+" as the reference runtime does.
	EscapeBlanks bool
	// Convert makes JSON of bodies in other formats before anything looks at them; nil: they stay
	// as they come.
	Convert rest.BodyConverter
	// ConnectTimeout and ReadTimeout; 0: the client's.
	ConnectTimeout, ReadTimeout time.Duration
}

// NewEndpoint makes an endpoint under the client's settings.
func (c *Client) NewEndpoint(s Setup) *Endpoint {
	if s.Method == "" {
		s.Method = http.MethodGet
	}
	if s.Handler == nil {
		s.Handler = rest.DefaultErrorHandler{Retries: c.settings.MaxRetries}
	}
	if s.ConnectTimeout == 0 {
		s.ConnectTimeout = c.settings.ConnectTimeout
	}
	if s.ReadTimeout == 0 {
		s.ReadTimeout = c.settings.ReadTimeout
	}
	x := &Endpoint{client: c, Setup: s}
	if s.Auth != nil {
		x.auth = s.Auth.Abilities()
	}
	return x
}

// Send asks for address, to whose origin the credentials belong. own are the requester's options,
// extra those of paginator, partition and cursor; both may be nil. They are joined, with what the
// authenticator adds between them, and collide as Merge says. A nil Response without an error: the
// answer was ignored, or accepted in spite of an error status, and holds no records. Errors are
// *tap.Error, *tap.BudgetError, *ActionError, or the context's.
func (x *Endpoint) Send(ctx context.Context, address string, own, extra *rest.Parts) (*rest.Response, error) {
	return x.SendFrom(ctx, "", address, own, extra)
}

// SendFrom is Send where the credentials belong to the origin of base, while address may have come
// from the API. Empty base: to that of address.
func (x *Endpoint) SendFrom(ctx context.Context, base, address string, own, extra *rest.Parts) (*rest.Response, error) {
	c := &call{base: base, address: address, own: own, extra: extra}
	if cache := x.client.cache; cache != nil && !x.NoStore && !rest.AvoidsCaches(ctx) {
		return x.throughDisk(ctx, cache, c)
	}
	return x.throughRun(ctx, c)
}

// throughRun answers from what this run kept, where the endpoint asks for that.
func (x *Endpoint) throughRun(ctx context.Context, c *call) (*rest.Response, error) {
	if !x.UseCache || rest.AvoidsCaches(ctx) || x.Method != http.MethodGet && x.Method != http.MethodHead {
		return x.ask(ctx, c)
	}
	key, err := x.keyOf(c)
	if err != nil {
		return nil, err
	}
	if key == "" {
		return x.tries(ctx, c)
	}
	return x.client.kept.through(ctx, key, x.client.keepable, func() (*rest.Response, error) { return x.tries(ctx, c) })
}

// keyOf is what the answer to a call is kept by: the request before it is signed, and whose
// credentials sign it. Empty: it is not kept, because that is not known or the request has a fault.
func (x *Endpoint) keyOf(c *call) (string, error) {
	if c.key != "" || x.Auth != nil && x.Account == nil {
		return c.key, nil
	}
	asked, err := x.asked(c)
	if err != nil || asked == "" {
		return "", err
	}
	account := ""
	if x.Auth != nil {
		account = "of " + x.Account() // not as nobody
	}
	texts := []string{asked, account}
	if identity := x.client.identity; identity != "" {
		texts = append(texts, identity)
	}
	c.key = hashOf(texts...)
	return c.key, nil
}

// asked identifies equal requests before they are signed; empty: it has a fault.
func (x *Endpoint) asked(c *call) (string, error) {
	merged, err := rest.Merge(c.own, c.extra)
	if err != nil {
		return "", err
	}
	r, err := x.build(c.address, merged, nil)
	if _, isFault := errors.AsType[*rest.Fault](err); isFault {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return r.key(), nil
}

// call is one exchange: what every try is made from.
type call struct {
	base       string // to whose origin the credentials belong; empty: address
	address    string
	own, extra *rest.Parts
	// key is what the answer is kept by; empty: that was not asked for yet.
	key string
	// signed is what the authenticator added to the last try; nil: there was none.
	signed *rest.Parts
}

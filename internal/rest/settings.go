package rest

import (
	"fmt"
	"time"
)

// Settings are what a run says about all of its requests. The zero value sets no limits.
type Settings struct {
	// Rate is never exceeded in any window of its length; zero: no limit.
	Rate Rate
	// MaxRequests ends the run early with a tap.BudgetError; 0: no limit.
	MaxRequests int
	// MaxCredits ends the run early, before it would have spent more of the API's credits; 0: no
	// limit.
	MaxCredits float64
	// MaxRetries is the number of tries after the first where the manifest does not say, as the
	// user set it; nil: DefaultMaxRetries.
	MaxRetries *int
	// TokenRetries is the number of tries after the first for a request to a token endpoint where
	// MaxRetries is not set; 0: only time is a limit, as in the reference runtime.
	TokenRetries int
	// Prefetch is how many pages of one slice may be asked for at a time; 1: one after the other;
	// 0: as many as the stream's own settings and the slots of the read allow.
	Prefetch int
	// ConnectTimeout and ReadTimeout bound the time until a connection stands and the silence
	// before the answer or between two parts of it; 0: DefaultConnectTimeout and
	// DefaultReadTimeout.
	ConnectTimeout, ReadTimeout time.Duration
	// MinSpeed is how many bytes a second of waiting for a body must bring on average, once
	// ReadTimeout is over; 0: DefaultMinSpeed.
	MinSpeed float64
	// StrictJSON asks again for an answer that says it is JSON and is not. The reference runtime
	// takes it for an empty page.
	StrictJSON bool
	// UserAgent is sent with requests that do not set one; empty: DefaultUserAgent.
	UserAgent string
	// TrustedHosts get the credentials as the configuration's own addresses do; each is a host, a
	// host with its port, or an origin.
	TrustedHosts []string
	// TrustSetting is the line to write so that a host (%s) is trusted; empty: there is none.
	TrustSetting string
	// Secrets are kept out of errors and logs: the values of config keys that the specification
	// marks as secret.
	Secrets []string
	// SecretNames are where the Secrets stand in the configuration, in their order. State has them
	// in place of the secrets; without them, secrets in positions can not be put back.
	SecretNames []string
}

// Retries is the number of tries after the first where the manifest does not say.
func (s *Settings) Retries() int {
	if s.MaxRetries == nil {
		return DefaultMaxRetries
	}
	return *s.MaxRetries
}

// DefaultUserAgent is what the reference runtime sends. Some APIs answer by it, and manifests were
// tested with it.
const DefaultUserAgent = "python-requests/2.34.2"

// The default timeouts. The reference runtime has none and would wait for ever.
const (
	DefaultConnectTimeout = 30 * time.Second
	DefaultReadTimeout    = 5 * time.Minute
	// DefaultMinSpeed is less than any connection gives that is worth to be waited for.
	DefaultMinSpeed = 64.0
)

// Rate is a number of calls in a length of time.
type Rate struct {
	Calls int
	Per   time.Duration
}

// String gives the rate as "200 calls per 1m0s".
func (r Rate) String() string { return fmt.Sprintf("%d calls per %v", r.Calls, r.Per) }

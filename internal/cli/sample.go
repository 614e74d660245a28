package cli

import (
	"context"
	"fmt"

	"anytap/internal/sampleapi"
	"anytap/internal/value"
)

// DemoBusinesses are those of the sample Pullbay, with no, few, some and many reviews.
var DemoBusinesses = []sampleapi.Business{{ID: "b-0"}, {ID: "b-3", Reviews: 3}, {ID: "b-1200", Reviews: 1200}, {ID: "b-25000", Reviews: 25000}}

// SampleConfig is a configuration that reads a system from the sample server. It sets a rate limit
// that is never hit: the sample APIs have none, and a demo should not take minutes.
func SampleConfig(server *sampleapi.Running, system sampleapi.System, businesses []sampleapi.Business) *value.Dict {
	config := value.DictOf("source", string(system), "base_url", server.URL(system))
	credentials := server.Credentials(system)
	switch system {
	case sampleapi.HelpScout:
		config.Set("client_id", credentials.ClientID)
		config.Set("client_secret", credentials.ClientSecret)
	case sampleapi.Pullbay:
		config.Set("api_key", credentials.APIKey)
		ids := value.NewList()
		for _, b := range businesses {
			ids.Append(b.ID)
		}
		config.Set("business_ids", ids)
		config.Set("limit", int64(500))
	}
	config.Set("rate_limit", value.DictOf("requests", int64(100000), "per", int64(1)))
	return config
}

// serve keeps the sample APIs up until ctx ends, and prints how to ask them.
func (c *call) serve(ctx context.Context, server *sampleapi.Running) error {
	for _, system := range sampleapi.Systems() {
		config := SampleConfig(server, system, DemoBusinesses)
		fmt.Fprintf(c.stderr, "%s: %s\n  config: %s\n  try:    %s\n", system, server.URL(system), value.Append(nil, config), curlLine(server, system))
	}
	fmt.Fprintf(c.stderr, "registry: %s\n  try:    ANYTAP_REGISTRY=%s anytap connectors search sample\n", server.Registry(), server.Registry())
	fmt.Fprintf(c.stderr, "more records: curl -X POST '%sjsonplaceholder/posts?n=3'\n", server.Control())
	fmt.Fprintf(c.stderr, "%s: any request header %q sets faults for that request\n", "all", sampleapi.FaultHeader)
	<-ctx.Done()
	return nil
}

// curlLine is a command that asks a sample API for something.
func curlLine(server *sampleapi.Running, system sampleapi.System) string {
	url, credentials := server.URL(system), server.Credentials(system)
	switch system {
	case sampleapi.HelpScout:
		return fmt.Sprintf("curl -d grant_type=client_credentials -d client_id=%s -d client_secret=%s %s/v2/oauth2/token", credentials.ClientID, credentials.ClientSecret, url)
	case sampleapi.Pullbay:
		return fmt.Sprintf("curl -H 'Authorization: Bearer %s' '%s/v1/app-store/reviews?business_id=%s'", credentials.APIKey, url, DemoBusinesses[1].ID)
	}
	return fmt.Sprintf("curl '%s/posts?_page=1&_limit=2'", url)
}

package requester

import (
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
)

// HTTPDefinition configures the requests of a stream.
//
//	type: HttpRequester
//	url: "https://api.example.com/v1/items"
//	http_method: GET
//	authenticator: {type: BearerAuthenticator, api_token: "{{ config['api_key'] }}"}
//	request_parameters: {status: open}
//	error_handler: {type: DefaultErrorHandler, max_retries: 3}
type HTTPDefinition struct {
	URL             *jinja.String  `manifest:"url" doc:"The address."`
	URLBase         *jinja.String  `manifest:"url_base" doc:"The part of the address before path; deprecated, use url."`
	Path            *jinja.String  `manifest:"path" doc:"What follows url_base, or url."`
	Method          string         `manifest:"http_method,enum=GET|POST,default=GET" doc:"The HTTP method."`
	Authenticator   *manifest.Node `manifest:"authenticator,is=ApiKeyAuthenticator|BasicHttpAuthenticator|BearerAuthenticator|OAuthAuthenticator|JwtAuthenticator|SessionTokenAuthenticator|SelectiveAuthenticator|CustomAuthenticator|NoAuth|LegacySessionTokenAuthenticator|RateLimitedMultipleTokenAuthenticator" doc:"The authenticator that signs the requests."`
	Parameters      *manifest.Node `manifest:"request_parameters,is={string|QueryProperties}|string" doc:"Query parameters."`
	Headers         *manifest.Node `manifest:"request_headers,is={string}|string" doc:"Headers."`
	BodyData        *manifest.Node `manifest:"request_body_data,is={string}|string" doc:"A form, or the body as text; deprecated, use request_body."`
	BodyJSON        *manifest.Node `manifest:"request_body_json,is=object|string" doc:"A JSON body; deprecated, use request_body."`
	Body            *manifest.Node `manifest:"request_body,is=RequestBodyPlainText|RequestBodyUrlEncodedForm|RequestBodyJsonObject|RequestBodyGraphQL" doc:"The body."`
	ErrorHandler    *manifest.Node `manifest:"error_handler,is=DefaultErrorHandler|CompositeErrorHandler|CustomErrorHandler" doc:"The error handler that judges the answers."`
	UseCache        *bool          `manifest:"use_cache,default=false" doc:"Sends equal GET requests once a run."`
	ConnectTimeout  float64        `manifest:"connect_timeout_in_seconds,above=0" doc:"Seconds until a connection is given up; 30 if not given."`
	ReadTimeout     float64        `manifest:"read_timeout_in_seconds,above=0" doc:"Seconds of silence after which a try has failed; 300 if not given."`
	KeepAlive       bool           `manifest:"use_tcp_keepalive,default=false" doc:"Taken for compatibility: idle connections are always kept alive."`
	Properties      *manifest.Node `manifest:"fetch_properties_from_endpoint,is=PropertiesFromEndpoint" doc:"Properties to ask for; the retriever reads this field."`
	QueryProperties *manifest.Node `manifest:"query_properties,is=QueryProperties" doc:"Properties to ask for; the retriever uses it."`
}

// BuildHTTP builds a HttpRequester.
func BuildHTTP(c *manifest.Compiler, n *manifest.Node) (*HTTP, error) {
	var def HTTPDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	h := &HTTP{url: def.URL.Given(), base: def.URLBase.Given(), path: def.Path.Given(), method: def.Method, env: c.ConfigEnv()}
	if err := h.options(c, n, &def); err != nil {
		return nil, err
	}
	h.client = contract.Client(c)
	scope, _ := manifest.Scoped[contract.Scope](c)
	setup := exchange.Setup{
		Stream: scope.Stream, Method: def.Method, NoStore: scope.NoStore, AnyStatus: scope.AnyStatus, Given: h.isGiven(),
		EscapeBlanks:   scope.Pages.Strict,
		Streams:        scope.Decoder != nil && scope.Decoder.Abilities().Streams,
		UseCache:       *def.UseCache || scope.UseCache && n.Get("use_cache") == nil,
		ConnectTimeout: rest.Seconds(def.ConnectTimeout), ReadTimeout: rest.Seconds(def.ReadTimeout),
	}
	if scope.Decoder != nil {
		setup.Convert = scope.Decoder.Abilities().Converts
	}
	if scope.RequestTimeout > 0 {
		setup.ReadTimeout = scope.RequestTimeout
	}
	var err error
	if setup.Handler, err = manifest.BuildOptional[rest.ErrorHandler](c, def.ErrorHandler); err != nil {
		return nil, err
	}
	scope.URLBase = h.baseOf
	if setup.Auth, err = manifest.BuildOptional[rest.Authenticator](manifest.With(c, scope), def.Authenticator); err != nil {
		return nil, err
	}
	if setup.Auth != nil && (setup.UseCache || h.client.KeepsAnswers()) {
		setup.Account = accountOf(c, def.Authenticator)
	}
	h.exchange = h.client.NewEndpoint(setup)
	if base, err := h.baseOf(h.env); err == nil && !setup.Given {
		h.client.AddOrigin(base)
	}
	return h, nil
}

// HTTP sends the requests of a stream.
type HTTP struct {
	url, base, path *jinja.String // nil: empty
	method          string
	params, headers *input
	body            content
	// properties names the parameter that takes the properties to ask for; empty: there is none.
	properties string
	client     *exchange.Client
	exchange   *exchange.Endpoint
	env        *jinja.Env // of requests without a page
}

var _ rest.Requester = (*HTTP)(nil)

// isGiven reports whether the API itself says which host is asked: where the address begins with
// what it answered about a job or a record. A partition's field may be such an address too, but as
// well one of the configuration; so a requester that begins with it is taken at its word.
func (h *HTTP) isGiven() bool {
	base := h.base
	if base == nil {
		base = h.url
	}
	if base == nil {
		return false
	}
	first, _, _ := strings.Cut(base.Source(), "}}")
	if !strings.HasPrefix(strings.TrimSpace(first), "{{") {
		return false
	}
	for _, name := range []string{"download_target", "polling_response", "creation_response", "next_page_token", "record", "response"} {
		if strings.Contains(first, name) {
			return true
		}
	}
	return false
}

// options builds the parameters, headers and body of the requests.
func (h *HTTP) options(c *manifest.Compiler, n *manifest.Node, def *HTTPDefinition) error {
	for name, member := range def.Parameters.Members() {
		if member.Type() == "QueryProperties" {
			h.properties = name
		}
	}
	var err error
	if h.params, err = newInput(c, def.Parameters, h.properties, templateTypes...); err != nil {
		return err
	}
	if h.headers, err = newInput(c, def.Headers, ""); err != nil {
		return err
	}
	if h.body.data, err = newInput(c, def.BodyData, "", templateTypes...); err != nil {
		return err
	}
	if h.body.json, err = newJSONInput(c, def.BodyJSON); err != nil {
		return err
	}
	if def.Body != nil {
		given, err := manifest.Build[content](c, def.Body)
		if err != nil {
			return err
		}
		if given.data != nil {
			h.body.data = given.data
		} else {
			h.body.json = given.json
		}
	}
	if h.body.data != nil && h.body.json != nil {
		return n.Problem("the request has a body as data and one as JSON: leave one of them out")
	}
	return nil
}

// Package auth signs requests with the credentials of a configuration.
//
// An authenticator sees the configuration only, never a slice or a page. One that has to ask for a
// token sends one request for it at a time, and everybody who needs the token waits for that
// request. Each stream has a token of its own, as in the reference runtime.
//
// The reference runtime asks an authenticator for its header twice for the first try of a request
// and once for each further try. Where each use of a token costs a request, an API sees the
// difference, so a source of tokens says whether it is costly and then is used as often here.
package auth

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"AWSAuthenticator":                       {Build: manifest.As(BuildAWS), Definition: func() any { return AWSDefinition{} }, Like: "ApiKeyAuthenticator"},
		"ApiKeyAuthenticator":                    {Build: manifest.As(BuildAPIKey), Definition: func() any { return APIKeyDefinition{} }},
		"BasicHttpAuthenticator":                 {Build: manifest.As(BuildBasic), Definition: func() any { return BasicDefinition{} }},
		"BearerAuthenticator":                    {Build: manifest.As(BuildBearer), Definition: func() any { return BearerDefinition{} }},
		"HeadersAuthenticator":                   {Build: manifest.As(BuildHeaders), Definition: func() any { return HeadersDefinition{} }, Like: "ApiKeyAuthenticator"},
		"JwtAuthenticator":                       {Build: manifest.As(BuildJWT), Definition: func() any { return JWTDefinition{} }},
		"LegacySessionTokenAuthenticator":        {Build: manifest.As(BuildLegacySession), Definition: func() any { return LegacySessionDefinition{} }},
		"LoginAuthenticator":                     {Build: manifest.As(BuildLogin), Definition: func() any { return LoginDefinition{} }, Like: "SessionTokenAuthenticator"},
		"NoAuth":                                 {Build: manifest.As(BuildNone), Definition: func() any { return NoneDefinition{} }},
		"OAuthAuthenticator":                     {Build: manifest.As(BuildOAuth), Definition: func() any { return OAuthDefinition{} }},
		"QuotaStatusSource":                      {Build: manifest.As(buildQuotaStatus), Definition: func() any { return QuotaStatusDefinition{} }},
		"RateLimitedMultipleTokenAuthenticator":  {Build: manifest.As(BuildMultiToken), Definition: func() any { return MultiTokenDefinition{} }},
		"SelectiveAuthenticator":                 {Build: manifest.As(BuildSelective), Definition: func() any { return SelectiveDefinition{} }},
		"SessionTokenAuthenticator":              {Build: manifest.As(BuildSession), Definition: func() any { return SessionDefinition{} }},
		"SessionTokenRequestApiKeyAuthenticator": {Build: manifest.As(BuildSessionKey), Definition: func() any { return SessionKeyDefinition{} }, Type: "ApiKey"},
		"SessionTokenRequestBearerAuthenticator": {Build: manifest.As(BuildSessionBearer), Definition: func() any { return SessionBearerDefinition{} }, Type: "Bearer"},
		"TokenQuota":                             {Build: manifest.As(buildQuota), Definition: func() any { return QuotaDefinition{} }},
	}
}

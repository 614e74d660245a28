package auth

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"ApiKeyAuthenticator":                    {Build: manifest.As(BuildAPIKey), Definition: func() any { return APIKeyDefinition{} }},
		"BasicHttpAuthenticator":                 {Build: manifest.As(BuildBasic), Definition: func() any { return BasicDefinition{} }},
		"BearerAuthenticator":                    {Build: manifest.As(BuildBearer), Definition: func() any { return BearerDefinition{} }},
		"JwtAuthenticator":                       {Build: manifest.As(BuildJWT), Definition: func() any { return JWTDefinition{} }},
		"LegacySessionTokenAuthenticator":        {Build: manifest.As(BuildLegacySession), Definition: func() any { return LegacySessionDefinition{} }},
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

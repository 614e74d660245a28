package auth

import (
	"errors"

	"anytap/internal/dpath"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// SelectiveDefinition configures several authenticators, of which the configuration selects one.
//
//	type: SelectiveAuthenticator
//	authenticator_selection_path: [credentials, kind]
//	authenticators:
//	  key: {type: ApiKeyAuthenticator, …}
//	  oauth: {type: OAuthAuthenticator, …}
type SelectiveDefinition struct {
	Path           []string          `manifest:"authenticator_selection_path,required" doc:"Where the configuration says which one is used."`
	Authenticators []manifest.Member `manifest:"authenticators,required,of=ApiKeyAuthenticator|BasicHttpAuthenticator|BearerAuthenticator|OAuthAuthenticator|JwtAuthenticator|SessionTokenAuthenticator|LegacySessionTokenAuthenticator|CustomAuthenticator|NoAuth|RateLimitedMultipleTokenAuthenticator" doc:"The authenticators, by what the configuration may say."`
}

// BuildSelective builds the authenticator that the configuration selects. The others are built as
// well, because their mistakes stop the reference runtime, too. A custom authenticator is an error
// only where it is selected.
func BuildSelective(c *manifest.Compiler, n *manifest.Node) (rest.Authenticator, error) {
	var def SelectiveDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	built := map[string]rest.Authenticator{}
	failed := map[string]error{}
	for _, m := range def.Authenticators {
		a, err := manifest.Build[rest.Authenticator](c, m.Node)
		if _, unsupported := errors.AsType[*manifest.UnsupportedError](err); unsupported {
			failed[m.Name] = err
			continue
		}
		if err != nil {
			return nil, err
		}
		built[m.Name] = a
	}
	v, err := dpath.Of(def.Path).Get(c.Config)
	if errors.Is(err, dpath.ErrNotFound) {
		return nil, n.Problem("the configuration has nothing at authenticator_selection_path %q", def.Path)
	}
	if err != nil {
		return nil, n.Problem("authenticator_selection_path: %v", err)
	}
	name := value.Str(v)
	if err := failed[name]; err != nil {
		return nil, err
	}
	a, ok := built[name]
	if !ok {
		return nil, n.Problem("there is no authenticator %q, which the configuration selects at %q", name, def.Path)
	}
	return a, nil
}

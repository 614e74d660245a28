package spec

import (
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// AuthFlowDefinition configures AuthFlow: how the platform lets a user log in. A manifest writes it
// without a type.
//
//	auth_flow_type: oauth2.0
//	predicate_key: [credentials, kind]
//	predicate_value: oauth
//	oauth_config_specification: {complete_oauth_output_specification: {type: object, properties: {refresh_token: {type: string}}}}
type AuthFlowDefinition struct {
	_         struct{}       `manifest:",untyped"`
	Type      *string        `manifest:"auth_flow_type,enum=oauth2.0|oauth1.0" doc:"The protocol."`
	Key       []string       `manifest:"predicate_key" doc:"The path in the configuration of a value that selects this flow."`
	Value     *string        `manifest:"predicate_value" doc:"That value."`
	Specified *manifest.Node `manifest:"oauth_config_specification,is=OAuthConfigSpecification" doc:"What the flow takes and gives."`
}

// OAuthConfigDefinition configures OAuthConfigSpecification: what a login takes and gives. A
// manifest writes it without a type.
//
//	oauth_connector_input_specification:
//	  consent_url: "https://login.example.com/authorize?client_id={{ client_id_value }}"
//	  access_token_url: "https://login.example.com/token"
//	complete_oauth_output_specification: {type: object, properties: {refresh_token: {type: string}}}
type OAuthConfigDefinition struct {
	_            struct{}    `manifest:",untyped"`
	UserInput    *value.Dict `manifest:"oauth_user_input_from_connector_config_specification" doc:"What the flow takes from the configuration."`
	Connector    *oauthInput `manifest:"oauth_connector_input_specification" doc:"The addresses and parameters of a flow that the manifest describes itself."`
	Output       *value.Dict `manifest:"complete_oauth_output_specification" doc:"What the flow gives to the configuration."`
	ServerInput  *value.Dict `manifest:"complete_oauth_server_input_specification" doc:"What the platform's server needs."`
	ServerOutput *value.Dict `manifest:"complete_oauth_server_output_specification" doc:"What the platform's server gives."`
}

type oauthInput struct {
	ConsentURL     string       `manifest:"consent_url,required" doc:"Where the user agrees."`
	TokenURL       string       `manifest:"access_token_url,required" doc:"Where the token is given."`
	Scope          *string      `manifest:"scope" doc:"What is asked for, as one text."`
	Scopes         []oauthScope `manifest:"scopes" doc:"What is asked for."`
	OptionalScopes []oauthScope `manifest:"optional_scopes" doc:"What may be asked for."`
	Join           string       `manifest:"scopes_join_strategy,enum=space|comma|plus,default=space" doc:"What stands between scopes."`
	TokenHeaders   *value.Dict  `manifest:"access_token_headers" doc:"Headers of the request for the token."`
	TokenParams    *value.Dict  `manifest:"access_token_params" doc:"Parameters of the request for the token."`
	Extract        []string     `manifest:"extract_output" doc:"The fields of the answer that are kept."`
	State          *oauthState  `manifest:"state" doc:"The length of the state."`
	ClientID       *string      `manifest:"client_id_key" doc:"What the requests call client_id."`
	ClientSecret   *string      `manifest:"client_secret_key" doc:"What they call client_secret."`
	ScopeKey       *string      `manifest:"scope_key" doc:"What they call scope."`
	StateKey       *string      `manifest:"state_key" doc:"What they call state."`
	CodeKey        *string      `manifest:"auth_code_key" doc:"What they call code."`
	RedirectKey    *string      `manifest:"redirect_uri_key" doc:"What they call redirect_uri."`
}

type oauthScope struct {
	Scope string `manifest:"scope,required" doc:"The scope."`
}

type oauthState struct {
	Min int64 `manifest:"min,required" doc:"The least length."`
	Max int64 `manifest:"max,required" doc:"The greatest length."`
}

// BuildAuthFlow returns an AuthFlow as the specification prints it: with the members that Airbyte's
// protocol knows.
func BuildAuthFlow(c *manifest.Compiler, n *manifest.Node) (*value.Dict, error) {
	var def AuthFlowDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	d := value.NewDict(4)
	setText(d, "auth_flow_type", def.Type)
	setTexts(d, "predicate_key", def.Key)
	setText(d, "predicate_value", def.Value)
	if def.Specified != nil {
		inner, err := manifest.BuildAs[*value.Dict](c, def.Specified, "OAuthConfigSpecification")
		if err != nil {
			return nil, err
		}
		d.Set("oauth_config_specification", inner)
	}
	return d, nil
}

// BuildOAuthConfig is BuildAuthFlow for an OAuthConfigSpecification.
func BuildOAuthConfig(c *manifest.Compiler, n *manifest.Node) (*value.Dict, error) {
	var def OAuthConfigDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	d := value.NewDict(5)
	setDict(d, "oauth_user_input_from_connector_config_specification", def.UserInput)
	if def.Connector != nil {
		d.Set("oauth_connector_input_specification", def.Connector.dict(n.Get("oauth_connector_input_specification")))
	}
	setDict(d, "complete_oauth_output_specification", def.Output)
	setDict(d, "complete_oauth_server_input_specification", def.ServerInput)
	setDict(d, "complete_oauth_server_output_specification", def.ServerOutput)
	return d, nil
}

// dict returns the input as the specification prints it. Scopes keep members that the protocol does
// not know.
func (in *oauthInput) dict(n *manifest.Node) *value.Dict {
	d := value.DictOf("consent_url", in.ConsentURL, "access_token_url", in.TokenURL)
	setText(d, "scope", in.Scope)
	for _, name := range []string{"scopes", "optional_scopes"} {
		if scopes := n.Get(name); scopes != nil {
			d.Set(name, scopes.Value())
		}
	}
	d.Set("scopes_join_strategy", in.Join)
	setDict(d, "access_token_headers", in.TokenHeaders)
	setDict(d, "access_token_params", in.TokenParams)
	setTexts(d, "extract_output", in.Extract)
	if in.State != nil {
		d.Set("state", value.DictOf("min", in.State.Min, "max", in.State.Max))
	}
	setText(d, "client_id_key", in.ClientID)
	setText(d, "client_secret_key", in.ClientSecret)
	setText(d, "scope_key", in.ScopeKey)
	setText(d, "state_key", in.StateKey)
	setText(d, "auth_code_key", in.CodeKey)
	setText(d, "redirect_uri_key", in.RedirectKey)
	return d
}

func setText(d *value.Dict, name string, text *string) {
	if text != nil {
		d.Set(name, *text)
	}
}

func setTexts(d *value.Dict, name string, texts []string) {
	if texts != nil {
		d.Set(name, value.FromGo(texts))
	}
}

func setDict(d *value.Dict, name string, inner *value.Dict) {
	if inner != nil {
		d.Set(name, withoutNone(inner))
	}
}

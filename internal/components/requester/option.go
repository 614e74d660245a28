package requester

import (
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// OptionDefinition configures where a value goes in a request.
//
//	type: RequestOption
//	inject_into: request_parameter
//	field_name: page
type OptionDefinition struct {
	Into  string          `manifest:"inject_into,required,enum=request_parameter|header|body_data|body_json" doc:"The part of the request."`
	Field *jinja.String   `manifest:"field_name" doc:"The parameter, header or body field."`
	Path  []*jinja.String `manifest:"field_path" doc:"A field inside the JSON body, by the names on the way to it."`
}

// BuildOption builds a RequestOption.
func BuildOption(c *manifest.Compiler, n *manifest.Node) (*rest.RequestOption, error) {
	var def OptionDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	// An empty field counts as missing, as in the reference runtime.
	field, path, nested := def.Field.Given(), def.Path, len(def.Path) > 0
	switch {
	case field != nil && nested:
		return nil, n.Problem("field_name and field_path can not both be given")
	case field != nil:
		path = []*jinja.String{field}
	case !nested:
		return nil, n.Problem("field_name or field_path is missing")
	}
	for i, part := range path {
		path[i], _ = jinja.CompileString(part.Source(), optionParameters(n)) // Decode has reported its mistakes
	}
	o, err := rest.NewRequestOption(rest.Place(def.Into), path, nested, c.ConfigEnv())
	if err != nil {
		return nil, n.Problem("%v", err)
	}
	return o, nil
}

// optionParameters are the parameters of an option's templates. As in the reference runtime, they
// are those of the cursor or API key around the option. The templates of all other options see
// none, not even their own.
func optionParameters(n *manifest.Node) *value.Dict {
	switch owner := n.Parent(); owner.Type() {
	case "DatetimeBasedCursor", "IncrementingCountCursor", "ApiKeyAuthenticator":
		return owner.Parameters()
	}
	return nil
}

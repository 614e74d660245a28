package paginator

import (
	"fmt"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// TokenMembersDefinition configures, as the page_token_option of a DefaultPaginator, that the token
// is an object whose members each go into the request under their own names.
//
//	type: TokenMembers
//	inject_into: request_parameter
type TokenMembersDefinition struct {
	Into string `manifest:"inject_into,required,enum=request_parameter|header|body_data|body_json" doc:"The part of the request. In body_json a name is the path to the field."`
}

// BuildTokenMembers builds a TokenMembers.
func BuildTokenMembers(c *manifest.Compiler, n *manifest.Node) (*TokenMembers, error) {
	var def TokenMembersDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &TokenMembers{into: rest.Place(def.Into)}, nil
}

// TokenMembers puts the members of a token into a request.
type TokenMembers struct{ into rest.Place }

// inject adds the members that are not null.
func (m *TokenMembers) inject(o *rest.Parts, token any) error {
	members, ok := token.(*value.Dict)
	if !ok {
		return fmt.Errorf("the token is a %s, expected an object of parameters", value.TypeName(token))
	}
	for name, v := range members.All() {
		if v == nil {
			continue
		}
		path := []string{name}
		if m.into == rest.InJSON {
			p, err := value.ParsePath(name)
			if err != nil {
				return fmt.Errorf("the parameter %s: %w", name, err)
			}
			path = p.Names()
		}
		if err := rest.FieldOption(m.into, path...).Inject(o, v); err != nil {
			return err
		}
	}
	return nil
}

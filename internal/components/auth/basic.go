package auth

import (
	"context"
	"encoding/base64"
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// BasicDefinition configures an authenticator that sends user and password.
//
//	type: BasicHttpAuthenticator
//	username: "{{ config['user'] }}"
//	password: "{{ config['password'] }}"
type BasicDefinition struct {
	Username *jinja.String `manifest:"username,required" doc:"The user."`
	Password *jinja.String `manifest:"password" doc:"The password; empty by default."`
}

// BuildBasic builds a BasicHttpAuthenticator.
func BuildBasic(c *manifest.Compiler, n *manifest.Node) (*Basic, error) {
	var def BasicDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := runOf(c)
	return &Basic{username: def.Username, password: def.Password, run: r}, nil
}

// Basic sends user and password in UTF-8, as RFC 7617 defines.
type Basic struct {
	username, password *jinja.String // nil: empty
	run                *run
}

var _ rest.Authenticator = (*Basic)(nil)

// Sign adds the header.
func (b *Basic) Sign(_ context.Context, o *rest.Parts) error {
	username, err := textOf(b.username, b.run.env)
	if err != nil {
		return fmt.Errorf("username: %w", err)
	}
	password, err := textOf(b.password, b.run.env)
	if err != nil {
		return fmt.Errorf("password: %w", err)
	}
	b.run.client.Redactor().Add(password)
	setHeader(o, authorization, "Basic "+base64.StdEncoding.EncodeToString([]byte(username+":"+password)))
	return nil
}

// Refresh returns rest.ErrNoRefresh.
func (*Basic) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are none.
func (*Basic) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }

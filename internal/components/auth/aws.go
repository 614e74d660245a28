package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// AWSDefinition configures an authenticator that signs each request with AWS Signature Version 4.
//
//	type: AWSAuthenticator
//	region: eu-central-1
//	service: execute-api
//	access_key_id: "{{ config['access_key_id'] }}"
//	secret_access_key: "{{ config['secret_access_key'] }}"
//	session_token: "{{ config['session_token'] }}"
type AWSDefinition struct {
	Region    *jinja.String `manifest:"region,required" doc:"The region of the API."`
	Service   *jinja.String `manifest:"service,required" doc:"The service's name in signatures, such as execute-api or es."`
	KeyID     *jinja.String `manifest:"access_key_id,required" doc:"The ID of the access key."`
	SecretKey *jinja.String `manifest:"secret_access_key,required" doc:"The access key."`
	Session   *jinja.String `manifest:"session_token" doc:"The token that goes with temporary keys."`
}

// BuildAWS builds an AWSAuthenticator.
func BuildAWS(c *manifest.Compiler, n *manifest.Node) (*AWS, error) {
	var def AWSDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &AWS{def: def, run: runOf(c), signer: v4.NewSigner()}, nil
}

// AWS signs requests as Amazon's services want it.
type AWS struct {
	def    AWSDefinition
	run    *run
	signer *v4.Signer
}

var _ rest.Authenticator = (*AWS)(nil)

// The headers of a signature.
const (
	amzDate    = "X-Amz-Date"
	amzSession = "X-Amz-Security-Token"
	amzContent = "X-Amz-Content-Sha256"
)

// Sign can not be used: the signature depends on the request.
func (*AWS) Sign(context.Context, *rest.Parts) error {
	return tap.Errorf(tap.System, "a signature for AWS needs the request")
}

// Refresh returns rest.ErrNoRefresh.
func (*AWS) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are to sign requests that are known whole.
func (a *AWS) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{SignDraft: a.signDraft, Preview: a.preview}
}

// preview has the headers that a signature adds.
func (*AWS) preview() *rest.Parts {
	return &rest.Parts{Headers: value.DictOf(authorization, "", amzDate, "", amzContent, "")}
}

// signDraft adds the headers of the signature. It covers the address, the body and its type, not
// the headers that proxies may change.
func (a *AWS) signDraft(ctx context.Context, o *rest.Parts, draft *rest.Request) error {
	region, service, keys, err := a.settings()
	if err != nil {
		return err
	}
	address := *draft.URL
	r := &http.Request{Method: draft.Method, URL: &address, Host: address.Host, Header: http.Header{}, ContentLength: int64(len(draft.Body))}
	if kind := draft.Header.Get("Content-Type"); kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	sum := sha256.Sum256(draft.Body)
	content := hex.EncodeToString(sum[:])
	r.Header.Set(amzContent, content)
	plainPath := func(s *v4.SignerOptions) { s.DisableURIPathEscaping = service == "s3" }
	if err := a.signer.SignHTTP(ctx, keys, r, content, service, region, a.run.client.Wall().UTC(), plainPath); err != nil {
		return tap.Errorf(tap.Config, "sign for AWS: %w", err)
	}
	for _, name := range []string{authorization, amzDate, amzContent, amzSession} {
		if text := r.Header.Get(name); text != "" {
			setHeader(o, name, text)
		}
	}
	return nil
}

// settings evaluates the templates.
func (a *AWS) settings() (region, service string, keys aws.Credentials, err error) {
	for _, t := range []struct {
		name string
		from *jinja.String
		into *string
	}{
		{"region", a.def.Region, &region}, {"service", a.def.Service, &service},
		{"access_key_id", a.def.KeyID, &keys.AccessKeyID}, {"secret_access_key", a.def.SecretKey, &keys.SecretAccessKey},
		{"session_token", a.def.Session, &keys.SessionToken},
	} {
		if *t.into, err = textOf(t.from, a.run.env); err != nil {
			return "", "", keys, fmt.Errorf("%s: %w", t.name, err)
		}
		if *t.into == "" && t.name != "session_token" {
			return "", "", keys, tap.Errorf(tap.Config, "%s is empty, expected what signatures for AWS are made of", t.name)
		}
	}
	a.run.client.Redactor().Add(keys.SecretAccessKey, keys.SessionToken)
	return region, service, keys, nil
}

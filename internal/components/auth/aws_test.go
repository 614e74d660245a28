package auth

import (
	"net/http"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

// awsYAML has the keys of Amazon's published examples.
const awsYAML = "{type: AWSAuthenticator, region: us-east-1, service: service, access_key_id: AKIDEXAMPLE, secret_access_key: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY}"

// TestAWSSignature compares with what botocore signs at the same time with the same keys.
func TestAWSSignature(t *testing.T) {
	t.Parallel()
	const common = "host;x-amz-content-sha256;x-amz-date"
	tests := map[string]struct {
		method, address string
		own             *rest.Parts
		more            string // in place of service: service
		headers         string
		signature       string
	}{
		"GET": {http.MethodGet, "https://example.amazonaws.com/", nil, "service: service", common,
			"d355c5cfc8626b3163825d0f0d4c8bc894effa67c2070d4abbd9873c9062530b"},
		"parameters": {http.MethodGet, "https://example.amazonaws.com/items?b=2&a=1%20x&a=0", nil, "service: service", common,
			"074edf7bdce047b135dad62e0342acd54b2aa543aa4196d14cbde93a9b9ecc06"},
		"a JSON body": {http.MethodPost, "https://example.amazonaws.com/_search", &rest.Parts{JSON: value.DictOf("size", int64(10))}, "service: service", "content-length;content-type;" + common,
			"215ae7131df71b3ed8ca6700d6e860b6860ff309faf10ebd819fbe7220fed0d2"},
		"a temporary key, an odd path": {http.MethodGet, "https://example.amazonaws.com/a%20b/%C3%A4", nil, "service: service, session_token: TOKEN", common + ";x-amz-security-token",
			"feb1b0ec919ff4b6abb024e38f6712b484848f778f1e92f1b2575644e2ef3011"},
		"a path of S3": {http.MethodGet, "https://example.amazonaws.com/a%20b/c%2Fd", nil, "service: s3", common,
			"8e967cc6df48b9055ea899fa259ddc5150e00326a02ca632cdfdb74e179b0a5c"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "")
			b.transport.Reply = func(int, resttest.Request) resttest.Answer { return resttest.Answer{Body: `{}`} }
			a, err := b.build(t, strings.Replace(awsYAML, "service: service", test.more, 1))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.exchange(a, test.method, rest.DefaultErrorHandler{}).Send(t.Context(), test.address, test.own, nil); err != nil {
				t.Fatal(err)
			}
			r := b.transport.Log()[0]
			if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "SignedHeaders="+test.headers+", Signature="+test.signature) {
				t.Errorf("signed %s with %s", r, got)
			}
			if token := r.Header.Get("X-Amz-Security-Token"); (token != "") != strings.Contains(test.more, "TOKEN") {
				t.Errorf("session token is %q", token)
			}
		})
	}
}

func TestAWSNeedsItsSettings(t *testing.T) {
	t.Parallel()
	b := newBench(t, "")
	a, err := b.build(t, strings.Replace(awsYAML, "us-east-1", `"{{ config.get('region', '') }}"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.exchange(a, http.MethodGet, rest.DefaultErrorHandler{}).Send(t.Context(), "https://example.amazonaws.com/", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "region is empty") {
		t.Errorf("error %v", err)
	}
}

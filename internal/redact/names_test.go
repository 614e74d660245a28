package redact

import (
	"slices"
	"strings"
	"testing"
)

func TestTelling(t *testing.T) {
	t.Parallel()
	for names, want := range map[string]bool{
		"api_key apikey x-api-key access_token accessToken Authorization X-Auth-Token client_secret password db_passwd pwd key token keys sig X-Amz-Signature Cookie session sid jwt secret_access_key privateKey app_key": true,
		"page_token next_page_token cursor sort_key partition_key primary_key keyword monkey tokenizer id name auth_type access_key_id author signal":                                                                      false,
	} {
		for name := range strings.FieldsSeq(names) {
			if Telling(name) != want {
				t.Errorf("Telling(%q) is %v", name, !want)
			}
		}
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{
		"Bearer s3cr3t-token":                     "s3cr3t-token",
		"Token token=s3cr3t-token":                "token=s3cr3t-token|s3cr3t-token",
		"Basic " + b64("me:s3cr3t-pw"):            b64("me:s3cr3t-pw") + "|me:s3cr3t-pw|s3cr3t-pw",
		"session=s3cr3t-1; theme=dark; u=s3cr3t2": "s3cr3t-1|s3cr3t2",
		"correct horse battery staple":            "",
		"Bearer test":                             "",
		"s3cr3t-token":                            "",
		"dGVzdCBmb28gYmFy==":                      "",
		`{"type": "service_account", "client_email": "a@b.example.com", "private_key": "-----BEGIN-----\nMIIE1\n"}`: "-----BEGIN-----\nMIIE1\n",
		`{"a": {"tokens": ["s3cr3t-1", "s3cr3t-2"]}}`:                                                               "s3cr3t-1|s3cr3t-2",
		"{no JSON": "",
	} {
		if got := strings.Join(Parts(secret), "|"); got != want {
			t.Errorf("of %q: %q, want %q", secret, got, want)
		}
	}
}

func TestInAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"https://api.test/items?page=1":                          nil,
		"https://me:s3cr3t%2Fpw@api.test/items":                  {"s3cr3t/pw"},
		"/items?api_key=s3cr3t%2B1&page_token=abcdefg1&order=id": {"s3cr3t+1"},
		"/items?token={{ config['token'] }}":                     nil,
		"/items?key=created":                                     nil,
	} {
		if got := InAddress(text); !slices.Equal(got, want) {
			t.Errorf("in %q: %q, want %q", text, got, want)
		}
	}
}

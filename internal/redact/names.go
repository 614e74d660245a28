package redact

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

var telling = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`api[-_]?keys?|(secret|access|private|auth|app|signing|encryption|subscription)[-_]?key$|` +
		`(access|auth|id|bearer|refresh|api|session|security|private|personal|secret)[-_]?tokens?|` +
		`secret|passw|pwd|passphrase|credential|signature|cookie|^(x-)?(authorization|auth|keys?|tokens?|session|session[-_]?id|sid|sig|jwt)$`)
})

// stems are what each telling name has one of. Most names have none, which is seen far sooner than
// that they do not match.
var stems = []string{"key", "token", "secret", "pass", "pwd", "cred", "sig", "cookie", "auth", "session", "sid", "jwt"}

// Telling reports whether what a parameter, header, field or setting of a name holds is a
// credential, most likely.
func Telling(name string) bool {
	small := strings.ToLower(name)
	return slices.ContainsFunc(stems, func(stem string) bool { return strings.Contains(small, stem) }) && telling().MatchString(small)
}

// shortestPart is how long a part of a secret must be to be a secret by itself.
const shortestPart = 6

// Parts are the credentials that a secret is made of: the token behind Bearer, the values of
// cookies, the password of basic authentication, what telling members of a JSON text hold. They
// are hidden by themselves too. Usual words are left out.
func Parts(secret string) []string {
	var all []string
	add := func(part string) {
		if len(part) >= shortestPart && part != secret && !Usual(part) {
			all = append(all, part)
		}
	}
	if strings.HasPrefix(strings.TrimSpace(secret), "{") {
		var members any
		if json.Unmarshal([]byte(secret), &members) == nil {
			tellingLeaves(members, false, add)
		}
		return all
	}
	scheme, token, spaced := strings.Cut(strings.TrimSpace(secret), " ")
	token = strings.TrimSpace(token)
	switch {
	case spaced && strings.EqualFold(scheme, "basic"):
		add(token)
		if pair, err := base64.StdEncoding.DecodeString(token); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			add(string(pair))
			add(password)
		}
	case spaced && !strings.Contains(token, " ") && !strings.HasSuffix(scheme, ";"):
		add(token)
		secret = token
	}
	if strings.Contains(secret, "=") {
		for pair := range strings.SplitSeq(secret, ";") {
			name, v, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if ok && !strings.ContainsAny(name, " /:+") {
				add(v)
			}
		}
	}
	return all
}

// tellingLeaves hands out the texts that telling members of a JSON value hold.
func tellingLeaves(v any, told bool, add func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			tellingLeaves(v[name], Telling(name), add)
		}
	case []any:
		for _, inner := range v {
			tellingLeaves(inner, told, add)
		}
	case string:
		if told {
			add(v)
		}
	}
}

// InAddress are the credentials in an address or path: a password before the host, and what telling
// parameters hold.
func InAddress(text string) []string {
	var all []string
	add := func(s string) {
		if len(s) >= shortestPart && !Usual(s) {
			all = append(all, s)
		}
	}
	if _, rest, ok := strings.Cut(text, "://"); ok {
		authority, _, _ := strings.Cut(rest, "/")
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			_, password, _ := strings.Cut(authority[:i], ":")
			if plain, err := url.PathUnescape(password); err == nil {
				password = plain
			}
			add(password)
		}
	}
	_, query, _ := strings.Cut(text, "?")
	for pair := range strings.SplitSeq(query, "&") {
		name, v, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(v); err == nil && Telling(name) && !strings.Contains(v, "{{") {
			add(plain)
		}
	}
	return all
}

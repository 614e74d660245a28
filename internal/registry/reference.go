package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Reference is how a user names a connector.
type Reference struct {
	// Name is that of the registry, such as source-pokeapi; for an address, the address without its
	// query, of which only a checksum stays: there may be a secret in it.
	Name string
	// Version is the one that is asked for; empty: the locked one, else the newest.
	Version string

	address string // of a manifest; empty: the connector is in the registry
}

const longest = 128 // characters of a name or a version

var (
	namePattern    = regexp.MustCompile(`^[a-z0-9]+([-_][a-z0-9]+)*$`)
	versionPattern = regexp.MustCompile(`^[0-9A-Za-z]+([.+_-][0-9A-Za-z]+)*$`)
)

func isName(s string) bool    { return len(s) <= longest && namePattern.MatchString(s) }
func isVersion(s string) bool { return len(s) <= longest && versionPattern.MatchString(s) }

// IsReference reports whether a text names a connector rather than a file: it is an address, or
// begins as the names of connectors do.
func IsReference(text string) bool {
	return strings.Contains(text, "://") || strings.HasPrefix(text, "source-") && !strings.ContainsAny(text, `/\`) && !hasEnding(text)
}

// hasEnding reports whether a name ends as those of files do. The dots of a version are no ending.
func hasEnding(text string) bool {
	for _, ending := range []string{".yaml", ".yml", ".json"} {
		if strings.HasSuffix(text, ending) {
			return true
		}
	}
	return false
}

// ParseReference reads NAME, NAME@VERSION or an http or https address. The version "latest" is the
// same as none, and a v before a version is left out.
func ParseReference(text string) (Reference, error) {
	if strings.Contains(text, "://") {
		return parseAddress(text)
	}
	name, version, given := strings.Cut(text, "@")
	version = strings.TrimPrefix(version, "v")
	switch {
	case strings.HasPrefix(name, "destination-"):
		return Reference{}, fmt.Errorf("%s is a destination: anytap reads sources, and writes into any Singer target or Airbyte destination", name)
	case !isName(name):
		return Reference{}, fmt.Errorf("%q is no name of a connector, expected one such as source-pokeapi", name)
	case given && !isVersion(version):
		return Reference{}, fmt.Errorf("%q names no version, expected for example %s@1.2.3", text, name)
	case version == "latest":
		version = ""
	}
	return Reference{Name: name, Version: version}, nil
}

func parseAddress(text string) (Reference, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // without the address, which may have a token
		}
		return Reference{}, fmt.Errorf("the manifest's address can not be read: %w", err)
	case u.Scheme != "http" && u.Scheme != "https":
		return Reference{}, fmt.Errorf("a manifest's address begins with http:// or https://, not %s://; a file is given by its path alone", u.Scheme)
	case u.Host == "":
		return Reference{}, fmt.Errorf("the manifest's address names no host")
	case u.User != nil:
		return Reference{}, fmt.Errorf("the manifest's address (%s) holds credentials, which are not sent: fetch the file yourself and give its path", u.Host)
	}
	u.Fragment = ""
	ref := Reference{address: u.String()}
	if u.RawQuery != "" {
		u.RawQuery = "sha256=" + sum([]byte(u.RawQuery))[:16]
	}
	ref.Name = u.String()
	return ref, nil
}

// IsAddress reports whether the reference is an address, which is in no registry.
func (r Reference) IsAddress() bool { return r.address != "" }

// String is the reference as it can be shown.
func (r Reference) String() string { return title(r.Name, r.Version) }

func title(name, version string) string {
	if version == "" {
		return name
	}
	return name + "@" + version
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

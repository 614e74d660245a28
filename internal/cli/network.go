package cli

import (
	"net/http"
	"os"

	"github.com/spf13/pflag"

	"anytap/internal/rest/exchange"
)

// networkFlags are the flags that say where requests may go, and how, each with its variable, for
// those who start programs without saying with which arguments. They are no settings of a
// configuration, which may be a stranger's.
var networkFlags = map[string]string{
	"allow-hosts":           "ANYTAP_ALLOW_HOSTS",
	"deny-private-networks": "ANYTAP_DENY_PRIVATE_NETWORKS",
	"ca-cert":               "ANYTAP_CA_CERT",
	"client-cert":           "ANYTAP_CLIENT_CERT",
	"client-key":            "ANYTAP_CLIENT_KEY",
}

func (c *call) addNetworkFlags(f *pflag.FlagSet) {
	n := &c.network
	f.StringSliceVar(&n.AllowHosts, "allow-hosts", nil, "only hosts that may be asked, such as api.example.com,*.example.org; whatever answers and redirects say")
	f.BoolVar(&n.DenyPrivate, "deny-private-networks", false, "ask no host of a private network, nor this machine, nor a cloud's metadata")
	f.StringVar(&n.CACert, "ca-cert", "", "file of authorities (PEM) that are trusted besides the system's")
	f.StringVar(&n.ClientCert, "client-cert", "", "file of the certificate (PEM) that the configured hosts are shown")
	f.StringVar(&n.ClientKey, "client-key", "", "file of its key (PEM), if that is not in the same file")
}

// readNetwork takes what no flag says from the environment, and refuses what can not be meant.
func (c *call) readNetwork(f *pflag.FlagSet) error {
	from := map[string]string{}
	for name, variable := range networkFlags {
		from[name] = "--" + name
		text := os.Getenv(variable)
		if f.Changed(name) || text == "" {
			continue
		}
		from[name] = variable
		if err := f.Lookup(name).Value.Set(text); err != nil {
			return usage("%s is %q, expected %s", variable, text, map[bool]string{true: "true or false", false: "hosts with commas between"}[name == "deny-private-networks"])
		}
	}
	n := &c.network
	n.By = func(flag string) string { return from[flag] }
	for _, host := range n.AllowHosts {
		if _, err := exchange.ParseHostPattern(host); err != nil {
			return usage("%s: %v", from["allow-hosts"], err)
		}
	}
	switch {
	case n.AllowHosts != nil && len(n.AllowHosts) == 0:
		return usage("%s names no host", from["allow-hosts"])
	case n.ClientKey != "" && n.ClientCert == "":
		return usage("%s is given without --client-cert, the certificate that it belongs to", from["client-key"])
	}
	return nil
}

// transport makes the connections of a run.
func (c *call) transport() (http.RoundTripper, error) { return c.network.Transport() }

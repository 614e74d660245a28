package requester

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"anytap/internal/manifest"
	"anytap/internal/value"
)

var (
	// reference is where a template names the configuration.
	reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bconfig\b`) })
	// member is what follows if it takes a member by its name.
	member = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*(?:\[\s*\\?['"]\w+\\?['"]\s*\]|\.get\(\s*\\?['"]\w+\\?['"]|\.\w+\b[^(])`)
	})
	// parameter is where a template names the parameters of its component.
	parameter = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bparameters\b`) })
)

// accountOf says whose credentials an authenticator has: by its definition, and by what that names
// of the configuration. The tokens that it gets do not matter. See exchange.Setup.
func accountOf(c *manifest.Compiler, n *manifest.Node) func() string {
	definition := n.Value()
	config, table := c.Config, c.Table
	return sync.OnceValue(func() string {
		text := value.AppendSorted(nil, withoutParameters(table, definition))
		if parameter().Match(text) {
			text = value.AppendSorted(nil, definition)
		}
		if config == nil {
			return string(text)
		}
		used := value.NewDict(config.Len())
		whole := namesAll(string(text))
		for key, v := range config.AllKeys() {
			if whole || strings.Contains(string(text), value.Str(key)) {
				used.SetKey(key, v)
			}
		}
		return string(value.AppendSorted(text, used))
	})
}

// namesAll reports whether a definition uses the configuration in another way than by names of
// members.
func namesAll(text string) bool {
	for _, at := range reference().FindAllStringIndex(text, -1) {
		if !member().MatchString(text[at[1]:]) {
			return true
		}
	}
	return false
}

// withoutParameters is a definition without what streams hand down to it, which differs between
// those that share an authenticator: $parameters, and what they set that is no field of its type.
func withoutParameters(table manifest.Table, v any) any {
	switch v := v.(type) {
	case *value.Dict:
		handed := value.Member[*value.Dict](v, "$parameters")
		out := value.NewDict(v.Len())
		for key, item := range v.AllKeys() {
			if key == "$parameters" {
				continue
			}
			if handed != nil {
				if _, ok := handed.GetKey(key); ok && !isField(table, value.Member[string](v, "type"), value.Str(key)) {
					continue
				}
			}
			out.SetKey(key, withoutParameters(table, item))
		}
		return out
	case *value.List:
		items := make([]any, 0, v.Len())
		for _, item := range v.All() {
			items = append(items, withoutParameters(table, item))
		}
		return value.NewList(items...)
	}
	return v
}

// isField reports whether a component of a type has a field of a name. Of an unknown type, all are.
func isField(table manifest.Table, typ, name string) bool {
	entry, known := table[typ]
	return !known || entry.Definition == nil || name == "type" ||
		slices.ContainsFunc(manifest.Describe(entry.Definition()), func(f manifest.Field) bool { return f.Name == name })
}

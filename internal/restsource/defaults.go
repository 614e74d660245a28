package restsource

import (
	"strings"

	"anytap/internal/value"
)

// mergedMembers are the settings of a stream whose members are merged with those of defaults, one
// by one; pagination too, if its type is the same. Of all others the stream's own counts.
var mergedMembers = map[string]bool{"params": true, "headers": true, "form": true}

// WithDefaults returns a configuration whose streams have the settings of its defaults, for all
// that they do not set themselves. The configuration stays as it is.
func WithDefaults(config *value.Dict) *value.Dict {
	defaults := dict(config, "defaults")
	if defaults == nil {
		return config
	}
	streams := value.NewList()
	for _, item := range list(config, "streams").All() {
		if s, ok := item.(*value.Dict); ok {
			item, _ = merged(defaults, s)
		}
		streams.Append(item)
	}
	config = config.Clone()
	config.Set("streams", streams)
	return config
}

// merged returns a stream with its defaults, and the paths of what comes from them.
func merged(defaults, s *value.Dict) (out *value.Dict, inherited [][]string) {
	if defaults == nil {
		return s, nil
	}
	out = s.Clone()
	for name, fallback := range defaults.All() {
		own, given := s.Get(name)
		switch {
		case !given || own == nil:
			out.Set(name, value.Clone(fallback))
			inherited = append(inherited, []string{name})
		case mergedMembers[name] || name == "pagination" && sameType(own, fallback):
			members, _ := own.(*value.Dict)
			fallbacks, _ := fallback.(*value.Dict)
			if members == nil || fallbacks == nil {
				continue
			}
			both := fallbacks.Clone()
			for member := range fallbacks.All() {
				if _, ok := members.Get(member); !ok {
					inherited = append(inherited, []string{name, member})
				}
			}
			for member, v := range members.All() {
				both.Set(member, v)
			}
			out.Set(name, both)
		}
	}
	return out, inherited
}

// sameType reports whether a pagination leaves out its type or has that of the default.
func sameType(own, fallback any) bool {
	kind, given := value.At(own, "type")
	other, _ := value.At(fallback, "type")
	return !given || value.Equal(kind, other)
}

// movesOf are pairs of template expressions: where a stream's template looks for what comes from
// defaults, and where that stands. at is the expression of the stream.
func movesOf(at string, inherited [][]string) []string {
	var moves []string
	for _, path := range inherited {
		member := ""
		for _, name := range path {
			member += "[" + value.Repr(name) + "]"
		}
		moves = append(moves, at+member, "config['defaults']"+member)
	}
	return moves
}

// replaced returns a value with replacements in all of its texts but names.
func replaced(v any, r *strings.Replacer) any {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case *value.Dict:
		out := value.NewDict(v.Len())
		for name, member := range v.All() {
			out.Set(name, replaced(member, r))
		}
		return out
	case *value.List:
		out := value.NewList()
		for _, item := range v.All() {
			out.Append(replaced(item, r))
		}
		return out
	}
	return v
}

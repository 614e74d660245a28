package paginator

import (
	"strings"

	"anytap/internal/value"
)

// links reads a Link header as Python's requests library does: an entry for each address, by its
// rel, or by the address where it has none.
func links(header string) *value.Dict {
	const around = " '\""
	out := value.NewDict(2)
	header = strings.Trim(header, around)
	for header != "" {
		var entry string
		entry, header = cutLink(header)
		address, params, _ := strings.Cut(entry, ";")
		link := value.DictOf("url", strings.Trim(address, "<> '\""))
		for param := range strings.SplitSeq(params, ";") {
			name, v, ok := strings.Cut(param, "=")
			if !ok || strings.Contains(v, "=") {
				break
			}
			link.Set(strings.Trim(name, around), strings.Trim(v, around))
		}
		name, _ := link.Get("rel")
		if !value.Truth(name) {
			name, _ = link.Get("url")
		}
		out.Set(value.Str(name), link)
	}
	return out
}

// cutLink cuts a header at the comma before the next address.
func cutLink(header string) (entry, rest string) {
	for i := 0; i < len(header); i++ {
		if header[i] != ',' {
			continue
		}
		behind := strings.TrimLeft(header[i+1:], " ")
		if strings.HasPrefix(behind, "<") {
			return header[:i], behind[1:]
		}
	}
	return header, ""
}

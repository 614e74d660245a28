package paginator

import (
	"strings"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// relations gives the addresses of Link headers by their relations, of several with one relation
// the first.
func relations(links []rest.Link) *value.Dict {
	out := value.NewDict(len(links))
	for _, l := range links {
		for _, rel := range l.Rel {
			if _, twice := out.Get(rel); !twice {
				out.Set(rel, value.DictOf("url", l.URL, "rel", rel))
			}
		}
	}
	return out
}

// links reads a Link header as Python's requests library does, which manifests are written for: an
// entry for each address, by its rel, or by the address where it has none. What that library can
// not read, such as rel="next last", stays unread.
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

package ways

import (
	"slices"
	"strings"

	"anytap/internal/rest/signs"
)

// sizeNames are parameters that carry the size of a page, and those that may carry its place beside
// them.
var sizeNames = map[string][]string{
	"limit": {"offset", "page", "skip"}, "perpage": {"page"}, "pagesize": {"page", "pageNumber"}, "size": {"page", "from"},
	"count": {"startIndex", "offset", "page"}, "maxresults": {"startAt", "startIndex"}, "top": {"$skip"}, "rows": {"start", "page"},
	"itemsperpage": {"page", "startIndex"}, "take": {"skip"}, "max": {"first", "offset", "page"}, "pagelimit": {"page[offset]", "page"},
	"first": {"after", "offset", "skip"}, "num": {"start"}, "n": {"last"}, "resultsperpage": {"page"}, "pagelen": {"page"},
}

func isSizeName(name string) bool { return len(sizeNames[signs.Plain(name)]) > 0 }

// tokenParams are the parameters that may carry a token, by the name under which the answer has it.
var tokenParams = map[string][]string{
	"nextcursor": {"cursor", "next_cursor", "start_cursor", "after", "nextCursor"}, "nextpagecursor": {"cursor", "page_cursor", "pageCursor"},
	"nextpagetoken": {"page_token", "pageToken"}, "nexttoken": {"next_token", "nextToken", "token", "page_token"},
	"continuationtoken": {"continuationToken", "continuation_token", "continuation"}, "continuation": {"continuation"},
	"nextcontinuationtoken": {"continuation-token", "continuationToken"}, "nextmarker": {"marker"}, "marker": {"marker"},
	"nextpage": {"page", "next_page", "cursor"}, "nextpagenumber": {"page"}, "nextpageno": {"page"}, "nextpageid": {"page_id", "pageId", "page"},
	"nextoffset": {"offset", "skip", "start"}, "nextstart": {"start"}, "nextstartindex": {"startIndex"}, "nextstartat": {"startAt"},
	"next": {"cursor", "next", "after", "page", "offset", "start", "token"}, "endcursor": {"after", "cursor"}, "after": {"after", "page[after]"},
	"cursor": {"cursor", "page[cursor]"}, "scrollid": {"scroll_id", "scrollId"}, "bookmark": {"bookmark"}, "pagetoken": {"page_token", "pageToken"},
	"offset": {"offset"}, "resumptiontoken": {"resumptionToken"}, "nextbatch": {"from", "since", "next_batch"}, "nextid": {"from_id", "since_id", "start"},
	"nextkey": {"key", "start_key", "startKey"}, "lastkey": {"start_key", "startKey", "after"}, "lastid": {"last_id", "after", "starting_after"},
	"lastevaluatedkey": {"exclusive_start_key", "ExclusiveStartKey"}, "startingafter": {"starting_after"}, "nextposition": {"position", "start_position"},
	"searchafter": {"search_after"}, "nextpagestart": {"start"}, "pagingtoken": {"paging_token", "cursor"}, "nextmaxid": {"max_id"}, "page": {"page"},
	"number": {"page", "page[number]"}, "start": {"start"}, "token": {"token", "page_token", "cursor"},
}

// usualTokens are tried where the name of a token says nothing.
var usualTokens = []string{"cursor", "after", "page_token", "pageToken", "next", "token", "continuation", "starting_after", "offset", "start", "page"}

// mostNames is how many parameters are tried for one token or number.
const mostNames = 16

// paramsForToken lists the parameters that may carry a token, the likeliest first. name is the last
// of the answer's path to it, or the header that has it.
func paramsForToken(name string, header bool) []string {
	if header {
		name = headerName(name)
	}
	names := slices.Clone(tokenParams[signs.Plain(name)])
	names = inStyle(names, name)
	if bare := withoutNext(name); bare != "" {
		names = append(names, bare)
	}
	if signs.Plain(name) != "next" {
		names = append(names, name)
	}
	names = append(names, usualTokens...)
	return firsts(names)
}

// goesWith reports whether a parameter's name is one for a token that the answer has under a name.
func goesWith(name, param string) bool {
	return param == withoutNext(name) || slices.Contains(tokenParams[signs.Plain(name)], param)
}

// headerName is a header's name as that of a token: without what vendors put before it.
func headerName(header string) string {
	parts := strings.Split(strings.TrimPrefix(strings.ToLower(header), "x-"), "-")
	for i := range parts {
		if name := strings.Join(parts[i:], "_"); tokenParams[signs.Plain(name)] != nil {
			return name
		}
	}
	return strings.Join(parts, "_")
}

// inStyle puts those names first that are spelled in the style of the answer's own name.
func inStyle(names []string, like string) []string {
	if like == "" {
		return names
	}
	camel := strings.ToLower(like[:1]) == like[:1] && strings.ToLower(like) != like && !strings.Contains(like, "_")
	slices.SortStableFunc(names, func(a, b string) int {
		fits := func(s string) int {
			if signs.Plain(s) == strings.ToLower(s) && strings.ToLower(s) == s {
				return 0 // one word
			}
			if camel == (strings.ToLower(s) != s) {
				return 0
			}
			return 1
		}
		return fits(a) - fits(b)
	})
	return names
}

// withoutNext is "cursor" for "nextCursor" and "next_cursor"; empty for a name without "next".
func withoutNext(name string) string {
	rest, ok := strings.CutPrefix(name, "next")
	if !ok {
		if rest, ok = strings.CutPrefix(name, "Next"); !ok {
			return ""
		}
	}
	rest = strings.TrimLeft(rest, "_-")
	if rest == "" {
		return ""
	}
	return strings.ToLower(rest[:1]) + rest[1:]
}

// firsts are the names, each once, and not too many.
func firsts(names []string) []string {
	var out []string
	for _, name := range names {
		if name != "" && !slices.Contains(out, name) && len(out) < mostNames {
			out = append(out, name)
		}
	}
	return out
}

// pageNames and offsetNames are the usual parameters of numbers.
var (
	pageNames   = []string{"page", "pageNumber", "page_number", "page[number]", "pageNo", "p", "_page", "__page", "paged"}
	offsetNames = []string{"offset", "skip", "start", "$skip", "startIndex", "startAt", "from", "page[offset]", "start_index", "_start"}
)

// paramsForPage lists the parameters that may carry the page's number, by the answer's path to it.
func paramsForPage(path []string) []string {
	var names []string
	if len(path) > 0 {
		own := path[len(path)-1]
		switch signs.Plain(own) {
		case "currentpage", "thispage", "pagecurrent":
			names = append(names, "page", own)
		case "number":
			names = append(names, "page")
			if len(path) > 1 && signs.Plain(path[len(path)-2]) == "page" {
				names = append(names, "page[number]")
			}
		default:
			names = append(names, own, "page")
		}
	}
	return firsts(append(names, pageNames...))
}

// paramsForOffset lists those of the number of the first record.
func paramsForOffset(path []string) []string {
	var names []string
	if len(path) > 0 {
		names = append(names, path[len(path)-1])
	}
	return firsts(append(names, offsetNames...))
}

// fieldParams are the parameters that may carry a value of the last record.
var fieldParams = []string{"starting_after", "after", "after_id", "since_id", "from_id", "last_id", "cursor", "since"}

package exchange

import (
	"bytes"
	"net/http"
	"strings"

	"anytap/internal/rawjson"
	"anytap/internal/rest"
)

// keepable says whether an answer may be given again: a whole one with status 200, and where JSON
// is asked for, no other.
func (c *Client) keepable(r *rest.Response) bool {
	body, held := r.Held()
	if r.Status != http.StatusOK || !held {
		return false
	}
	if !c.settings.StrictJSON || !saysJSON(r.Header) || len(bytes.TrimSpace(body)) == 0 {
		return true
	}
	_, _, err := rawjson.Trim(body, true)
	return err == nil
}

func saysJSON(h http.Header) bool { return strings.Contains(h.Get("Content-Type"), "json") }

// strict makes a fault of an accepted answer that calls itself JSON but does not begin and end like
// it, where the run wants that. What is broken inside is found by the decoder, without a look of
// our own at every byte.
func (x *Endpoint) strict(s *sent) {
	if !x.client.settings.StrictJSON || !s.OK() || s.rest != nil || !saysJSON(s.Header) {
		return
	}
	body := bytes.TrimSpace(s.Held())
	if len(body) == 0 {
		return
	}
	if !beginsAsJSON(body) {
		s.Answer = rest.Answer{Err: rest.NotJSON(s.Status, s.Header, body)}
	}
}

// beginsAsJSON reports whether a text without white space around it begins and ends as JSON does.
func beginsAsJSON(text []byte) bool {
	first, last := text[0], text[len(text)-1]
	return first == '{' && last == '}' || first == '[' && last == ']' || first == '"' && last == '"' ||
		bytes.IndexByte([]byte("-0123456789tfn"), first) >= 0
}

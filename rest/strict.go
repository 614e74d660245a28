package rest

import (
	"bytes"
	"errors"
	"strings"
)

var errNotJSON = errors.New("the answer says it is JSON and is not, or it was cut")

// strict makes a fault of an accepted answer that calls itself JSON but does not begin and end like it, where the run wants that. What is
// broken inside is found by the decoder, which can ask for the answer again.
func (x *Exchange) strict(s *sent) {
	if !x.client.settings.StrictJSON || !s.OK() || s.rest != nil || !strings.Contains(s.Header.Get("Content-Type"), "json") {
		return
	}
	body := bytes.TrimSpace(s.body)
	if len(body) == 0 {
		return
	}
	first, last := body[0], body[len(body)-1]
	ok := first == '{' && last == '}' || first == '[' && last == ']' || first == '"' && last == '"' ||
		bytes.IndexByte([]byte("-0123456789tfn"), first) >= 0
	if !ok {
		s.Answer = Answer{Err: &Fault{Undecodable, errNotJSON}}
	}
}

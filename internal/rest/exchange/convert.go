package exchange

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"anytap/internal/rest"
)

// convert makes JSON of the body of a success that is in another format. One that can not be read
// is a fault.
func (x *Endpoint) convert(s *sent) {
	if x.Convert == nil || s.Err != nil || s.Status >= http.StatusMultipleChoices {
		return
	}
	kind := s.Header.Get("Content-Type")
	if s.rest != nil {
		s.readFrom(x.Convert.Stream(kind, s.rest))
		s.saysJSON(kind, nil)
		return
	}
	body := s.Held()
	made, err := x.Convert.Convert(kind, body)
	if err != nil {
		s.release()
		if _, named := errors.AsType[*rest.Fault](err); !named {
			err = &rest.Fault{Kind: rest.Undecodable, Err: err}
		}
		*s = sent{Answer: rest.Answer{Err: err}}
		return
	}
	if len(made) == len(body) && (len(made) == 0 || &made[0] == &body[0]) {
		return
	}
	if text := bytes.TrimSpace(made); len(text) > 0 && !beginsAsJSON(text) {
		err := rest.NotJSON(s.Status, s.Header, made)
		s.release()
		*s = sent{Answer: rest.Answer{Err: err}}
		return
	}
	s.saysJSON(kind, body)
	s.release()
	s.Hold(made)
}

// saysJSON changes the header: the body is JSON in UTF-8 now. kind and head are those of the body
// as it came.
func (s *sent) saysJSON(kind string, head []byte) {
	made := "application/json"
	if strings.Contains(kind, "xml") || bytes.HasPrefix(bytes.TrimSpace(head), []byte("<")) {
		made = rest.JSONOfXML
	}
	s.Header = s.Header.Clone()
	s.Header.Set("Content-Type", made)
}

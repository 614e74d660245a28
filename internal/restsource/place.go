package restsource

import (
	"fmt"

	"anytap/internal/value"
)

// placeOf returns the part of a request, as a RequestOption names it, for what a setting of the
// stream s says: query, header or body.
func placeOf(s *value.Dict, in string) (string, error) {
	switch in {
	case "header":
		return "header", nil
	case "body":
		if has(s, "form") {
			return "body_data", nil
		}
		if body, ok := s.Get("body"); ok {
			if _, isText := body.(string); isText {
				return "", fmt.Errorf("in is body, but the stream's body is a text, expected an object or a form")
			}
		}
		return "body_json", nil
	}
	return "request_parameter", nil
}

// optionAt returns the RequestOption of a field in a part of a request. In a JSON body the name is
// the path to the field.
func optionAt(place, name string) (*value.Dict, error) {
	if place != "body_json" {
		return option(place, name), nil
	}
	path, err := value.ParsePath(name)
	if err != nil {
		return nil, err
	}
	names := value.NewList()
	for _, name := range path.Names() {
		names.Append(exact(name))
	}
	return value.DictOf("type", "RequestOption", "inject_into", place, "field_path", names), nil
}

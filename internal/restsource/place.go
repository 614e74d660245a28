package restsource

import (
	"cmp"
	"fmt"

	"anytap/internal/value"
)

// places are the parts of a request that settings name, as RequestOptions call them.
var places = map[string]string{"query": "request_parameter", "header": "header", "body": "body_json"}

// placeOf returns the part of a request for what a setting of the stream s says: query, header or
// body; query by default. An error lacks the name of the setting.
func placeOf(s *value.Dict, in string) (string, error) {
	place, ok := places[cmp.Or(in, "query")]
	switch {
	case !ok:
		return "", fmt.Errorf("is %q, expected query, header or body", in)
	case in != "body":
		return place, nil
	case has(s, "form"):
		return "body_data", nil
	}
	if _, isText := value.Member[any](s, "body").(string); isText {
		return "", fmt.Errorf("is body, but the stream's body is a text, expected an object or a form")
	}
	return place, nil
}

// optionAt returns the RequestOption of a field in a part of a request. In a JSON body the name is
// the path to the field.
func optionAt(place string, name any) (*value.Dict, error) {
	if place != places["body"] {
		return option(place, value.Str(name)), nil
	}
	path, err := value.PathOf(name)
	if err != nil {
		return nil, err
	}
	return value.DictOf("type", "RequestOption", "inject_into", place, "field_path", exactTexts(path.Names())), nil
}

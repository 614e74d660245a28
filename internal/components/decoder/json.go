package decoder

import (
	"errors"
	"io"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// jsonDefinition configures a decoder of answers that are one JSON text; it becomes a
// [rest.JSONDecoder].
//
//	type: JsonDecoder
type jsonDefinition struct{}

func buildJSON(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def jsonDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	rt, _ := manifest.Service[*rest.Runtime](c)
	return rest.NewJSONDecoder(rt), nil
}

// jsonParser reads one JSON text inside another decoder. Unlike a JsonDecoder that stands alone, it
// fails on a text that is no JSON.
type jsonParser struct{}

var errNotJSON = errors.New("the answer's JSON can not be parsed")

func (jsonParser) parse(in io.Reader, emit func(any) bool) error {
	body, err := rest.ReadBody(in)
	if err != nil {
		return err
	}
	v, ok := rest.ParseJSON(body)
	if !ok {
		return errNotJSON
	}
	for v := range rest.JSONValues(v) {
		if !emit(v) {
			break
		}
	}
	return nil
}

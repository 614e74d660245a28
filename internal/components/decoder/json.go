package decoder

import (
	"errors"
	"io"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// JsonDecoder reads an answer that is one JSON text. See rest.JSONDecoder for what it gives.
//
//	decoder:
//	  type: JsonDecoder

type jsonDefinition struct{}

func buildJSON(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def jsonDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	rt, _ := manifest.Service[*rest.Runtime](c)
	return rest.NewJSONDecoder(rt), nil
}

// jsonParser reads one JSON text inside another decoder. Unlike a JsonDecoder of its own it fails on what is
// no JSON.
type jsonParser struct{}

var errNotJSON = errors.New("the answer's JSON can not be parsed")

func (jsonParser) parse(in io.Reader, emit func(any) bool) error {
	body, err := readAll(in, "a JSON text")
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

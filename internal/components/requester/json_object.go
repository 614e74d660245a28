package requester

import "anytap/internal/manifest"

// JSONObjectDefinition configures a body that is JSON.
//
//	type: RequestBodyJsonObject
//	value: {filter: {from: "{{ stream_interval.start_time }}"}}
type JSONObjectDefinition struct {
	Value *manifest.Node `manifest:"value,required,is=object" doc:"The body, with templates at any depth."`
}

func buildJSONObject(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def JSONObjectDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	json, err := newJSONInput(c, def.Value)
	return content{json: json}, err
}

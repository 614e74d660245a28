package requester

import "anytap/internal/manifest"

// PlainTextDefinition configures a body that is text.
//
//	type: RequestBodyPlainText
//	value: "from={{ stream_interval.start_time }}"
type PlainTextDefinition struct {
	Value *manifest.Node `manifest:"value,required,is=string" doc:"The body."`
}

func buildPlainText(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def PlainTextDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	data, err := newInput(c, def.Value, "")
	return content{data: data}, err
}

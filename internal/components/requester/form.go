package requester

import "anytap/internal/manifest"

// FormDefinition configures a body that is a URL-encoded form.
//
//	type: RequestBodyUrlEncodedForm
//	value: {from: "{{ stream_interval.start_time }}"}
type FormDefinition struct {
	Value *manifest.Node `manifest:"value,required,is={string}" doc:"The form's fields."`
}

func buildForm(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def FormDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	data, err := newInput(c, def.Value, "", templateTypes...)
	return content{data: data}, err
}

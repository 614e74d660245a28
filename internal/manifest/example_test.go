package manifest_test

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// requester is a component as it runs.
type requester struct{ path *jinja.String }

// requesterDefinition are the fields of
//
//	type: Requester
//	path: /orders
//	http_method: POST
type requesterDefinition struct {
	Path   *jinja.String `manifest:"path,required" doc:"Where to send the request."`
	Method string        `manifest:"http_method,enum=GET|POST,default=GET"`
}

func buildRequester(c *manifest.Compiler, n *manifest.Node) (*requester, error) {
	var def requesterDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &requester{path: def.Path}, nil
}

// table is all that this language knows.
var table = manifest.Table{
	"Requester": {Build: manifest.As(buildRequester), Definition: func() any { return requesterDefinition{} }},
}

// resolve reads a manifest's text.
func resolve(text string) (*manifest.Node, error) {
	root, err := manifest.Parse("manifest.yaml", []byte(text))
	if err != nil {
		return nil, err
	}
	return manifest.Resolve(root)
}

// A manifest becomes components: references are followed, parameters handed down, templates
// compiled.
func Example() {
	root, err := resolve(`
definitions:
  requester:
    type: Requester
    path: /{{ parameters['name'] }}?from={{ config['start'] }}
streams:
- $ref: '#/definitions/requester'
  $parameters:
    name: orders
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	c := manifest.NewCompiler(table, nil)
	r, err := manifest.Build[*requester](c, root.At("streams", "0"))
	if err != nil {
		fmt.Println(err)
		return
	}
	env := jinja.NewEnv(c.Now).Set("config", value.DictOf("start", "2024"))
	path, err := r.path.Text(env)
	fmt.Println(path, err)
	// Output: /orders?from=2024 <nil>
}

// Every mistake has its place in the file.
func ExampleDecode_problems() {
	root, err := resolve(`
streams:
- type: Requester
  http_method: PSOT
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = manifest.Build[*requester](manifest.NewCompiler(table, nil), root.At("streams", "0"))
	fmt.Println(err)
	// Output:
	// manifest.yaml:3:3: streams[0]: Requester needs the field "path" (text)
	// manifest.yaml:4:16: streams[0].http_method: expected one of GET, POST, found "PSOT", did you mean "POST"?
}

// Describe serves the generated documents.
func ExampleDescribe() {
	for _, f := range manifest.Describe(requesterDefinition{}) {
		fmt.Printf("%s: %s, required %t, default %q\n", f.Name, f.Shapes, f.Required, f.Default)
	}
	// Output:
	// path: string, required true, default ""
	// http_method: string, required false, default "GET"
}

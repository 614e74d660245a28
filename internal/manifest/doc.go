// Package manifest turns the text of a low-code manifest into components.
//
//	root, err := manifest.Parse("manifest.yaml", data) // or FromValue, for a manifest that came inside a config
//	root, err = manifest.Resolve(root)
//	c := manifest.NewCompiler(table, config)
//	err = manifest.Validate(c, root)
//	stream, err := manifest.Build[*tap.Stream](c, root.Get("streams").Items()[0])
//
// # The life of a node
//
//	parse.go          Parse reads the text (package yaml11 does it), FromValue a value. A Node is a place in it.
//	fromvalue.go      how values become nodes
//	document.go       what all nodes of a manifest have together; the limits
//	resolve.go        Resolve follows each "$ref: '#/…'" and "#/…"
//	refcheck.go       before that, all references are checked and what they unfold to is measured
//	note.go           what is remembered about a node of the text
//	params.go         the $parameters in force at a place
//	propagate.go      a component gets its type (default_types.go) and its $parameters, and hands them to its children
//	node.go value.go  a node is read: Get, Items, Members, At, Parameters, Value
//	check.go          Validate and Check hold it against the definition of its component type
//	definition.go     definitions are structs with tags, read once
//	shape.go limits.go  what a tag says about a field's value
//	decode.go         Decode fills a definition struct with the fields of a node
//	build.go          Build finds the component type in the Table and calls its Builder
//	compiler.go       the Compiler carries what builders need: the config, services, values handed down
//	rebuild.go        components that are made at run time
//	problem.go        Problems, with file, line, column and path
//
// The members of a node are made when they are asked for, so that streams that are not read cost
// nothing. A resolved Node is what the reference runtime has before it builds anything: each
// component has its $parameters, both as Parameters() and as the fields that it lacked.
//
// Parse, Resolve, Validate and Decode return Problems: each mistake once. Check adds warnings:
// unknown fields, templates that can not be compiled, Custom components.
//
// # A component's file
//
//	// offsetDefinition are the fields of
//	//
//	//	type: OffsetIncrement
//	//	page_size: 100
//	type offsetDefinition struct {
//		PageSize *jinja.String `manifest:"page_size,is=integer|string" doc:"Records a page."`
//		Inject   bool          `manifest:"inject_on_first_request"`
//	}
//
//	func buildOffset(c *manifest.Compiler, n *manifest.Node) (*Offset, error) {
//		var def offsetDefinition
//		if err := manifest.Decode(c, n, &def); err != nil {
//			return nil, err
//		}
//		…
//	}
//
//	// in the table
//	"OffsetIncrement": {Build: manifest.As(paginator.BuildOffset), Definition: func() any { return offsetDefinition{} }},
//
// The definition is the only place that says what the component may hold, and Validate goes by it.
// So its tags must say what the component schema says.
//
// # Tags
//
// `manifest:"name,option,…"`, with `doc:"…"` for the generated documents:
//
//	required          the field has to be there
//	is=SHAPES         what the field takes, when the Go type does not say it; see below
//	of=SHAPES         what the elements of []*Node, the members of []Member, or a *Node may be
//	single            of a list: one element may stand without the list
//	enum=A|B          the texts that are allowed
//	min=N above=N     a number is at least N, or more than N
//	minitems=N unique a list has at least N elements, all different
//	default=TEXT      the value when the field is absent. It is the last option. A list of text is written "a|b".
//
// SHAPES is one or more of these, separated by "|":
//
//	string integer number boolean object array null any   a JSON type
//	HttpRequester                                         a component, by its name in the table
//	[SHAPES]  {SHAPES}                                    a list, a map with names of its own
//
// The value of a field of type any is coerced by the first shape that takes it, as by the reference
// runtime's models: is=integer|string makes 10 of "10", and is=string|integer makes "10" of 10. In
// a component that was made at run time (see Node.Rebuild) all fields are coerced, since the
// component schema has not seen it.
//
// What Go types take without "is":
//
//	string, bool, int64, int, float64          text, boolean, whole number, number; pointers tell absent from zero
//	[]string, [][]string, []int64, …           lists of those
//	any                                        anything, as package value's values
//	*value.Dict, *value.List                   a map, a list, as values
//	*manifest.Node, []*manifest.Node           anything, to be built with Build or looked at
//	[]manifest.Member                          a map whose members have names of their own, in order
//	*jinja.String, *jinja.Bool                 text: a template, a condition, with the component's $parameters
//	*jinja.Mapping, *jinja.Nested              a map of templates; anything with templates inside
//	[]*jinja.String, [][]*jinja.String, …      lists of those
//	struct, *struct, []struct                  an object without a type of its own, with tags like these
//
// The tag of a blank field is about the whole component: `_ struct{} manifest:",option,…"`:
//
//	untyped           it has no type (Rate, HttpRequestRegexMatcher): build it with BuildAs
//	typeoptional      its type may be omitted (ConcurrencyLevel, AsyncJobStatusMap)
//	closed            unknown fields are errors
//	needs=a|b         one of these fields has to be there
//
// # What a builder gets from the Compiler
//
// Build, BuildAll, BuildOptional and BuildAs build child components. Config, Now, Log and Strict
// are the same for the whole run (WithConfig gives a compiler another config). Provide and Service
// share things between all components of a run. With and Scoped hand a value down to the children
// built with the returned compiler. Both go by Go type.
//
// A Custom component gives an *UnsupportedError with its class name, so that the streams that need
// it can be left out.
package manifest

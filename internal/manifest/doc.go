// Package manifest reads low-code manifests: YAML with positions, $ref, $parameters, and the compiler that walks it.
//
// # From text to components
//
//	root, err := manifest.Parse("manifest.yaml", data) // or FromValue, for one that came inside a config
//	root, err = manifest.Resolve(root)                 // references checked; the rest happens on demand
//	c := manifest.NewCompiler(table, config)
//	err = manifest.Validate(c, root)                   // what the component schema refuses, all of it at once
//	stream, err := manifest.Build[*tap.Stream](c, root.Get("streams").Items()[0])
//
// Parse, Resolve, Validate and Decode return Problems: each mistake once, with file, line, column and path. Check
// adds warnings: unknown fields, templates that can not be compiled, Custom components.
//
// A resolved Node is what the reference runtime has before it builds anything: references followed, types filled in,
// and each component's $parameters both as Parameters() and as the fields that the component lacked. Node.Get,
// Items, Members, Keys and At walk; Value gives package value's values; Problem makes an error with the node's place.
// Rebuild serves components resolvers, With replaces one member.
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
// The definition is the only statement of what the component may hold, so its tags must say what the component
// schema says: Validate refuses and lets pass by them.
//
// # Tags
//
// `manifest:"name,option,…"`, with `doc:"…"` for the generated documents:
//
//	required          the field has to be there
//	is=SHAPES         what may stand here, where the Go type does not say it all; see below
//	of=SHAPES         the same for the elements of []*Node and members of []Member; for a *Node, as is
//	single            on a list: one element may stand without the list
//	enum=A|B          the texts that are allowed
//	min=N above=N     bounds of a number: at least, more than
//	minitems=N unique of a list
//	default=TEXT      the value when the field is absent; takes the rest of the tag. Lists of text: "a|b"
//
// SHAPES is one or several of, separated by "|":
//
//	string integer number boolean object array null any   a JSON type
//	HttpRequester                                         a component, by its name in the table
//	[SHAPES]  {SHAPES}                                    a list, a map with names of its own
//
// A field of type any, string and so on gets its value as the reference runtime's models coerce it: by the first
// shape that takes it, so is=integer|string makes 10 of "10" and is=string|integer makes "10" of 10. In a node that was made at
// run time (see Rebuild) every field does so, since there nothing has been held against the language's schema before.
//
// Go types and what they take without is:
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
// A blank field speaks of the whole component: `_ struct{} manifest:",option,…"`:
//
//	untyped           the component schema gives it no type (Rate, HttpRequestRegexMatcher): build it with BuildAs
//	typeoptional      the type may be left out (ConcurrencyLevel, AsyncJobStatusMap)
//	closed            unknown fields are refused
//	needs=a|b         one of these fields has to be there
//
// # Compiler
//
// BuildAll and BuildOptional serve lists and fields that may be absent, BuildAs components without a type of their own.
// Config, Now, Log and Strict are the same for the whole run (WithConfig gives a compiler another config). Provide and Service share things between all
// components of a run, With and Scoped hand a value down to the children that are built with the returned compiler;
// both go by Go type. A Custom component gives an *UnsupportedError with its class name, so that the streams that
// need it can be left out.
package manifest

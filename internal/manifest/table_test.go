package manifest

import "anytap/internal/jinja"

// The components of the tests: a small language with one example of each kind of field.

type sourceDefinition struct {
	_       struct{} `manifest:",closed,needs=streams|dynamic_streams"`
	Type    string   `manifest:"type,required,enum=DeclarativeSource"`
	Version string   `manifest:"version,required"`
	Streams []*Node  `manifest:"streams,of=DeclarativeStream|CustomStream"`
	Dynamic []*Node  `manifest:"dynamic_streams"`
	Spec    *Node    `manifest:"spec,of=Spec"`
	Rest    any      `manifest:"definitions,is=object"`
}

type streamDefinition struct {
	Name        string          `manifest:"name" doc:"The stream's name."`
	PrimaryKey  any             `manifest:"primary_key,is=string|[string]|[[string]]"`
	Retriever   *Node           `manifest:"retriever,required,of=SimpleRetriever|CustomRetriever"`
	Transforms  []*Node         `manifest:"transformations,of=AddFields|CustomTransformation"`
	Routers     []*Node         `manifest:"partition_router,of=ListRouter|SimpleRetriever,single"`
	Path        *jinja.String   `manifest:"path"`
	PageSize    *jinja.String   `manifest:"page_size,is=integer|string"`
	Keys        []*jinja.String `manifest:"keys"`
	When        *jinja.Bool     `manifest:"condition"`
	Params      *jinja.Mapping  `manifest:"params"`
	Body        *jinja.Nested   `manifest:"body"`
	Incremental bool            `manifest:"incremental,default=true"`
}

type retrieverDefinition struct {
	Method  string   `manifest:"http_method,enum=GET|POST,default=GET"`
	Limit   any      `manifest:"limit,is=integer|string"`
	Start   any      `manifest:"start,is=string|integer"`
	Wait    any      `manifest:"wait,is=number|string,min=0"`
	Factor  float64  `manifest:"factor,above=1"`
	Tries   int64    `manifest:"tries,min=1,default=5"`
	Cache   *bool    `manifest:"use_cache"`
	Codes   []int64  `manifest:"http_codes,unique"`
	Matcher []*Node  `manifest:"matchers,of=Matcher,minitems=1"`
	Auth    []Member `manifest:"authenticators,of=SessionAuth|CustomAuthenticator"`
	Clamp   *struct {
		Target string         `manifest:"target,required"`
		Text   *jinja.String  `manifest:"text"`
		More   map[string]any `manifest:"-"`
	} `manifest:"clamping"`
	Headers *struct {
		_   struct{} `manifest:",closed"`
		Kid string   `manifest:"kid"`
	} `manifest:"jwt_headers"`
}

type addFieldsDefinition struct {
	Fields []*Node `manifest:"fields,required,of=AddedFieldDefinition"`
}

type addedFieldDefinition struct {
	_     struct{} `manifest:",typeoptional"`
	Path  []string `manifest:"path,required"`
	Value string   `manifest:"value,required"`
}

type matcherDefinition struct {
	_      struct{} `manifest:",untyped"`
	Method string   `manifest:"method"`
}

type emptyDefinition struct{}

func testTable() Table {
	return Table{
		"DeclarativeSource":    {Definition: func() any { return sourceDefinition{} }},
		"DeclarativeStream":    {Definition: func() any { return streamDefinition{} }, Build: As(buildTestStream)},
		"SimpleRetriever":      {Definition: func() any { return retrieverDefinition{} }, Build: As(buildTestRetriever)},
		"AddFields":            {Definition: func() any { return &addFieldsDefinition{} }},
		"AddedFieldDefinition": {Definition: func() any { return addedFieldDefinition{} }},
		"Matcher":              {Definition: func() any { return matcherDefinition{} }, Build: As(buildTestMatcher)},
		"ListRouter":           {Definition: func() any { return emptyDefinition{} }},
		"RangeRouter":          {Definition: func() any { return emptyDefinition{} }, Like: "ListRouter"},
		"Spec":                 {Definition: func() any { return emptyDefinition{} }},
		"SessionAuth":          {Definition: func() any { return emptyDefinition{} }, Type: "Session"},
	}
}

type (
	testStream struct {
		name      string
		retriever *testRetriever
	}
	testRetriever struct {
		method, stream string
	}
	testMatcher    string
	testStreamName string
)

func buildTestStream(c *Compiler, n *Node) (*testStream, error) {
	var def streamDefinition
	if err := Decode(c, n, &def); err != nil {
		return nil, err
	}
	r, err := Build[*testRetriever](With(c, testStreamName(def.Name)), def.Retriever)
	return &testStream{name: def.Name, retriever: r}, err
}

func buildTestRetriever(c *Compiler, n *Node) (*testRetriever, error) {
	var def retrieverDefinition
	if err := Decode(c, n, &def); err != nil {
		return nil, err
	}
	name, _ := Scoped[testStreamName](c)
	return &testRetriever{method: def.Method, stream: string(name)}, nil
}

func buildTestMatcher(c *Compiler, n *Node) (testMatcher, error) {
	var def matcherDefinition
	err := Decode(c, n, &def)
	return testMatcher(def.Method), err
}

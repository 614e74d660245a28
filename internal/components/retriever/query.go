package retriever

import (
	"anytap/internal/manifest"
	"anytap/internal/rest/paging"
)

// properties builds the query properties. They are one of the requester's parameters, or in one of
// two older fields.
func (b *builder) properties() error {
	requester := b.def.Requester
	endpoint := requester.Get("fetch_properties_from_endpoint")
	var inParameters []*manifest.Node
	for _, n := range requester.Get("request_parameters").Members() {
		if n.Type() == "QueryProperties" {
			inParameters = append(inParameters, n)
		}
	}
	var err error
	switch {
	case len(inParameters) > 0 && endpoint != nil:
		return endpoint.Problem("the properties come from a QueryProperties in request_parameters already: leave one of them out")
	case len(inParameters) > 1:
		return inParameters[1].Problem("request_parameters can have one QueryProperties, found %d", len(inParameters))
	case len(inParameters) == 1:
		b.loop.Properties, err = manifest.Build[paging.Properties](b.c, inParameters[0])
	case endpoint != nil:
		b.loop.Properties, err = manifest.Build[paging.Properties](b.c, endpoint)
	case requester.Get("query_properties") != nil:
		b.loop.Properties, err = manifest.Build[paging.Properties](b.c, requester.Get("query_properties"))
	}
	return err
}

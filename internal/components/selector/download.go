package selector

import (
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// buildDownload makes the selector of a download, which only extracts: of an extractor, or of a retriever that has none, for
// which the answer itself is the records.
func buildDownload(c *manifest.Compiler, n *manifest.Node) (rest.Selector, error) {
	scope, _ := manifest.Scoped[rest.Scope](c)
	s := &recordSelector{decoder: scope.Decoder}
	if s.decoder == nil {
		rt, _ := manifest.Service[*rest.Runtime](c)
		s.decoder = rest.NewJSONDecoder(rt)
	}
	if n.Type() == "AsyncRetriever" {
		s.extractor = &dpathExtractor{path: newPathOf(c, []*jinja.String{}), decoder: s.decoder}
	} else {
		var err error
		if s.extractor, err = manifest.Build[rest.Extractor](c, n); err != nil {
			return nil, err
		}
		countDropped(s.extractor)
	}
	s.page = pageCutter(s.extractor, s.decoder, scope.Looks)
	return s, nil
}

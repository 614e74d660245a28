package selector

import (
	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// buildDownload makes the selector of the downloads of an AsyncRetriever, which only extracts. n is
// its download_extractor, or the AsyncRetriever itself if it has none; then an answer as a whole is
// the records.
func buildDownload(c *manifest.Compiler, n *manifest.Node) (rest.Selector, error) {
	scope, _ := manifest.Scoped[contract.Scope](c)
	s := &recordSelector{decoder: decoderOf(c)}
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

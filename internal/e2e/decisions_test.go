package e2e

import (
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

func TestDebugSaysWhyListsEnd(t *testing.T) {
	t.Parallel()
	const manifest = `
version: 6.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [users]}
streams:
  - type: DeclarativeStream
    name: users
    retriever:
      type: SimpleRetriever
      requester: {type: HttpRequester, url_base: "{{ config['base_url'] }}", path: /users}
      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
      PAGINATOR
    schema_loader: {type: InlineSchemaLoader, schema: {type: object}}
spec:
  type: Spec
  connection_specification: {type: object, additionalProperties: true}
`
	paged := func(size string) string {
		return strings.Replace(manifest, "PAGINATOR", "paginator: {type: DefaultPaginator, pagination_strategy: {type: PageIncrement, start_from_page: 1, page_size: "+size+
			"}, page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: _page}, page_size_option: {type: RequestOption, inject_into: request_parameter, field_name: _limit}}", 1)
	}
	rest := func(stream map[string]any) map[string]any {
		stream["name"] = "posts"
		return map[string]any{"source": "rest", "streams": []any{stream}}
	}
	for name, test := range map[string]struct {
		system   sampleapi.System
		settings map[string]any
		manifest string
		args     []string
		want     []string
	}{
		"a total":            {sampleapi.JSONPlaceholder, nil, "", []string{"--streams", "todos"}, []string{"page=1 records=100 next=page 2 because=header X-Total-Count tells of 200 records, and 100 came", "the list ends stream=todos page=2 records=100 because=header X-Total-Count tells of 200 records, and all came"}},
		"a statement":        {sampleapi.Pullbay, map[string]any{"business_ids": []string{"b-1"}}, "", nil, []string{"because=pagination.has_more says that there is no more"}},
		"one page":           {sampleapi.JSONPlaceholder, rest(map[string]any{"path": "/posts/1", "pagination": map[string]any{"type": "none"}}), "", nil, []string{"because=the stream has one page"}},
		"a manifest's":       {sampleapi.JSONPlaceholder, nil, paged("4"), nil, []string{"page=first records=4 next=page 2 because=the paginator gives a next page", "page=3 records=2 because=the page is short: 2 of 4 records"}},
		"nothing is left":    {sampleapi.JSONPlaceholder, nil, paged("5"), nil, []string{"page=3 records=0 because=the page has no records"}},
		"without a strategy": {sampleapi.JSONPlaceholder, nil, strings.Replace(manifest, "PAGINATOR", "", 1), nil, []string{"because=the stream has no pagination"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, test.system, sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 3}}}, test.settings)
			args := append([]string{"--debug", "--config", s.file(t)}, test.args...)
			if test.manifest != "" {
				args = append(args, "--manifest-path", golden.TempFile(t, "manifest.yaml", test.manifest))
			}
			o := invoke(t, args...)
			for _, want := range test.want {
				if o.code != 0 || !strings.Contains(string(o.logs), want) {
					t.Errorf("exit code %d, no %q in\n%s", o.code, want, o.logs)
				}
			}
			quiet := invoke(t, args[1:]...)
			if strings.Contains(string(quiet.logs), "the list") {
				t.Errorf("said without --debug:\n%s", quiet.logs)
			}
		})
	}
}

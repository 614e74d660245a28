package paging

import (
	"net/http"
	"testing"

	"anytap/internal/rest"
)

func TestLastPage(t *testing.T) {
	byPage, byOffset := numbers{Counting: rest.Counting{Start: 1, Step: 1}}, numbers{Counting: rest.Counting{Start: 0, Step: 10}}
	tests := map[string]struct {
		body   string
		header []string
		n      numbers
		want   int64
	}{
		"nothing":                 {`{"data": []}`, nil, byPage, 0},
		"a bare list":             {`[]`, nil, byPage, 0},
		"total":                   {`{"total": 105}`, nil, byPage, 10},
		"total, all pages full":   {`{"total": 100}`, nil, byPage, 10},
		"offset":                  {`{"meta": {"total_count": 105}}`, nil, byOffset, 10},
		"two levels down":         {`{"meta": {"page": {"total-records": 31}}}`, nil, byPage, 3},
		"three levels down":       {`{"a": {"b": {"c": {"total": 31}}}}`, nil, byPage, 0},
		"outer before inner":      {`{"sums": {"total": 7000}, "Total": 31}`, nil, byPage, 3},
		"pages":                   {`{"paging": {"totalPages": 9}}`, nil, byPage, 8},
		"records rather than":     {`{"totalPages": 9, "totalElements": 90}`, nil, byPage, 9},
		"less than came":          {`{"total": 9}`, nil, byPage, 0},
		"pages, but no more":      {`{"total_pages": 1}`, nil, byPage, 0},
		"text":                    {`{"total": "105"}`, nil, byPage, 0},
		"inside a list":           {`{"data": [{"total": 105}]}`, nil, byPage, 0},
		"of a record":             {` [{"total": 105, "total_pages": 9}, {"total": 20}]`, nil, byPage, 0},
		"header":                  {`[]`, []string{"X-Total-Count", "105"}, byPage, 10},
		"header of pages":         {`[]`, []string{"X-Wp-Totalpages", "5"}, byPage, 4},
		"header, broken":          {`[]`, []string{"X-Total-Count", "many"}, byPage, 0},
		"link":                    {`[]`, []string{"Link", `<https://a.test/x?per=10&page=2>; rel="next", <https://a.test/x?per=10&page=34>; rel="last"`}, byPage, 33},
		"link of offsets":         {`[]`, []string{"Link", `<?offset=10>; rel=next, <?offset=330>; rel=last`}, byOffset, 33},
		"link without next":       {`[]`, []string{"Link", `<?page=34>; rel="last"`}, byPage, 0},
		"link to the same page":   {`[]`, []string{"Link", `<?page=2>; rel="next", <?page=2>; rel="last"`}, byPage, 0},
		"link with other numbers": {`[]`, []string{"Link", `<?offset=7>; rel="next", <?offset=30>; rel="last"`}, byOffset, 0},
		"link, broken":            {`[]`, []string{"Link", `<%zz>; rel="next", <; rel="last"`}, byPage, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := rest.NewResponse(200, http.Header{}, "", []byte(test.body))
			r.Value = func() (any, error) { return rest.TemplateValue(nil, r) }
			r.Extracted = 10
			if test.header != nil {
				r.Header.Set(test.header[0], test.header[1])
			}
			if got := lastPage(&page{response: r}, test.n, 0); got != test.want {
				t.Errorf("the last page is %d, expected %d", got, test.want)
			}
		})
	}
}

func FuzzLastLink(f *testing.F) {
	f.Add(`<?page=2>; rel="next", <?page=34>; rel="last"`)
	f.Add(`<a>;rel=last,<`)
	f.Fuzz(func(t *testing.T, header string) {
		if got := lastLink(http.Header{"Link": {header}}, numbers{Counting: rest.Counting{Start: 1, Step: 1}}); got < 0 {
			t.Errorf("the last page is %d", got)
		}
	})
}

package signs

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// answer makes an answer whose records lie at the path.
func answer(body string, headers []string, path ...string) *rest.Response {
	h := http.Header{}
	for _, line := range headers {
		name, v, _ := strings.Cut(line, ": ")
		h.Add(name, v)
	}
	r := rest.NewResponse(200, h, "", []byte(body))
	r.Found.Path = path
	r.Value = func() (any, error) {
		if v, ok := rest.ParseJSON([]byte(body)); ok {
			return v, nil
		}
		return value.NewDict(0), nil
	}
	return r
}

// shown is what was read, each sign as one word or two.
func shown(s Signs) string {
	var out []string
	weak := map[bool]string{true: "?", false: ""}
	for _, p := range s.Next {
		kind := "token"
		if p.Address {
			kind = "address"
		}
		if p.Value == nil {
			kind = "empty"
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s%s@%s %s", kind, weak[p.Weak], p.Place, value.Str(orEmpty(p.Value)))))
	}
	for _, f := range s.More {
		out = append(out, fmt.Sprintf("more%s@%s %t", weak[f.Weak], f.Place, f.More))
	}
	for i, counts := range [][]Count{s.Records, s.Pages} {
		for _, c := range counts {
			atLeast := map[bool]string{true: "+", false: ""}
			out = append(out, fmt.Sprintf("%s%s@%s %d%s", []string{"total", "pages"}[i], weak[c.Weak], c.Place, c.N, atLeast[c.AtLeast]))
		}
	}
	for i, n := range []Number{s.Size, s.Page, s.Offset} {
		if n.Known {
			out = append(out, fmt.Sprintf("%s@%s %d", []string{"size", "page", "offset"}[i], n.Place, n.N))
		}
	}
	if s.Fault != "" {
		out = append(out, "fault "+s.Fault)
	}
	return strings.Join(out, "; ")
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

type test struct {
	body    string
	headers []string
	records string // path
	want    string
}

var pointers = map[string]test{
	"none":                 {body: `{"data": []}`},
	"next address":         {body: `{"next": "https://a/x?page=2"}`, want: `address@next https://a/x?page=2`},
	"relative address":     {body: `{"next": "/x?page=2"}`, want: `address@next /x?page=2`},
	"no next":              {body: `{"next": null}`, want: `empty@next`},
	"an empty text":        {body: `{"next_cursor": ""}`, want: `empty@next_cursor`},
	"the text null":        {body: `{"next_cursor": "null"}`, want: `empty@next_cursor`},
	"false":                {body: `{"next": false}`, want: `empty@next`},
	"number":               {body: `{"next_page": 3}`, want: `token@next_page 3`},
	"number zero":          {body: `{"next_page": 0}`, want: `empty@next_page`},
	"OData":                {body: `{"@odata.nextLink": "https://a/x?$skiptoken=2", "@odata.count": 9, "value": []}`, want: `address@@odata.nextLink https://a/x?$skiptoken=2; total@@odata.count 9`},
	"OData 2":              {body: `{"d": {"results": [], "__next": "https://a?$skip=2", "__count": "130"}}`, records: "d.results", want: `address@d.__next https://a?$skip=2; total@d.__count 130`},
	"JSON:API":             {body: `{"links": {"self": "https://a?p=1", "next": "https://a?p=2"}}`, want: `address@links.next https://a?p=2`},
	"JSON:API, object":     {body: `{"links": {"next": {"href": "https://a?p=2"}}}`, want: `address@links.next.href https://a?p=2`},
	"HAL":                  {body: `{"_links": {"next": {"href": "/a?p=2"}}}`, want: `address@_links.next.href /a?p=2`},
	"list of links":        {body: `{"links": [{"rel": "self", "href": "a"}, {"rel": "next", "href": "https://a?p=2"}]}`, want: `address@links.1.href https://a?p=2`},
	"FHIR":                 {body: `{"link": [{"relation": "next", "url": "https://a?p=2"}], "total": 7}`, want: `address@link.0.url https://a?p=2; total@total 7`},
	"Slack":                {body: `{"response_metadata": {"next_cursor": "c2"}}`, want: `token@response_metadata.next_cursor c2`},
	"GraphQL":              {body: `{"data": {"shop": {"orders": {"nodes": [], "totalCount": 7, "pageInfo": {"hasNextPage": true, "endCursor": "e"}}}}}`, records: "data.shop.orders.nodes", want: `token?@data.shop.orders.pageInfo.endCursor e; more@data.shop.orders.pageInfo.hasNextPage true; total@data.shop.orders.totalCount 7`},
	"a level below data":   {body: `{"data": {"items": [], "nextToken": "t"}}`, records: "data.items", want: `token@data.nextToken t`},
	"HubSpot":              {body: `{"paging": {"next": {"after": "5", "link": "https://a?after=5"}}}`, want: `token@paging.next.after 5; address@paging.next.link https://a?after=5`},
	"Facebook, last page":  {body: `{"paging": {"cursors": {"before": "a", "after": "b"}}}`, want: `token?@paging.cursors.after b`},
	"MediaWiki":            {body: `{"continue": {"cmcontinue": "page|1", "continue": "-||"}}`, want: `token@continue {'cmcontinue': 'page|1', 'continue': '-||'}`},
	"Airtable":             {body: `{"records": [], "offset": "itr1/rec2"}`, want: `token@offset itr1/rec2`},
	"Intercom":             {body: `{"pages": {"next": {"page": 2, "starting_after": "W"}, "page": 1, "per_page": 5, "total_pages": 3}}`, want: `token@pages.next.page 2; token@pages.next.starting_after W; pages@pages.total_pages 3; size@pages.per_page 5; page@pages.page 1`},
	"scroll":               {body: `{"_scroll_id": "s", "hits": {"total": {"value": 10000, "relation": "gte"}, "hits": []}}`, records: "hits.hits", want: `token?@_scroll_id s; total@hits.total.value 10000+`},
	"cursor of this page":  {body: `{"cursor": "c1"}`, want: `token?@cursor c1`},
	"cursor with a next":   {body: `{"cursor": {"next": "c2", "prev": null}}`, want: `token@cursor.next c2`},
	"headers":              {body: `[]`, headers: []string{"X-Next-Page: 2", "X-Page: 1", "X-Per-Page: 20"}, want: `token@header X-Next-Page 2; size@header X-Per-Page 20; page@header X-Page 1`},
	"GitLab's last page":   {body: `[]`, headers: []string{"X-Next-Page: "}, want: `empty@header X-Next-Page`},
	"Link":                 {body: `[]`, headers: []string{`Link: <https://a?p=9>; rel="last", <https://a?p=2>; rel=next`}, want: `address@header Link https://a?p=2`},
	"Link without next":    {body: `[]`, headers: []string{`Link: <https://a?p=1>; rel="first"`}, want: `empty@header Link`},
	"a sync token":         {body: `{"nextSyncToken": "s", "@odata.deltaLink": "https://a?d=1"}`},
	"inside a record":      {body: `{"items": [{"next": "x", "total": 9}]}`, records: "items"},
	"what is no container": {body: `{"customer": {"next": "x", "total": 9, "has_more": true}}`},
	"the record itself":    {body: `{"data": {"id": 1, "total": 9, "next": "x"}}`, records: "data"},
}

var flags = map[string]test{
	"has_more":            {body: `{"has_more": true}`, want: `more@has_more true`},
	"hasNextPage, nested": {body: `{"meta": {"hasNextPage": false}}`, want: `more@meta.hasNextPage false`},
	"as a text":           {body: `{"has_next": "False"}`, want: `more@has_next false`},
	"as a number":         {body: `{"hasMore": 1}`, want: `more@hasMore true`},
	"another number":      {body: `{"hasMore": 7}`},
	"isLast":              {body: `{"isLast": true}`, want: `more@isLast false`},
	"Spring":              {body: `{"content": [], "last": false, "totalPages": 4, "totalElements": 7, "number": 0, "size": 2, "numberOfElements": 2}`, want: `more@last true; total@totalElements 7; pages@totalPages 4; size@size 2; page@number 0`},
	"last as an address":  {body: `{"links": {"last": "https://a?p=9", "next": null}}`, want: `empty@links.next`},
	"next as a flag":      {body: `{"next": true}`, want: `more@next true`},
	"done":                {body: `{"done": false}`, want: `more?@done true`},
	"S3":                  {body: `{"IsTruncated": true, "NextContinuationToken": "t"}`, want: `token@NextContinuationToken t; more@IsTruncated true`},
	"Zoho":                {body: `{"info": {"more_records": true, "per_page": 200, "count": 200, "page": 1}}`, want: `more@info.more_records true; total?@info.count 200; size@info.per_page 200; page@info.page 1`},
}

var totals = map[string]test{
	"count":                {body: `{"count": 500}`, want: `total?@count 500`},
	"total":                {body: `{"meta": {"total": 130}}`, want: `total@meta.total 130`},
	"as a text":            {body: `{"total": "130"}`, want: `total@total 130`},
	"as a float":           {body: `{"total": 130.0}`, want: `total@total 130`},
	"money":                {body: `{"total": 130.5}`},
	"unknown":              {body: `{"total": -1}`},
	"null":                 {body: `{"total": null}`},
	"words":                {body: `{"total": "many"}`},
	"stopped counting":     {body: `{"totalResults": "10000+"}`, want: `total@totalResults 10000+`},
	"zero":                 {body: `{"page": {"totalElements": 0}}`, want: `total@page.totalElements 0`},
	"Laravel":              {body: `{"meta": {"current_page": 1, "last_page": 9, "per_page": 15, "total": 130}}`, want: `total@meta.total 130; pages@meta.last_page 9; size@meta.per_page 15; page@meta.current_page 1`},
	"SCIM":                 {body: `{"totalResults": 25, "startIndex": 1, "itemsPerPage": 10}`, want: `total@totalResults 25; size@itemsPerPage 10; offset@startIndex 1`},
	"Jira":                 {body: `{"startAt": 0, "maxResults": 50, "total": 130, "isLast": false}`, want: `more@isLast true; total@total 130; size@maxResults 50; offset@startAt 0`},
	"number of pages":      {body: `{"page": 2, "pages": 7}`, want: `pages@pages 7; page@page 2`},
	"headers":              {body: `[]`, headers: []string{"X-WP-Total: 30", "X-WP-TotalPages: 3", "X-Total-Count: 31"}, want: `total@header X-Total-Count 31; total@header X-Wp-Total 30; pages@header X-Wp-Totalpages 3`},
	"Content-Range":        {body: `[]`, headers: []string{"Content-Range: items 10-19/30"}, want: `total@header Content-Range 30; offset@header Content-Range 10`},
	"Content-Range, bare":  {body: `[]`, headers: []string{"Content-Range: 0-9/*"}, want: `offset@header Content-Range 0`},
	"Content-Range, none":  {body: `[]`, headers: []string{"Content-Range: */0"}, want: `total@header Content-Range 0`},
	"Content-Range, bytes": {body: `[]`, headers: []string{"Content-Range: bytes 0-9/30"}},
	"X-Total-Count of -1":  {body: `[]`, headers: []string{"X-Total-Count: -1"}},
	"bare list":            {body: ` [{"total": 9, "next": "x"}]`},
	"too many members":     {body: `{"total": 9` + strings.Repeat(`, "m": 1`, 3) + manyMembers() + `}`},
}

func manyMembers() string {
	var b strings.Builder
	for i := range 80 {
		fmt.Fprintf(&b, `, "m%d": 1`, i)
	}
	return b.String()
}

var faults = map[string]test{
	"ok":                {body: `{"ok": true}`},
	"not ok":            {body: `{"ok": false, "error": "ratelimited"}`, want: `fault ratelimited`},
	"not ok alone":      {body: `{"success": false}`, want: `fault it says that it is no success`},
	"object":            {body: `{"error": {"message": "internal, please retry", "code": 50}}`, want: `fault 50: internal, please retry`},
	"list":              {body: `{"errors": [{"message": "a"}, {"message": "b"}]}`, want: `fault a`},
	"none of them":      {body: `{"errors": [], "error": null, "err": "", "fault": {}}`},
	"status":            {body: `{"status": "error"}`, want: `fault status error`},
	"status and words":  {body: `{"status": "fail", "error": "no"}`, want: `fault no`},
	"status of success": {body: `{"status": "success"}`},
	"error code zero":   {body: `{"errorCode": "0", "error_code": 0}`},
}

func TestRead(t *testing.T) {
	for group, tests := range map[string]map[string]test{"pointers": pointers, "flags": flags, "totals": totals, "faults": faults} {
		for name, test := range tests {
			t.Run(group+"/"+name, func(t *testing.T) {
				var path []string
				if test.records != "" {
					path = strings.Split(test.records, ".")
				}
				if got := shown(Read(answer(test.body, test.headers, path...))); got != test.want {
					t.Errorf("signs are\n%s\nexpected\n%s", got, test.want)
				}
			})
		}
	}
}

func TestBareListHasNoEnvelope(t *testing.T) {
	r := answer(`{"total": 9}`, nil)
	r.Found.Bare = true // of a list that is not held, templates see the first element
	if got := shown(Read(r)); got != "" {
		t.Errorf("signs are %s", got)
	}
}

func TestStrongestComesFirst(t *testing.T) {
	s := Read(answer(`{"count": 20, "meta": {"total": 130, "done": true, "has_more": true}, "cursor": "c1", "paging": {"next": "c2"}}`, nil))
	if c, ok := s.Total(); !ok || c.N != 130 {
		t.Errorf("the total is %v", c)
	}
	if f, ok := s.Flag(); !ok || f.String() != "meta.has_more" {
		t.Errorf("the flag is %v", f)
	}
	if p, ok := s.Pointer(); !ok || p.Value != "c2" {
		t.Errorf("the pointer is %v", p)
	}
	if _, ok := (&Signs{}).PageTotal(); ok {
		t.Error("a total of pages where there is none")
	}
}

func TestLists(t *testing.T) {
	tests := map[string]string{
		`{"data": [{"id": 1}], "tags": ["x"], "none": []}`:    "[data] 1",
		`{"a": {"b": [{"id": 1}, {}]}, "items": [{"id": 1}]}`: "[items] 1, [a b] 2",
		`{"value": 1}`: "",
		`[{"id": 1}]`:  "",
		`null`:         "",
	}
	for body, want := range tests {
		v, _ := rest.ParseJSON([]byte(body))
		var got []string
		for _, l := range Lists(v) {
			got = append(got, fmt.Sprint(l.Path, " ", l.Len))
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s: lists are %s, expected %s", body, text, want)
		}
	}
}

func TestHeld(t *testing.T) {
	tests := map[string]string{
		`{"count": 2, "results": [{}, {}], "meta": {"page": 1}}`: "count, results (a list of 2), meta {page}",
		`{}`:  "an empty object",
		`[1]`: "a list of 1",
		`7`:   "only 7",
	}
	for body, want := range tests {
		v, _ := rest.ParseJSON([]byte(body))
		if got := Held(v); got != want {
			t.Errorf("%s holds %s, expected %s", body, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, tests := range []map[string]test{pointers, flags, totals, faults} {
		for _, test := range tests {
			f.Add(test.body, strings.Join(test.headers, "\n"), test.records)
		}
	}
	f.Fuzz(func(t *testing.T, body, headers, records string) {
		r := answer(body, strings.Split(headers, "\n"), strings.Split(records, ".")...)
		s := Read(r)
		for _, c := range append(s.Records, s.Pages...) {
			if c.N < 0 {
				t.Errorf("a total of %d", c.N)
			}
		}
		v, _ := r.Value()
		_, _ = Lists(v), Held(v)
	})
}

func BenchmarkRead(b *testing.B) {
	const body = `{"data": [], "meta": {"page": 1, "per_page": 50, "total": 130, "total_pages": 3}, "links": {"self": "https://a", "next": "https://a?p=2"}, "has_more": true}`
	headers := []string{"Content-Type: application/json", "Date: x", "X-Request-Id: 1", "Cache-Control: no", "Server: s", "X-Total-Count: 130"}
	r := answer(body, headers, "data")
	for b.Loop() {
		Read(r)
	}
}

package restsource_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
)

// servers are the habits of single servers, as they were seen to answer.
var servers = map[string]habit{
	"Solr, with a first cursor": {found: "cursor", stream: `"params": {"cursorMark": "*"}`, reply: func(q asked) resttest.Answer {
		if len(q.Values["cursorMark"]) != 1 {
			return refuse(400, "one cursorMark is required")
		}
		from, next := q.number("cursorMark", 0), q.Get("cursorMark")
		if q.came(from) > 0 {
			next = fmt.Sprintf("c%d", from+q.came(from))
		}
		return says(`{"responseHeader": {"status": 0}, "response": {"numFound": %d, "start": 0, "docs": %s}, "nextCursorMark": %q}`, q.n, q.rows(from), next)
	}},
	"etcd, with a first key": {found: "cursor", stream: `"body": {"limit": 10, "page_token": "X0"}`, reply: func(q asked) resttest.Answer {
		var from int
		if _, err := fmt.Sscanf(q.inBody("page_token"), "X%d", &from); err != nil {
			return refuse(400, "page_token is required")
		}
		return says(`{"items": %s, "next_page_token": %s}`, q.rows(from), q.next(from, `"X%d"`, from+q.size))
	}},
	"DynamoDB": {found: "cursor", stream: `"body": {"TableName": "t", "Limit": 10}`, reply: func(q asked) resttest.Answer {
		from := 0
		if text := q.inBody("ExclusiveStartKey", "id", "N"); text != "" {
			_, _ = fmt.Sscan(text, &from)
		}
		last := ""
		if from+q.size <= q.n { // it does not look behind the limit
			last = fmt.Sprintf(`, "LastEvaluatedKey": {"id": {"N": "%d"}}`, from+q.size)
		}
		return says(`{"Count": %d, "ScannedCount": %d, "Items": %s%s}`, q.came(from), q.came(from), q.rows(from), last)
	}},
	"flask-smorest, with an object in a header": {found: "page", size: 7, reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		return resttest.Answer{Header: []string{fmt.Sprintf(`X-Pagination: {"total": %d, "total_pages": %d, "page": %d, "next_page": %s}`,
			q.n, q.pages(), page, q.next(from, "%d", page+1))}, Body: q.rows(from)}
	})},
	"ASP.NET, with an object in a header": {found: "page", size: 13, reply: atPage("pageNumber", 1, func(q asked, page, from int) resttest.Answer {
		return resttest.Answer{Header: []string{fmt.Sprintf(`X-Pagination: {"TotalCount": %d, "PageSize": 13, "CurrentPage": %d, "HasNext": %t, "HasPrevious": false}`,
			q.n, page, from+q.size < q.n)}, Body: q.rows(from)}
	})},
	"Keycloak": {found: "offset", reply: atOffset("first", 0, func(q asked, from int) resttest.Answer { return says("%s", q.rows(from)) })},
	"Amazon S3, where a lone element is no list": {found: "cursor", reply: func(q asked) resttest.Answer {
		from := q.number("continuation-token", 0)
		var rows []struct {
			ID   int    `json:"id"`
			Name string `json:"name"`
			Late bool   `json:"late"`
		}
		_ = json.Unmarshal([]byte(q.rows(from)), &rows)
		var b strings.Builder
		for _, row := range rows {
			late := ""
			if row.Late {
				late = "<late/>"
			}
			fmt.Fprintf(&b, "<Contents><id>%d</id><Name>%s</Name><Owner><ID>x</ID></Owner>%s</Contents>", row.ID, row.Name, late)
		}
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf("<NextContinuationToken>c%d</NextContinuationToken>", from+q.size)
		}
		return resttest.Answer{Header: []string{"Content-Type: application/xml"}, Body: fmt.Sprintf(
			`<?xml version="1.0"?><ListBucketResult xmlns="http://s3"><Name>b</Name><IsTruncated>%t</IsTruncated><KeyCount>%d</KeyCount>%s%s</ListBucketResult>`,
			next != "", len(rows), b.String(), next)}
	}},
}

// TestPlainNamesInAnObject reads a list of names as Docker's registry gives it, and fails where an
// object that was taken for a record leads to a next page.
func TestPlainNamesInAnObject(t *testing.T) {
	tests := map[string]struct{ body, ids, says string }{
		"names alone":     {`{"repositories": ["a%d", "b"]}`, "a1 b a2 b", ""},
		"a record's list": {`{"name": "x%d", "tags": ["a", "b"]}`, `{"name":"x1","tags":["a","b"]}`, "header Link leads to a next page; it holds name, tags (a list of 2)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			transport := &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
				if strings.Contains(r.URL, "last=b") {
					return says(test.body, 2)
				}
				return resttest.Answer{Header: []string{`Link: </v1/items?last=b>; rel="next"`}, Body: fmt.Sprintf(test.body, 1)}
			}}
			s, err := open(t, transport, habit{}.config(""))
			if err != nil {
				t.Fatal(err)
			}
			ids, _, err := s.read(t, nil)
			got := strings.NewReplacer(`{"value":"`, "", `"}`, "").Replace(strings.Join(ids, " "))
			if test.says == "" && (err != nil || got != test.ids) || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("records are %s, error %v, expected %s and %q", got, err, test.ids, test.says)
			}
		})
	}
}

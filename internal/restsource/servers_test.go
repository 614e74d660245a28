package restsource_test

import (
	"fmt"

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
}

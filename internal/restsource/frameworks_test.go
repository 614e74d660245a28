package restsource_test

import (
	"fmt"
	"strconv"
	"strings"

	"anytap/internal/rest/resttest"
)

// frameworks are the habits of frameworks and products.
var frameworks = map[string]habit{
	"Piccolo": {found: "page", size: 15, reply: atPage("__page", 1, func(q asked, _, from int) resttest.Answer {
		for name := range q.Values {
			if !strings.HasPrefix(name, "__") {
				return refuse(400, "no such column: "+name)
			}
		}
		return says(`{"rows": %s}`, q.rows(from))
	})},
	"Django REST framework, pages": {found: "next_url", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		if page > 1 && from >= q.n {
			return refuse(404, "Invalid page.")
		}
		return says(`{"count": %d, "next": %s, "previous": null, "results": %s}`, q.n, q.next(from, `"%s?page=%d"`, here, page+1), q.rows(from))
	})},
	"Django REST framework, offsets": {found: "next_url", reply: atOffset("offset", 0, func(q asked, from int) resttest.Answer {
		return says(`{"count": %d, "next": %s, "previous": null, "results": %s}`, q.n, q.next(from, `"%s?limit=%d&offset=%d"`, here, q.size, from+q.size), q.rows(from))
	})},
	"JSON:API": {found: "next_url", reply: func(q asked) resttest.Answer {
		page := q.number("page[number]", 1)
		from := (page - 1) * q.size
		a := says(`{"links": {"first": "%s?page%%5Bnumber%%5D=1", "next": %s, "prev": null}, "data": %s, "meta": {"pagination": {"page": %d, "pages": %d, "count": %d}}}`,
			here, q.next(from, `"%s?page%%5Bnumber%%5D=%d"`, here, page+1), q.rows(from), page, q.pages(), q.n)
		a.Header = []string{"Content-Type: application/vnd.api+json"}
		return a
	}},
	"JSON:API with objects for links": {found: "next_url", reply: func(q asked) resttest.Answer {
		from := q.number("page[offset]", 0)
		return says(`{"links": {"self": {"href": "%s"}, "next": %s}, "data": %s}`, here, q.next(from, `{"href": "%s?page%%5Boffset%%5D=%d"}`, here, from+q.size), q.rows(from))
	}},
	"Spring Data": {found: "page", reply: atPage("page", 0, func(q asked, page, from int) resttest.Answer {
		return says(`{"content": %s, "pageable": {"pageNumber": %d, "pageSize": %d, "offset": %d, "paged": true}, "totalPages": %d, "totalElements": %d, "last": %t, "first": %t, "size": %d, "number": %d, "numberOfElements": %d, "empty": false}`,
			q.rows(from), page, q.size, from, q.pages(), q.n, from+q.size >= q.n, page == 0, q.size, page, q.came(from))
	})},
	"Spring Data REST": {found: "next_url", reply: atPage("page", 0, func(q asked, page, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`"next": {"href": "%s?page=%d"}, `, here, page+1)
		}
		return says(`{"_embedded": {"items": %s}, "_links": {%s"self": {"href": "%s"}}, "page": {"size": %d, "totalElements": %d, "totalPages": %d, "number": %d}}`,
			q.rows(from), next, here, q.size, q.n, q.pages(), page)
	})},
	"FastAPI-pagination, pages": {found: "page", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		return says(`{"items": %s, "total": %d, "page": %d, "size": %d, "pages": %d}`, q.rows(from), q.n, page, q.size, q.pages())
	})},
	"FastAPI-pagination, offsets": {found: "offset", reply: atOffset("offset", 0, func(q asked, from int) resttest.Answer {
		return says(`{"items": %s, "total": %d, "limit": %d, "offset": %d}`, q.rows(from), q.n, q.size, from)
	})},
	"FastAPI-pagination, cursors": {found: "cursor", reply: atOffset("cursor", 0, func(q asked, from int) resttest.Answer {
		return says(`{"items": %s, "total": %d, "current_page": "c%d", "previous_page": null, "next_page": %s}`, q.rows(from), q.n, from, q.next(from, `"c%d"`, from+q.size))
	})},
	"Datasette": {found: "next_url", reply: atOffset("_next", 0, func(q asked, from int) resttest.Answer {
		return says(`{"ok": true, "next": %s, "next_url": %s, "rows": %s, "truncated": false}`,
			q.next(from, `"%d"`, from+q.size), q.next(from, `"%s?_next=%d"`, here, from+q.size), q.rows(from))
	})},
	"Kinto": {found: "next_url", reply: atOffset("_token", 0, func(q asked, from int) resttest.Answer {
		a := says(`{"data": %s}`, q.rows(from))
		if from+q.size < q.n {
			a.Header = []string{fmt.Sprintf("Next-Page: %s?_limit=%d&_token=%d", here, q.size, from+q.size), "Total-Records: " + fmt.Sprint(q.n)}
		}
		return a
	})},
	"OData 4, whole addresses": {found: "next_url", reply: atOffset("$skiptoken", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "@odata.nextLink": "%s?$skiptoken=%d"`, here, from+q.size)
		}
		return says(`{"@odata.context": "$metadata#items"%s, "value": %s}`, next, q.rows(from))
	})},
	"OData 4, relative addresses": {found: "next_url", reply: atOffset("$skiptoken", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "@odata.nextLink": "items?$skiptoken=%d"`, from+q.size)
		}
		return says(`{"@odata.context": "$metadata#items", "value": %s%s}`, q.rows(from), next)
	})},
	"OData 4, a count alone": {found: "offset", reply: atOffset("$skip", 0, func(q asked, from int) resttest.Answer {
		return says(`{"@odata.context": "$metadata#items", "@odata.count": %d, "value": %s}`, q.n, q.rows(from))
	})},
	"OData 2": {found: "next_url", reply: atOffset("$skiptoken", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "__next": "%s?$skiptoken=%d"`, here, from+q.size)
		}
		return says(`{"d": {"results": %s%s}}`, q.rows(from), next)
	})},
	"MediaWiki": {found: "cursor", reply: func(q asked) resttest.Answer {
		from := q.number("sroffset", 0)
		if from > 0 && q.Get("continue") != "-||" {
			return refuse(400, "no continue")
		}
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`"continue": {"sroffset": %d, "continue": "-||"}, `, from+q.size)
		}
		return says(`{"batchcomplete": "", %s"query": {"searchinfo": {"totalhits": %d}, "search": %s}}`, next, q.n, q.rows(from))
	}},
	"SCIM": {found: "offset", reply: atOffset("startIndex", 1, func(q asked, from int) resttest.Answer {
		return says(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": %d, "startIndex": %d, "itemsPerPage": %d, "Resources": %s}`, q.n, from+1, q.came(from), q.rows(from))
	})},
	"PocketBase": {found: "page", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		return says(`{"page": %d, "perPage": %d, "totalItems": %d, "totalPages": %d, "items": %s}`, page, q.size, q.n, q.pages(), q.rows(from))
	})},
	"Eve": {found: "next_url", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "next": {"title": "next page", "href": "items?page=%d"}, "last": {"title": "last page", "href": "items?page=%d"}`, page+1, q.pages())
		}
		return says(`{"_items": %s, "_links": {"parent": {"title": "home", "href": "/"}, "self": {"title": "items", "href": "items"}%s}, "_meta": {"page": %d, "max_results": %d, "total": %d}}`,
			q.rows(from), next, page, q.size, q.n)
	})},
	"CouchDB": {found: "offset", stream: `"params": {"limit": 10}`, reply: atOffset("skip", 0, func(q asked, from int) resttest.Answer {
		return says(`{"total_rows": %d, "offset": %d, "rows": %s}`, q.n, from, q.rows(from))
	})},
	"Parse": {found: "offset", stream: `"params": {"limit": 10}`, reply: atOffset("skip", 0, func(q asked, from int) resttest.Answer {
		return says(`{"results": %s}`, q.rows(from))
	})},
	"Elasticsearch": {found: "offset", reply: atOffset("from", 0, func(q asked, from int) resttest.Answer {
		return says(`{"took": 3, "timed_out": false, "_shards": {"total": 1, "successful": 1}, "hits": {"total": {"value": %d, "relation": "eq"}, "max_score": 1.0, "hits": %s}}`, q.n, q.rows(from))
	})},
	"GraphQL over GET": {found: "cursor", reply: atOffset("after", 0, func(q asked, from int) resttest.Answer {
		return says(`{"data": {"items": {"nodes": %s, "pageInfo": {"endCursor": "c%d", "hasNextPage": %t}}}}`, q.rows(from), from+q.came(from), from+q.size < q.n)
	})},
	"GraphQL over POST": {
		found: "cursor", stream: `"method": "POST", "body": {"query": "query ($n: Int, $after: String) { items(first: $n, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }", "variables": {"n": 10}}`,
		reply: func(q asked) resttest.Answer {
			from, _ := strconv.Atoi(strings.TrimPrefix(q.inBody("variables", "after"), "c"))
			return says(`{"data": {"items": {"nodes": %s, "pageInfo": {"endCursor": "c%d", "hasNextPage": %t}}}}`, q.rows(from), from+q.came(from), from+q.size < q.n)
		},
	},
	"Notion's search": {
		found: "cursor", stream: `"method": "POST", "body": {"filter": {"value": "page"}}`,
		reply: func(q asked) resttest.Answer {
			from, _ := strconv.Atoi(strings.TrimPrefix(q.inBody("start_cursor"), "c"))
			return says(`{"object": "list", "results": %s, "next_cursor": %s, "has_more": %t}`, q.rows(from), q.next(from, `"c%d"`, from+q.size), from+q.size < q.n)
		},
	},
	"Elasticsearch's search": {
		found: "offset", stream: `"method": "POST", "body": {"query": {"match_all": {}}, "size": 10}`,
		reply: func(q asked) resttest.Answer {
			from, _ := strconv.Atoi(q.inBody("from"))
			return says(`{"took": 3, "timed_out": false, "hits": {"total": {"value": %d, "relation": "eq"}, "hits": %s}}`, q.n, q.rows(from))
		},
	},
	"FHIR": {found: "auto", reply: atOffset("_offset", 0, func(q asked, from int) resttest.Answer {
		links := fmt.Sprintf(`{"relation": "self", "url": "%s"}`, here)
		if from > 0 {
			links += fmt.Sprintf(`, {"relation": "previous", "url": "%s"}`, here)
		}
		if from+q.size < q.n {
			links += fmt.Sprintf(`, {"relation": "next", "url": "%s?_offset=%d"}`, here, from+q.size)
		}
		return says(`{"resourceType": "Bundle", "id": "b", "type": "searchset", "total": %d, "link": [%s], "entry": %s}`, q.n, links, q.rows(from))
	})},
	"Stripe": {found: "cursor", reply: func(q asked) resttest.Answer {
		for name := range q.Values {
			if name != "limit" && name != "starting_after" {
				return refuse(400, "Received unknown parameter: "+name)
			}
		}
		from := q.number("starting_after", 0)
		return says(`{"object": "list", "url": "/v1/items", "has_more": %t, "data": %s}`, from+q.size < q.n, q.rows(from))
	}},
	"Notion": {found: "cursor", reply: atOffset("start_cursor", 0, func(q asked, from int) resttest.Answer {
		return says(`{"object": "list", "results": %s, "next_cursor": %s, "has_more": %t}`, q.rows(from), q.next(from, `"c%d"`, from+q.size), from+q.size < q.n)
	})},
	"Slack": {found: "cursor", reply: atOffset("cursor", 0, func(q asked, from int) resttest.Answer {
		return says(`{"ok": true, "members": %s, "response_metadata": {"next_cursor": %q}}`, q.rows(from), strings.Trim(q.next(from, `c%d`, from+q.size), "nul"))
	})},
	"Google": {found: "cursor", reply: atOffset("pageToken", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "nextPageToken": "c%d"`, from+q.size)
		}
		return says(`{"kind": "x#list", "items": %s%s}`, q.rows(from), next)
	})},
	"HubSpot": {found: "next_url", reply: atOffset("after", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "paging": {"next": {"after": "%d", "link": "%s?after=%d"}}`, from+q.size, here, from+q.size)
		}
		return says(`{"results": %s%s}`, q.rows(from), next)
	})},
	"HubSpot without links": {found: "cursor", reply: atOffset("after", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "paging": {"next": {"after": "%d"}}`, from+q.size)
		}
		return says(`{"results": %s%s}`, q.rows(from), next)
	})},
	"Airtable": {found: "cursor", reply: atOffset("offset", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "offset": "c%d"`, from+q.size)
		}
		return says(`{"records": %s%s}`, q.rows(from), next)
	})},
	"Salesforce": {found: "next_url", reply: atOffset("at", 0, func(q asked, from int) resttest.Answer {
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprintf(`, "nextRecordsUrl": "/v1/items?at=%d"`, from+q.size)
		}
		return says(`{"totalSize": %d, "done": %t%s, "records": %s}`, q.n, from+q.size >= q.n, next, q.rows(from))
	})},
	"Jira": {found: "offset", reply: atOffset("startAt", 0, func(q asked, from int) resttest.Answer {
		return says(`{"startAt": %d, "maxResults": %d, "total": %d, "issues": %s}`, from, q.size, q.n, q.rows(from))
	})},
	"Laravel": {found: "next_url", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		return says(`{"current_page": %d, "data": %s, "first_page_url": "%s?page=1", "from": %d, "last_page": %d, "next_page_url": %s, "path": "%s", "per_page": %d, "to": %d, "total": %d}`,
			page, q.rows(from), here, from+1, q.pages(), q.next(from, `"%s?page=%d"`, here, page+1), here, q.size, from+q.came(from), q.n)
	})},
	"Rails with kaminari": {found: "page", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		return says(`{"items": %s, "meta": {"current_page": %d, "next_page": %s, "prev_page": null, "total_pages": %d, "total_count": %d}}`, q.rows(from), page, q.next(from, "%d", page+1), q.pages(), q.n)
	})},
	"GitHub": {found: "link_header", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		a := says(`%s`, q.rows(from))
		if from+q.size < q.n {
			a.Header = []string{fmt.Sprintf(`Link: <%s?page=%d>; rel="next", <%s?page=%d>; rel="last"`, here, page+1, here, q.pages())}
		}
		return a
	})},
	"GitLab": {found: "page", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		a := says(`%s`, q.rows(from))
		next := ""
		if from+q.size < q.n {
			next = fmt.Sprint(page + 1)
		}
		a.Header = []string{"X-Next-Page: " + next, "X-Page: " + fmt.Sprint(page), "X-Per-Page: " + fmt.Sprint(q.size), "X-Total: " + fmt.Sprint(q.n), "X-Total-Pages: " + fmt.Sprint(q.pages())}
		return a
	})},
	"WordPress": {found: "page", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		if page > 1 && from >= q.n {
			return refuse(400, "rest_post_invalid_page_number")
		}
		a := says(`%s`, q.rows(from))
		a.Header = []string{"X-WP-Total: " + fmt.Sprint(q.n), "X-WP-TotalPages: " + fmt.Sprint(q.pages())}
		return a
	})},
	"PostgREST": {found: "offset", reply: atOffset("offset", 0, func(q asked, from int) resttest.Answer {
		if from >= q.n && from > 0 {
			return refuse(416, "Requested range not satisfiable")
		}
		a := says(`%s`, q.rows(from))
		a.Header = []string{fmt.Sprintf("Content-Range: %d-%d/%d", from, from+q.came(from)-1, q.n)}
		return a
	})},
	"a bare list by pages": {found: "page", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		return says(`%s`, q.rows(from))
	})},
	"a bare list by pages from 0": {found: "page", reply: atPage("page", 0, func(q asked, page, from int) resttest.Answer {
		return says(`%s`, q.rows(from))
	})},
	"a bare list by offsets": {found: "offset", reply: atOffset("offset", 0, func(q asked, from int) resttest.Answer {
		return says(`%s`, q.rows(from))
	})},
	"a bare list by skip, which refuses what it does not know": {found: "offset", reply: atOffset("skip", 0, func(q asked, from int) resttest.Answer {
		if len(q.Values) > 0 && !q.Has("skip") {
			return refuse(400, "unknown parameter")
		}
		return says(`%s`, q.rows(from))
	})},
	"a bare list by offsets from 1": {found: "offset", reply: atOffset("start", 1, func(q asked, from int) resttest.Answer {
		return says(`%s`, q.rows(from))
	})},
	"addresses that only the gateway can reach": {found: "next_url", reply: atOffset("at", 0, func(q asked, from int) resttest.Answer {
		if strings.HasPrefix(q.URL, "http://10.0.0.7") {
			return resttest.Answer{Status: 502, Body: "no such host"}
		}
		return says(`{"next": %s, "items": %s}`, q.next(from, `"http://10.0.0.7:8000/items?at=%d"`, from+q.size), q.rows(from))
	})},
	"an address of the query alone": {found: "next_url", reply: atOffset("at", 0, func(q asked, from int) resttest.Answer {
		return says(`{"next": %s, "items": %s}`, q.next(from, `"?at=%d"`, from+q.size), q.rows(from))
	})},
	"a total and no way named": {found: "offset", reply: atOffset("skip", 0, func(q asked, from int) resttest.Answer {
		return says(`{"total": %d, "items": %s}`, q.n, q.rows(from))
	})},
	"a continuation token in a header": {found: "cursor", reply: atOffset("continuationToken", 0, func(q asked, from int) resttest.Answer {
		a := says(`{"count": %d, "value": %s}`, q.came(from), q.rows(from))
		if from+q.size < q.n {
			a.Header = []string{fmt.Sprintf("X-Ms-ContinuationToken: c%d", from+q.size)}
		}
		return a
	})},
	"a list under a name of its own": {found: "page", reply: atPage("page", 1, func(q asked, page, from int) resttest.Answer {
		return says(`{"status": "ok", "widgets": %s, "pagination": {"page": %d, "total": %d}}`, q.rows(from), page, q.n)
	})},
}

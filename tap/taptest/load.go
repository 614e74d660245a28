package taptest

import (
	"bytes"
	"fmt"
	"strings"

	"anytap/tap"
	"anytap/value"
)

// PageText is an answer of a helpdesk's API for benchmarks, {"data": […], "pagination": {…}}, with records of 961 bytes or a few more.
func PageText(records int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for i := range records {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(recordText(i + 1))
	}
	fmt.Fprintf(&b, `],"pagination":{"next_cursor":"Yzo%d","has_more":true,"limit":%d}}`, records, records)
	return b.Bytes()
}

func recordText(id int) string {
	head := fmt.Sprintf(`{"id":%d,"uuid":"%08x-1234-4567-a890-0123456789ab","status":"open","is_read":true,"rating":4,"amount":812.07,"currency":"EUR","subject":"order arrived \"broken\"",`, id, id)
	tail := fmt.Sprintf(`","created_at":"2024-01-01T00:00:07Z","updated_at":"2024-01-01T01:%02d:%02dZ","closed_at":null,`, id/60%60, id%60) +
		`"customer":{"id":81234,"email":"user81234@example.test","name":"Zoë","address":{"city":"Bergen","zip":"01234","geo":{"lat":60.391263,"lon":5.322054}},"tags":["vip","t17"]},` +
		`"custom_fields":[{"id":1,"name":"plan","value":"p3"},{"id":2,"name":"seats","value":40},{"id":3,"name":"note","value":null}],"metrics":{"views":8123,"score":4.125,"history":[1,22,33,4]}}`
	body := `"body":"` + strings.Repeat(`the \"very\" happy customer was thanked today `, 10)
	return head + body + strings.Repeat("x", max(961-len(head)-len(body)-len(tail), 0)) + tail
}

// Records are those of PageText, scanned and not decoded yet, as a Retriever hands them on.
func Records(n int) []tap.Record {
	records := make([]tap.Record, n)
	for i := range records {
		records[i].Data = new(value.Dict)
		records[i].Data.InitClean([]byte(recordText(i + 1)))
	}
	return records
}

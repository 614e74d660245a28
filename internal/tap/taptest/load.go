package taptest

import (
	"bytes"
	"fmt"
	"strings"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// PageText is an answer for benchmarks, as the API of a helpdesk gives it: {"data": […],
// "pagination": {…}}. A record has about 960 bytes.
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

// vocabulary is what texts of records are made of: short and long words, escapes, and letters
// beyond ASCII.
var vocabulary = strings.Fields(`order arrived broken please refund the customer was \"very\" happy today naïve thanks and nobody asked twice about
fourteen crates of limes which came late or warm with a note from accounts payable under grey rain near harbour street 12\u00bd`)

func recordText(id int) string {
	head := fmt.Sprintf(`{"id":%d,"uuid":"%08x-1234-4567-a890-%012x","status":"open","is_read":true,"rating":4,"amount":%d.07,"currency":"EUR","subject":"order %d arrived",`,
		id, id*2654435761%(1<<32), id*40503%(1<<48), id%9000, id)
	tail := fmt.Sprintf(`","created_at":"2024-01-01T00:00:07Z","updated_at":"2024-01-01T01:%02d:%02dZ","closed_at":null,`, id/60%60, id%60) +
		fmt.Sprintf(`"customer":{"id":%d,"email":"user%d@example.test","name":"Zoë","address":{"city":"Bergen","zip":"%05d","geo":{"lat":60.39%04d,"lon":5.32%04d}},"tags":["vip","t%d"]},`,
			id*7919%1000000, id*7919%1000000, id*31%100000, id*37%10000, id*41%10000, id%50) +
		fmt.Sprintf(`"custom_fields":[{"id":1,"name":"plan","value":"p3"},{"id":2,"name":"seats","value":%d},{"id":3,"name":"note","value":null}],"metrics":{"views":%d,"score":4.125,"history":[1,22,33,%d]}}`,
			id%400, id*13%100000, id%100)
	body := []byte(`"body":"`)
	for n := id; len(head)+len(body)+len(tail) < 955; n = n*1103515245 + 12345 {
		body = append(append(body, vocabulary[n>>16&0x7fff%len(vocabulary)]...), ' ')
	}
	return head + string(body) + tail
}

// Records are those of PageText as a Retriever yields them: scanned, and not decoded yet.
func Records(n int) []tap.Record {
	records := make([]tap.Record, n)
	for i := range records {
		records[i].Data = new(value.Dict)
		records[i].Data.InitClean([]byte(recordText(i + 1)))
	}
	return records
}

package rawjson_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"anytap/internal/rawjson"
)

// The records of a response are found without decoding them.
func ExampleScanPage() {
	body := []byte(`{"data": {"orders": [{"id": 1, "total": 9.90}, {"id": 2}]}, "next": "c2"}`)
	page, err := rawjson.ScanPage(body, []string{"data", "orders"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, record := range page.Elements {
		fmt.Printf("%s\n", record.In(body))
	}
	next, _ := rawjson.Find(body, "next")
	fmt.Printf("next %s\n", next)
	// Output:
	// {"id": 1, "total": 9.90}
	// {"id": 2}
	// next "c2"
}

// A response of any size is read element by element.
func ExampleStream() {
	s := rawjson.NewStream(strings.NewReader(`{"count": 2, "rows": [{"id": 1}, {"id": 2}]}`), []string{"rows"})
	for {
		row, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s\n", row)
	}
	fmt.Printf("envelope %s\n", s.Envelope())
	// Output:
	// {"id": 1}
	// {"id": 2}
	// envelope {"count":2}
}

// AppendCompact makes one line of valid UTF-8, and changes nothing else.
func ExampleAppendCompact() {
	fmt.Printf("%s\n", rawjson.AppendCompact(nil, []byte("{\"price\": 1.50,\n \"name\": \"caf\\u00e9\"}")))
	// Output: {"price":1.50,"name":"caf\u00e9"}
}

package schemas

import (
	"path"
	"strings"
	"testing"
)

// TestJSONServerVersionsDifferInTheIDsAlone compares the schemas of json-server 0.x with those of
// 1.x.
func TestJSONServerVersionsDifferInTheIDsAlone(t *testing.T) {
	t.Parallel()
	for _, stream := range []string{"users", "posts", "comments", "albums", "photos", "todos"} {
		read := func(folder string) string {
			data, err := Read(path.Join("schemas", folder, stream+".json"))
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(strings.Fields(string(data)), " ")
		}
		want := strings.Replace(read("jsonplaceholder"), `"id": { "type": "integer" }`, `"id": { "type": [ "string", "integer" ] }`, 1)
		if got := read("jsonplaceholder1"); got != want {
			t.Errorf("%s: %s\nwant %s", stream, got, want)
		}
	}
}

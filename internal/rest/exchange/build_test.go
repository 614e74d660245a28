package exchange

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"anytap/internal/redact"
	"anytap/internal/rest"
	"anytap/internal/value"
)

func TestBuildParams(t *testing.T) {
	t.Parallel()
	x := (&Client{redact: redact.New()}).NewEndpoint(Setup{})
	build := func(address string, params *value.Dict) string {
		r, err := x.build(address, &rest.Parts{Params: params}, nil)
		if err != nil {
			return "error: " + err.Error()
		}
		return r.URL.String()
	}
	data, err := os.ReadFile("../wire/testdata/prepare.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		Appended [][2]string          `json:"appended"`
		Params   [][2]json.RawMessage `json:"params"`
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases.Params {
		var want string
		_ = json.Unmarshal(c[1], &want)
		v, err := value.Decode(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := build("http://h/", v.(*value.Dict)); got != want {
			t.Errorf("params %s: got %q, want %q", c[0], got, want)
		}
	}
	for _, c := range cases.Appended {
		if got, want := build(c[0], value.DictOf("p", "x y")), strings.Replace(strings.SplitN(c[1], "#", 2)[0], "u:p@", "", 1); got != want {
			t.Errorf("%s with a parameter: got %q, want %q", c[0], got, want)
		}
	}
}

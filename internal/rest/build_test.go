package rest

import (
	"encoding/json"
	"strings"
	"testing"

	"anytap/internal/value"
)

func TestBuildParams(t *testing.T) {
	t.Parallel()
	x := (&Client{redact: NewRedactor()}).NewExchange(Setup{})
	build := func(address string, params *value.Dict) string {
		r, err := x.build(address, &Options{Params: params}, nil)
		if err != nil {
			return "error: " + err.Error()
		}
		return r.URL.String()
	}
	cases := loadRecorded(t)
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
		if got, want := build(c[0], value.DictOf("p", "x y")), strings.Replace(withoutFragment(c[1]), "u:p@", "", 1); got != want {
			t.Errorf("%s with a parameter: got %q, want %q", c[0], got, want)
		}
	}
}

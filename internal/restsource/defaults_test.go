package restsource_test

import (
	"strings"
	"testing"

	"anytap/internal/restsource"
	"anytap/internal/value"
)

func TestWithDefaults(t *testing.T) {
	t.Parallel()
	const defaults = `{"primary_key": "id", "params": {"a": "1", "b": "2"}, "pagination": {"type": "page", "page_size": 5, "size_param": "n"}}`
	for name, test := range map[string]struct{ stream, want string }{
		"nothing of its own": {`{"name": "a"}`, `{"name":"a","primary_key":"id","params":{"a":"1","b":"2"},"pagination":{"type":"page","page_size":5,"size_param":"n"}}`},
		"its own":            {`{"primary_key": ["x", "y"]}`, `{"primary_key":["x","y"],"params":{"a":"1","b":"2"},"pagination":{"type":"page","page_size":5,"size_param":"n"}}`},
		"more parameters":    {`{"params": {"b": "3", "c": "4"}}`, `{"params":{"a":"1","b":"3","c":"4"},"primary_key":"id","pagination":{"type":"page","page_size":5,"size_param":"n"}}`},
		"the same type":      {`{"pagination": {"type": "page", "page_size": 9}}`, `{"pagination":{"type":"page","page_size":9,"size_param":"n"},"primary_key":"id","params":{"a":"1","b":"2"}}`},
		"no type":            {`{"pagination": {"param": "p"}}`, `{"pagination":{"type":"page","page_size":5,"size_param":"n","param":"p"},"primary_key":"id","params":{"a":"1","b":"2"}}`},
		"another type":       {`{"pagination": {"type": "none"}}`, `{"pagination":{"type":"none"},"primary_key":"id","params":{"a":"1","b":"2"}}`},
		"null":               {`{"params": null}`, `{"params":{"a":"1","b":"2"},"primary_key":"id","pagination":{"type":"page","page_size":5,"size_param":"n"}}`},
		"no object":          {`5`, `5`},
	} {
		config := configured(t, `{"defaults": `+defaults+`, "streams": [`+test.stream+`]}`)
		before := string(value.Append(nil, config))
		v, _ := value.At(restsource.WithDefaults(config), "streams", "0")
		if got := string(value.Append(nil, v)); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, test.want)
		}
		if after := string(value.Append(nil, config)); after != before {
			t.Errorf("%s: the configuration was changed: %s", name, after)
		}
	}
}

// TestDefaultsAreRead wants templates to find values where they stand.
func TestDefaultsAreRead(t *testing.T) {
	s, err := open(t, api{records: 3, first: 1}.transport(), configOf(`"params": {"b": "of the stream"}`,
		`"defaults": {"params": {"a": "of all", "b": "of all"}, "schema": {"type": "object"}, "pagination": {"type": "page", "size_param": "limit", "page_size": 2}}`))
	if err != nil {
		t.Fatal(err)
	}
	ids, _, err := s.read(t, nil)
	if err != nil || strings.Join(ids, " ") != numbers(3) {
		t.Fatalf("%v, %v", ids, err)
	}
	if want := "?a=of%20all&b=of%20the%20stream&page=1&limit=2 ?a=of%20all&b=of%20the%20stream&page=2&limit=2"; s.requests() != want {
		t.Errorf("requests are %s, expected %s", s.requests(), want)
	}
}

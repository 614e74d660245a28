package restsource_test

import (
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

// TestAnswers reads one answer by the settings of a stream.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const json = "application/json"
	tests := map[string]struct{ stream, kind, body, want, err string }{
		"CSV":                               {`"primary_key": "id"`, "text/csv", "id,n\n1,a\n2,b\n", `{"id":"1","n":"a"} {"id":"2","n":"b"}`, ""},
		"CSV with settings":                 {`"format": "csv", "delimiter": "|", "columns": ["id", "n"], "charset": "cp1252"`, "text/plain", "1|\x80\n", `{"id":"1","n":"€"}`, ""},
		"CSV page by page":                  {`"pagination": {"type": "page", "size_param": "n", "page_size": 3}`, "text/csv", "id\n1\n2\n", `{"id":"1"} {"id":"2"}`, ""},
		"lines":                             {``, "application/x-ndjson", "{\"id\":1.50}\n{\"id\":2}\n", `{"id":1.50} {"id":2}`, ""},
		"XML":                               {`"records_path": "feed.entry", "format": "xml"`, "application/xml", `<feed><entry><id>1</id></entry></feed>`, `{"id":"1"}`, ""},
		"XML without a record":              {`"records_path": "feed.entry", "format": "xml"`, "application/xml", `<feed/>`, ``, ""},
		"JSON with a mark":                  {``, json, "\xef\xbb\xbf[{\"id\":1}]", `{"id":1}`, ""},
		"plain values":                      {``, json, `["a", 1, true]`, `{"value":"a"} {"value":1} {"value":true}`, ""},
		"plain values at a path":            {`"records_path": "d.tags"`, json, `{"d":{"tags":["a","b"]}}`, `{"value":"a"} {"value":"b"}`, ""},
		"a plain value in place of a list":  {`"records_path": "d"`, json, `{"d":"no"}`, ``, "expected an object"},
		"rows":                              {`"columns": ["id", "x"]`, json, `[[1, 1.50], [2]]`, `{"id":1,"x":1.50} {"id":2,"x":null}`, ""},
		"rows by a path":                    {`"records_path": "rows", "columns": "meta.cols"`, json, `{"meta":{"cols":[{"name":"id"},{"name":"x"}]},"rows":[[1,2],[3,4]]}`, `{"id":1,"x":2} {"id":3,"x":4}`, ""},
		"rows whose first one is a header":  {`"records_path": "values", "columns": "values.0"`, json, `{"range":"A1","values":[["id","x"],["1","2"],["3"]]}`, `{"id":"1","x":"2"} {"id":"3","x":null}`, ""},
		"rows of a bare list with a header": {`"columns": "[0]"`, json, `[["id"],["1"]]`, `{"id":"1"}`, ""},
		"rows with columns beside them":     {`"records_path": "rows"`, json, `{"columns":["id","x"],"rows":[[1,2]]}`, `{"id":1,"x":2}`, ""},
		"rows without names":                {`"records_path": "rows"`, json, `{"rows":[[1,2]]}`, ``, "columns: [a, b]"},
		"rows with more values":             {`"columns": ["id"]`, json, `[[1, 2]]`, ``, "a row has 2 values and there are 1 columns"},
		"a path to no names":                {`"records_path": "rows", "columns": "meta.cols"`, json, `{"meta":{"names":["id"]},"rows":[[1]]}`, ``, "no names at meta.cols"},
		"members":                           {`"records_key": "name"`, json, `{"a":{"x":1.50},"b":{"name":"c","x":2}}`, `{"name":"a","x":1.50} {"name":"b","x":2}`, ""},
		"members at a path":                 {`"records_path": "r.all", "records_key": "k"`, json, `{"r":{"all":{"a":1,"b":[2]}}}`, `{"k":"a","value":1} {"k":"b","value":[2]}`, ""},
		"no members":                        {`"records_key": "name", "records_optional": true`, json, `{}`, ``, ""},
		"no members at a path":              {`"records_path": "r", "records_key": "name"`, json, `{"r":{}}`, ``, ""},
		"attributes":                        {`"flatten": "attributes", "primary_key": "id"`, json, `{"data":[{"id":"1","attributes":{"x":1.50,"id":2}}]}`, `{"id":"1","x":1.50,"attributes_id":2}`, ""},
		"several of them":                   {`"flatten": ["a", "b.c"]`, json, `[{"a":{"x":1},"b":{"c":{"y":2},"d":3}}]`, `{"b":{"d":3},"x":1,"y":2}`, ""},
		"a name with dots":                  {`"records_path": "d.tags"`, json, `{"d":{"tags":[{"id":1}]},"d.tags":[{"id":2}]}`, `{"id":2}`, ""},
		"a name with dots deeper down":      {`"records_path": "a.b.c"`, json, `{"a":{"b":{"c":[]},"b.c":[{"id":2}]}}`, `{"id":2}`, ""},
		"a name with dots before others":    {`"records_path": "a.b.c"`, json, `{"a.b":{"c":[{"id":2}]}}`, `{"id":2}`, ""},
		"no name with dots":                 {`"records_path": "a.b.c"`, json, `{"a":{"b":{"c":[{"id":2}]}}}`, `{"id":2}`, ""},
		"a list means its names alone":      {`"records_path": ["d", "tags"]`, json, `{"d":{"tags":[{"id":1}]},"d.tags":[{"id":2}]}`, `{"id":1}`, ""},
		"quotes mean their name alone":      {`"records_path": "d.\"x.y\""`, json, `{"d":{"x":{"y":[]},"x.y":[{"id":1}]}}`, `{"id":1}`, ""},
		"a name with dots in XML":           {`"records_path": "r.a.b"`, "application/xml", `<r><a.b><id>1</id></a.b></r>`, `{"id":"1"}`, ""},
		"columns at a name with dots":       {`"records_path": "rows", "columns": "m.cols"`, json, `{"m":{"cols":["x"]},"m.cols":["id"],"rows":[[1]]}`, `{"id":1}`, ""},
		"a lifted object's name with dots":  {`"flatten": "a.b"`, json, `[{"a":{"b":{"x":1}},"a.b":{"y":2}}]`, `{"a":{"b":{"x":1}},"y":2}`, ""},
		"members at a name with dots":       {`"records_path": "r.all", "records_key": "k"`, json, `{"r.all":{"a":1}}`, `{"k":"a","value":1}`, ""},
		"the answer is the list":            {`"records_path": []`, json, `[{"id":1},{"id":2}]`, `{"id":1} {"id":2}`, ""},
		"the answer is the record":          {`"records_path": [], "primary_key": "id"`, json, `{"id":7,"data":[{"id":1}]}`, `{"id":7,"data":[{"id":1}]}`, ""},
		"a key's name with dots":            {`"primary_key": "a.b"`, json, `[{"a.b":1}]`, `{"a.b":1}`, ""},
		"a key's name with dots in a list":  {`"primary_key": [["a.b"]]`, json, `[{"a.b":1}]`, `{"a.b":1}`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			transport := &resttest.Transport{Reply: func(int, resttest.Request) resttest.Answer {
				return resttest.Answer{Body: test.body, Header: []string{"Content-Type: " + test.kind}}
			}}
			s, err := open(t, transport, strings.Replace(configOf(test.stream, ""), `, "primary_key": ["id"]`, "", 1))
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.texts(t)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %s, %v, expected the error %s", got, err, test.err)
				}
				return
			}
			if err != nil || got != test.want {
				t.Errorf("records are\n%s, %v, expected\n%s", got, err, test.want)
			}
		})
	}
}

// texts reads the first stream and gives its records as they are written.
func (s *source) texts(t *testing.T) (string, error) {
	t.Helper()
	reading, err := s.streams[0].Open(tap.StartingPoint{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for r, err := range taptest.ReadAll(t.Context(), reading) {
		if err != nil {
			return strings.Join(all, " "), err
		}
		all = append(all, string(value.Append(nil, r.Data)))
	}
	return strings.Join(all, " "), nil
}

// The schema is that of records as they are written: with what was flattened.
func TestSchemaOfFlattenedRecords(t *testing.T) {
	t.Parallel()
	transport := &resttest.Transport{Script: []resttest.Answer{{Body: `{"data":[{"id":"1","attributes":{"x":1}}]}`}}}
	s, err := open(t, transport, configOf(`"flatten": "attributes"`, ""))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := s.streams[0].Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	properties, _ := schema.Get("properties")
	if got := string(value.Append(nil, properties)); got != `{"id":{"type":["null","string"]},"x":{"type":["null","number"]}}` {
		t.Errorf("properties are %s", got)
	}
}

func TestSettingsOfAnswers(t *testing.T) {
	t.Parallel()
	for stream, want := range map[string]string{
		`"header": false`:      "columns is needed",
		`"columns": "a..b"`:    "columns",
		`"flatten": ["a", ""]`: "flatten[1]",
	} {
		if _, err := open(t, nil, configOf(stream, "")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, expected %s", stream, err, want)
		}
	}
}

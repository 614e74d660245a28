package selector

import "testing"

// TestRecordsAreOpenedWhereItPays says when all members of a record are found at once.
func TestRecordsAreOpenedWhereItPays(t *testing.T) {
	const (
		one   = `, record_filter: {type: RecordFilter, condition: "{{ record['a'] == 1 }}"}`
		two   = `, record_filter: {type: RecordFilter, condition: "{{ record.a == record['b'] }}"}`
		three = `, record_filter: {type: RecordFilter, condition: "{{ record.a == record['b'] or record.c }}"}`
		whole = `, record_filter: {type: RecordFilter, condition: "{{ record | length > 2 }}"}`
		none  = `, record_filter: {type: RecordFilter, condition: "{{ config['a'] }}"}`
		add   = `{type: AddFields, fields: [{path: [x], value: "{{ record['a'] }}"}]}`
		fixed = `{type: AddFields, fields: [{path: [x], value: "1"}]}`
		drop  = `{type: RemoveFields, field_pointers: [[a]]}`
	)
	for name, test := range map[string]struct {
		filter  string
		changes []string
		cast    bool
		want    opening
	}{
		"nothing":                      {"", nil, false, never},
		"cast only":                    {"", nil, true, never},
		"a filter of one":              {one, nil, true, never},
		"a filter of two":              {two, nil, true, never},
		"a filter of three":            {three, nil, false, atOnce},
		"a filter of the whole":        {whole, nil, false, atOnce},
		"a filter of none":             {none, nil, false, never},
		"set one":                      {"", []string{fixed}, false, never},
		"set one and cast":             {"", []string{fixed}, true, oncePassed},
		"look at one and set one":      {"", []string{add}, false, never},
		"filter, look and set":         {two, []string{add}, false, atOnce},
		"filter by the one looked at":  {one, []string{add}, false, never},
		"remove":                       {"", []string{drop}, false, oncePassed},
		"filter by one and remove":     {one, []string{drop}, false, oncePassed},
		"filter by two and remove":     {two, []string{fixed, drop}, false, atOnce},
		"rename all":                   {"", []string{"{type: KeysToLower}"}, false, oncePassed},
		"set with a condition on many": {"", []string{`{type: AddFields, condition: "{{ record }}", fields: [{path: [x], value: "1"}]}`}, false, oncePassed},
	} {
		t.Run(name, func(t *testing.T) {
			s := world{}.build(t, `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}`+test.filter+`}`, test.changes...)
			if got := s.(*recordSelector).touched.opening(test.cast); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

package jinja

import (
	"testing"

	"anytap/internal/value"
)

func BenchmarkEval(b *testing.B) {
	config, err := value.DecodeString(`{"x": "some text", "n": 5}`)
	if err != nil {
		b.Fatal(err)
	}
	response, err := value.DecodeString(`{"meta": {"next": "https://api.example.com/v2/items?page=2"}, "data": [1, 2, 3]}`)
	if err != nil {
		b.Fatal(err)
	}
	record, err := value.DecodeString(`{"a": "left", "b": "right", "id": 12345}`)
	if err != nil {
		b.Fatal(err)
	}
	e := NewEnv(nil).Set("config", config).Set("response", response).Set("record", record)
	for name, template := range map[string]string{
		"constant": "plain text",
		"config":   "{{ config['x'] }}",
		"get":      "{{ response.get('meta', {}).get('next') }}",
		"concat":   "{{ record['a'] ~ '-' ~ record['b'] }}",
		"path":     "/v2/items/{{ record['id'] }}/parts",
		"number":   "{{ record.id }}",
		"cond":     "{{ response['meta']['next'] if response['meta'] else None }}",
		"now":      "{{ now_utc().strftime('%Y-%m-%dT%H:%M:%SZ') }}",
	} {
		b.Run(name, func(b *testing.B) {
			t, err := CompileString(template, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.Eval(e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := CompileString("{{ response.get('meta', {}).get('next') }}", nil); err != nil {
			b.Fatal(err)
		}
	}
}

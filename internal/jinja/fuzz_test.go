package jinja

import (
	"testing"
	"time"

	"anytap/internal/value"
)

// fuzzSeeds are templates that reach most of the language.
var fuzzSeeds = []string{
	"{{ config['x'] }}", "{{ config.get('d', {}).items() | list }}", "{{ 'a' if config.n else 1 ~ 2 }}",
	"{% for k, v in config.d.items() if v recursive %}{{ loop.index }}{{ loop(v) }}{% else %}-{% endfor %}",
	"{% macro m(a, b=1) %}{{ a }}{{ varargs }}{{ caller() }}{% endmacro %}{% call(x) m(1, 2) %}{{ x }}{% endcall %}",
	"{% set ns = namespace(a=1) %}{% set ns.a = ns.a * 99 %}{{ ns.a ** 3 }}", "{% block b scoped %}{{ self.b() }}{% endblock %}",
	"{% set l = [] %}{% set _ = l.append(l) %}{{ l }}", "{{ ('a' * 70000000) | length }}", "{{ [[[0] * 99] * 99] * 99 }}",
	"{{ '%*d' % (9, 1) }}{{ '{:>9,.3f}|{!r:^5}'.format(1.5, 'x') }}", "{{ config.s | regex_replace('(?P<a>.)|x*', '\\\\g<a>-') }}",
	"{{ config.l | sort(attribute='a') | map('upper') | unique | batch(2, 0) | list | tojson(2) }}", "{% filter upper %}{% raw %}{{{% endraw %}{% endfilter %}",
	"{{ now_utc().strftime('%5Y %^b %-d') }}", "{{ format_datetime(config.s, '%_ms', '%Y %b') }}", "{{ 2 ** 99 // -7 % 5.5 }}",
	"{% autoescape true %}{{ '<' ~ ('>' | safe) }}{% endautoescape %}", "{%- with a = 1, b = a %}{{ b }}{%- endwith -%}", "{# c #}{{ -1 | abs is not even }}",
	"{{ config.s[1:-1:2] }}{{ (1, 2)[::-1] }}", "{{ dict(a=1, **{'b': 2}) | dictsort }}", "{{ lipsum(2, false, 3, 9) | wordwrap(9) | urlize | truncate(9) }}",
}

// fuzzEnv holds a value of each kind.
func fuzzEnv(t testing.TB) *Env {
	t.Helper()
	v, err := value.DecodeString(`{"x": "5", "s": "abc é 2026", "n": null, "i": 7, "f": 1.5, "b": true,
		"d": {"a": 1, "b": [1, {"c": null}]}, "l": [{"a": 2}, {"a": 1}, "z"], "e": "", "big": 123456789012345678901234567890}`)
	if err != nil {
		t.Fatal(err)
	}
	return NewEnv(func() time.Time { return caseClock }).Set("config", v).Set("stream_slice", NewStreamSlice(nil, nil, nil))
}

// within fails if f takes far longer than an evaluation can.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("%s took %v", what, d)
	}
}

func FuzzEval(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e := fuzzEnv(t)
		within(t, src, func() {
			s, err := CompileString(src, nil)
			if s == nil {
				t.Fatalf("CompileString returned no template with the error %v", err)
			}
			v, err := s.Eval(e)
			if err == nil && len(src) < 1000 {
				value.Append(nil, value.Tuple{v, s.Roots()})
			}
			b, _ := CompileBool(src, value.NewDict(0))
			if _, err := b.Eval(e); err == nil {
				s.Paths()
			}
		})
	})
}

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

// within fails when a call takes much longer than evaluations may.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if d := time.Since(start); d > 2*maxDuration {
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
				t.Fatalf("no template beside error %v", err)
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

func FuzzLiteral(f *testing.F) {
	for _, s := range []string{"1_000", "[1, (2,), {'a': b'x'}]", "{1, 2}", "-1.5e3+2j", "'a' \"b\"", "(\n1,#c\n2)", "r'\\d'", "'\\x41\\u00e9'", "..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := parseLiteral(s)
		if !ok {
			return
		}
		budget := maxNodes
		if !roundTrips(v, 1, &budget) {
			return
		}
		again, ok := parseLiteral(value.Repr(v))
		if !ok || value.Repr(again) != value.Repr(v) {
			t.Errorf("%q is %s, which is read as %s", s, value.Repr(v), value.Repr(again))
		}
	})
}

func FuzzDatetime(f *testing.F) {
	f.Add("%Y-%m-%dT%H:%M:%S.%f%z", "2026-01-02T03:04:05.5+02:00")
	f.Add("%b %d, %Y %I:%M %p %Z", "Jan 5, 2026 3:04 PM UTC")
	f.Add("%G-W%V-%u %j", "2026-W01-1 002")
	f.Add("%s", "1700000000")
	f.Fuzz(func(t *testing.T, format, text string) {
		within(t, format, func() {
			if parsed, err := ParseDatetime(format, text); err == nil {
				FormatDatetime(parsed, format)
			}
			if _, err := ParseTime(text, caseClock); err == nil {
				return
			}
			if _, err := parseISO(text); err == nil {
				return
			}
			if d, err := ParseDuration(text); err == nil {
				if _, err := d.AddTo(caseClock); err == nil {
					_ = d.Str()
				}
			}
		})
	})
}

func FuzzRegex(f *testing.F) {
	f.Add(`(?P<a>\w+)\b(?=x)|[^\d\s]{,3}+`, "abc 123", `\g<a>-\1`)
	f.Add(`(?i)(a)(?(1)b|c)\Z`, "AB", `\\`)
	f.Fuzz(func(t *testing.T, pattern, text, replacement string) {
		within(t, pattern, func() {
			r, err := compileRegex(pattern)
			if err != nil {
				return
			}
			if _, err := r.Sub(replacement, text, nil); err == nil {
				if _, err := r.Search(text); err != nil {
					t.Errorf("%q replaces but does not search: %v", pattern, err)
				}
			}
		})
	})
}

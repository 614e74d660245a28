package simpleeval

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"anytap/internal/value"
)

func names(t testing.TB) Names {
	t.Helper()
	v, err := value.DecodeString(`{"a": 1, "s": "Hello", "l": [1, 2, 3], "d": {"x": {"y": 2}}}`)
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) (any, bool) { return v.(*value.Dict).Get(name) }
}

// What expressions give is held against simpleeval in package streammap; here stands what that does
// not show.
func TestExpressionsSayWhatFailsAndWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a + s":                      "0: TypeError: unsupported operand type(s) for +: 'int' and 'str'",
		"[a, nope]":                  "4: NameNotDefined: 'nope' is not defined",
		"a and nope()":               "6: FunctionNotDefined: the function nope is not defined",
		"d['z']":                     "0: KeyError: 'z'",
		"1 + l[7]":                   "4: IndexError: list index out of range",
		"s.nope":                     "0: AttributeDoesNotExist: 'str' object has no attribute 'nope'",
		"1 + s.format(1)":            "4: FeatureNotAvailable: the attribute format is not available",
		"'x' * 100001":               "0: IterableTooLong: the result has more than 100000 elements",
		"5000000 ** 2":               "0: NumberTooHigh: 5000000 ** 2 is too large",
		"[x for x in 'a' * 10001]":   "12: IterableTooLong: the comprehensions have more than 10000 elements",
		"md5(a)":                     "0: AttributeError: 'int' object has no attribute 'encode': it takes a text, so write str(…) around it",
		"[md5(s) for x in [md5(a)]]": "18: AttributeError: 'int' object has no attribute 'encode': it takes a text, so write str(…) around it",
		"str.upper(a)":               "0: TypeError: str.upper needs a 'str' as its first argument",
		"(lambda: 1)()":              "0: FeatureNotAvailable: only a function or a method can be called",
		"1 +":                        "3: unexpected the end",
	} {
		x, err := Compile(text)
		if err == nil {
			_, err = new(Evaluator).Eval(x, names(t))
		}
		var at *Error
		got := "no error"
		if errors.As(err, &at) {
			got = fmt.Sprintf("%d: %s", at.Offset, at)
		}
		if got != want {
			t.Errorf("%s: %s; want %s", text, got, want)
		}
	}
}

func TestAnEvaluatorServesAgain(t *testing.T) {
	t.Parallel()
	var e Evaluator
	for _, text := range []string{"[x * y for x in l for y in [a]]", "[nope for x in l]", "[x for x in l if x in [x for x in [2, 3]]]"} {
		x, err := Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			v, err := e.Eval(x, names(t))
			if (err != nil) != strings.Contains(text, "nope") {
				t.Errorf("%s: %v, %v", text, value.Repr(v), err)
			}
		}
	}
}

func TestFreeNamesAreThoseOfTheHost(t *testing.T) {
	t.Parallel()
	x, err := Compile("[f(x) for x in fake.y if s]")
	if err != nil || fmt.Sprint(x.Free()) != "[fake s]" {
		t.Errorf("%v, %v", x.Free(), err)
	}
}

// FuzzEval: no expression takes the program down.
func FuzzEval(f *testing.F) {
	for _, text := range []string{"a + 1", "s.upper()[::-1]", "[x for x in l if x > 1]", "f'{a:>5} {d}'", "json.dumps(d)", "datetime.datetime(2024, a, 1)", "{1, 2} | {3}", "str.join('-', l)"} {
		f.Add(text)
	}
	given := names(f)
	f.Fuzz(func(_ *testing.T, text string) {
		if x, err := Compile(text); err == nil {
			_, _ = new(Evaluator).Eval(x, given)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	given := names(b)
	for _, text := range []string{"a", "s.upper() + '@' + str(a)", "md5(s)", "f'{s} {a:>3}'"} {
		x, err := Compile(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			var e Evaluator
			for range b.N {
				if _, err := e.Eval(x, given); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

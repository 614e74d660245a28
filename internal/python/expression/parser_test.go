package expression

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"anytap/internal/value"
)

// shown writes a tree on one line.
func shown(n Node) string {
	if n == nil {
		return "-"
	}
	switch n := n.(type) {
	case *Constant:
		return value.Repr(n.Val)
	case *Name:
		return n.Name
	}
	v := reflect.ValueOf(n).Elem()
	var parts []string
	for i := 1; i < v.NumField(); i++ {
		parts = append(parts, shownField(v.Field(i)))
	}
	return v.Type().Name() + "(" + strings.Join(parts, " ") + ")"
}

func shownField(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, shownField(v.Index(i)))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case v.Kind() == reflect.Uint8:
		return fmt.Sprintf("%c", v.Uint())
	case v.Kind() == reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "At" {
				parts = append(parts, shownField(v.Field(i)))
			}
		}
		return "{" + strings.Join(parts, " ") + "}"
	case (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) && v.IsNil():
		return "-"
	}
	if n, ok := v.Interface().(Node); ok {
		return shown(n)
	}
	return fmt.Sprint(v.Interface())
}

func TestExpressionsBecomeTrees(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a + b * c":                         "Binary(+ a Binary(* b c))",
		"a - b - c":                         "Binary(- Binary(- a b) c)",
		"-a ** -b":                          "Unary(- Binary(** a Unary(- b)))",
		"2 ** 3 ** 2":                       "Binary(** 2 Binary(** 3 2))",
		"not a == b":                        "Unary(not Compare(a [==] [b]))",
		"a and b or c":                      "Logic(true [Logic(false [a b]) c])",
		"a < b <= c is not d":               "Compare(a [< <= is not] [b c d])",
		"a not in b":                        "Compare(a [not in] [b])",
		"a if b else c if d else e":         "Conditional(b a Conditional(d c e))",
		"a | b ^ c & d << 1":                "Binary(| a Binary(^ b Binary(& c Binary(<< d 1))))",
		"a.b[1:2, ::3](c, *d, e=1, **f)":    "Call(Subscript(Attribute(a b) Sequence(( [Slice(1 2 -) Slice(- - 3)])) [c Starred(d)] [{e 1} { f}])",
		"a[:]":                              "Subscript(a Slice(- - -))",
		"()":                                "Sequence(( [])",
		"(a,)":                              "Sequence(( [a])",
		"a, b":                              "Sequence(( [a b])",
		"[a, *b,]":                          "Sequence([ [a Starred(b)])",
		"{a, b}":                            "Sequence({ [a b])",
		"{}":                                "Dict([] [])",
		"{a: 1, **b}":                       "Dict([a -] [1 b])",
		"[x for x in a if b for y, z in c]": "Comprehension([ - x [{x a [b]} {Sequence(( [y z]) c []}])",
		"{k: v for k in a}":                 "Comprehension({ k v [{k a []}])",
		"f(x for x in a)":                   "Call(f [Comprehension(( - x [{x a []}])] [])",
		"lambda a, *b, c=1, **d: a":         "Lambda([{ a -} {* b -} { c 1} {** d -}] a)",
		"'a' \"b\" '''c\nd'''":              `'abc\nd'`,
		`r'\n' b'x'[0:0]`:                   "",
		`b'\x41' b'b'`:                      "b'Ab'",
		"f'a{b}c{d!r:>{e}}{{}}'":            "Joined(['a' Formatted(b \x00 -) 'c' Formatted(d r Joined(['>' Formatted(e \x00 -)])) '{' '}'])",
		"f'{a=}'":                           "Joined(['a=' Formatted(a r -)])",
		"f'{x[\"a\"]}' 'z'":                 "Joined([Formatted(Subscript(x 'a') \x00 -) 'z'])",
		"0x_1F + 1_0 + 1.5e3 + .5":          "Binary(+ Binary(+ Binary(+ 31 10) 1500.0) 0.5)",
		"a # b\n":                           "a",
		"(a\n +\n b)":                       "Binary(+ a b)",
		"a; b":                              "a",
	} {
		n, err := Parse(text)
		got := ""
		if err == nil {
			got = shown(n)
		}
		if got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestWhatIsNoExpressionSaysWhereAndWhy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "0: the expression is empty",
		"# a":                           "0: the expression is empty",
		" a":                            "0: the line begins with a space",
		"a +":                           "3: unexpected the end",
		"(a":                            "2: '(' is never closed",
		"a)":                            "1: unmatched \")\"",
		"(a]":                           "2: \"]\" closes '('",
		"a b":                           "2: unexpected \"b\"",
		"a = 1":                         `2: unexpected "=": an expression has no assignment (== compares)`,
		"import os":                     `0: unexpected "import"`,
		"(yield a)":                     "1: yield is not supported",
		"1j":                            "0: complex numbers are not supported",
		"01":                            "0: leading zeros are not permitted in whole numbers",
		"1a":                            "0: a letter follows the number 1 directly",
		"'a":                            "0: the text has no end: a ' is missing",
		"f'{a'":                         "0: the text has no end: a ' is missing",
		"f'{}'":                         "3: a field of the f-string is empty",
		"f'x{a b}'":                     "6: unexpected \"b\"",
		"f'{a!x}'":                      `4: the conversion "!x" is none of !s, !r, !a`,
		"a if b":                        `6: expected "else", found the end`,
		"f(a=1, b)":                     "7: an argument without a name follows one with a name",
		"[x for 1 in a]":                "7: expected the name of a variable, found a number",
		"a.1":                           "1: unexpected a number",
		"a $ b":                         "2: unexpected character '$'",
		strings.Repeat("(", 201):        "200: too many nested brackets",
		strings.Repeat("-", 2000) + "a": "998: the expression is nested too deeply",
	} {
		_, err := Parse(text)
		var at *Error
		got := "no error"
		if errors.As(err, &at) {
			got = fmt.Sprintf("%d: %s", at.Offset, at.Msg)
		}
		if got != want {
			t.Errorf("%.40s: %s; want %s", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"a + b", "f'{a!r:>{b}}'", "[x for x in y if z]", "{**a, 'b': 1}", "a[1:2]", "'''a'''", "lambda: 1", "a if b else c", "rb'\\x'"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse(text)
		var at *Error
		switch {
		case err == nil && n == nil:
			t.Error("neither a tree nor an error")
		case err != nil && (!errors.As(err, &at) || at.Offset < 0 || at.Offset > len(text)):
			t.Errorf("the error %v stands nowhere", err)
		}
	})
}

package number

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

func class(err error) string {
	var e *exception.Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ""
}

func big10(s string) any {
	n, _ := new(big.Int).SetString(s, 10)
	return n
}

func TestIntFollowsPython(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		in, want any
		class    string
	}{
		"int":                       {in: int64(7), want: int64(7)},
		"large int":                 {in: big10("36893488147419103232"), want: big10("36893488147419103232")},
		"true":                      {in: true, want: int64(1)},
		"float loses its fraction":  {in: -2.9, want: int64(-2)},
		"float beyond 64 bits":      {in: 1e20, want: big10("100000000000000000000")},
		"not a number":              {in: math.NaN(), class: exception.ValueError},
		"infinity":                  {in: math.Inf(1), class: exception.OverflowError},
		"text":                      {in: "-42", want: int64(-42)},
		"white space and plus":      {in: " \t+5\n", want: int64(5)},
		"white space outside ASCII": {in: "\u00a05\x1c", want: int64(5)},
		"underscores":               {in: "1_000", want: int64(1000)},
		"two underscores":           {in: "1__0", class: exception.ValueError},
		"underscore at the end":     {in: "1_", class: exception.ValueError},
		"digits of another script":  {in: "٣٤", want: int64(34)},
		"text beyond 64 bits":       {in: "9223372036854775808", want: big10("9223372036854775808")},
		"text just within 64 bits":  {in: "-9223372036854775808", want: int64(math.MinInt64)},
		"fraction in text":          {in: "1.0", class: exception.ValueError},
		"hexadecimal":               {in: "0x10", class: exception.ValueError},
		"two signs":                 {in: "--1", class: exception.ValueError},
		"sign alone":                {in: "-", class: exception.ValueError},
		"empty":                     {in: "", class: exception.ValueError},
		"bytes":                     {in: value.Bytes("12"), want: int64(12)},
		"none":                      {in: nil, class: exception.TypeError},
		"list":                      {in: value.NewList(), class: exception.TypeError},
	} {
		got, err := Int(row.in)
		if class(err) != row.class || row.class == "" && (err != nil || !value.Equal(got, row.want)) {
			t.Errorf("%s: int(%s) is %v, error %v; want %v %s", name, value.Repr(row.in), got, err, row.want, row.class)
		}
	}
}

func TestInt64RefusesNumbersBeyond64Bits(t *testing.T) {
	t.Parallel()
	if n, err := Int64("9223372036854775807"); n != math.MaxInt64 || err != nil {
		t.Errorf("got %d, error %v", n, err)
	}
	if _, err := Int64("9223372036854775808"); class(err) != exception.OverflowError {
		t.Errorf("got error %v, want an OverflowError", err)
	}
}

func TestFloatFollowsPython(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		in    any
		want  float64
		class string
	}{
		"int":                         {in: int64(7), want: 7},
		"true":                        {in: true, want: 1},
		"int beyond a float's range":  {in: new(big.Int).Lsh(big.NewInt(1), 2000), class: exception.OverflowError},
		"text":                        {in: " -1_0.5e1 ", want: -105},
		"no digits before the point":  {in: ".5", want: 0.5},
		"no digits after the point":   {in: "5.", want: 5},
		"infinity":                    {in: "-Infinity", want: math.Inf(-1)},
		"text beyond a float's range": {in: "1e999", want: math.Inf(1)},
		"not a number":                {in: "+nan", want: math.NaN()},
		"hexadecimal":                 {in: "0x1p3", class: exception.ValueError},
		"underscore before the point": {in: "1_.5", class: exception.ValueError},
		"empty":                       {in: " ", class: exception.ValueError},
		"none":                        {in: nil, class: exception.TypeError},
	} {
		got, err := Float(row.in)
		same := got == row.want || math.IsNaN(got) && math.IsNaN(row.want)
		if class(err) != row.class || row.class == "" && (err != nil || !same) {
			t.Errorf("%s: float(%s) is %v, error %v; want %v %s", name, value.Repr(row.in), got, err, row.want, row.class)
		}
	}
}

func BenchmarkInt(b *testing.B) {
	for name, v := range map[string]any{"short text": "1700000000", "text": " 1_700 ", "float": 1.5} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Int(v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

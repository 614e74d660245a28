package value

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"unicode/utf8"

	"anytap/internal/rawjson"
)

// Decode validates raw, one JSON value that may have white space around it, and returns the value.
// Its containers stay lazy. An integer becomes an int64 or *big.Int, another number a float64,
// which is ±Inf if it is too large, as in Python. raw is retained and must not change.
func Decode(raw []byte) (any, error) { return decode(raw, false) }

// DecodePython is Decode that also accepts NaN, Infinity and -Infinity, as Python's json.loads
// does.
func DecodePython(raw []byte) (any, error) { return decode(raw, true) }

// DecodeString is Decode of a string.
func DecodeString(s string) (any, error) { return decode([]byte(s), false) }

func decode(text []byte, python bool) (any, error) {
	raw, seen, err := rawjson.Trim(text, python)
	if err != nil {
		return nil, placed(text, err)
	}
	return decodeRaw(raw, seen.Compact()), nil
}

// placed is a syntax error with its line and column, where the text has several lines.
func placed(text []byte, err error) error {
	fault, ok := errors.AsType[*rawjson.SyntaxError](err)
	if !ok || fault.Offset > int64(len(text)) || bytes.IndexByte(text[:fault.Offset], '\n') < 0 {
		return err
	}
	before := text[:fault.Offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

// DecodeRaw is Decode for text that has been validated and has no white space around it.
func DecodeRaw(raw []byte) any { return decodeRaw(raw, false) }

// decodeRaw gives the value of validated text. clean says that the text can be written as it is.
func decodeRaw(raw []byte, clean bool) any {
	if len(raw) == 0 {
		return nil
	}
	switch raw[0] {
	case '{':
		return &Dict{raw: raw, clean: clean}
	case '[':
		return &List{raw: raw, clean: clean}
	case '"':
		return rawjson.Unquote(raw)
	case 't':
		return true
	case 'f':
		return false
	case 'n':
		return nil
	case 'N':
		return math.NaN()
	case 'I':
		return math.Inf(1)
	}
	return number(raw)
}

// mostDigits is how many digits an integer may have, as in Python. One with more becomes ±Inf: to
// compute with a million digits takes seconds.
const mostDigits = 4300

// number decodes a JSON number.
func number(raw []byte) any {
	digits := raw
	neg := raw[0] == '-'
	if neg {
		digits = raw[1:]
	}
	if len(digits) > 0 && digits[0] == 'I' {
		return math.Inf(-1)
	}
	var n int64
	for i, c := range digits {
		if c-'0' > 9 {
			// The only possible error is that the number is out of range; the result is then ±Inf
			// or 0.
			f, _ := strconv.ParseFloat(string(raw), 64)
			return f
		}
		if i < 18 {
			n = n*10 + int64(c-'0')
		}
	}
	switch {
	case len(digits) > mostDigits:
		f, _ := strconv.ParseFloat(string(raw), 64)
		return f
	case len(digits) > 18:
		return bigNumber(string(raw))
	}
	if neg {
		n = -n
	}
	return n
}

func bigNumber(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if n, ok := new(big.Int).SetString(s, 10); ok {
		return n
	}
	return nil
}

// Integer returns n as an int64 if it fits, else as a *big.Int.
func Integer(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// Expand decodes everything lazy in v, so that several goroutines can read it at once, and returns
// v.
func Expand(v any) any {
	expand(v, 0)
	return v
}

func expand(v any, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case *Dict:
		for _, e := range v.AllKeys() {
			expand(e, depth+1)
		}
	case *List:
		for _, e := range v.All() {
			expand(e, depth+1)
		}
	case Tuple:
		for _, e := range v {
			expand(e, depth+1)
		}
	}
}

// Own gives a value that can be kept. It copies a container out of its text, whose memory may be
// reused, and decodes it, so that several goroutines can read it. It returns any other value as it
// is.
func Own(v any) any {
	switch v.(type) {
	case *Dict, *List:
		return Expand(DecodeRaw(Append(nil, v)))
	}
	return v
}

// Clone makes a deep copy of a container. It returns any other value as it is.
func Clone(v any) any { return cloned(v, 0) }

// cloned omits values below maxDepth.
func cloned(v any, depth int) any {
	if depth > maxDepth {
		return nil
	}
	switch v := v.(type) {
	case *Dict:
		return v.clone(depth)
	case *List:
		return v.clone(depth)
	case *Set:
		return v.Clone()
	case Tuple:
		c := make(Tuple, len(v))
		for i := range v {
			c[i] = cloned(v[i], depth+1)
		}
		return c
	}
	return v
}

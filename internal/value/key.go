package value

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
)

type (
	noneKey     struct{}
	bigKey      string
	bytesKey    string
	tupleKey    string
	datetimeKey struct {
		micro int64
		naive bool
	}
)

// Key gives a key of a Go map for v: two keys are equal if the values are equal in Python. It
// reports false if Python cannot hash v.
func Key(v any) (any, bool) {
	switch v := plainGo(v).(type) {
	case nil:
		return noneKey{}, true
	case string, int64:
		return v, true
	case bool:
		return unbool(v), true
	case *big.Int:
		return numberKey(v), true
	case float64:
		if v == math.Trunc(v) && !math.IsInf(v, 0) {
			n, _ := big.NewFloat(v).Int(nil)
			return numberKey(n), true
		}
		return v, true
	case Bytes:
		return bytesKey(v), true
	case Tuple:
		return keyOfTuple(v)
	case Datetime:
		return datetimeKey{v.UnixMicro(), v.Naive}, true
	case *Dict, *List, *Set:
		return nil, false
	default:
		return v, reflect.TypeOf(v).Comparable()
	}
}

func numberKey(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return bigKey(n.String())
}

func keyOfTuple(t Tuple) (any, bool) {
	b, ok := appendTupleKey(nil, t)
	if !ok {
		return nil, false
	}
	return tupleKey(b), true
}

// appendTupleKey writes the number of elements, and each element as its type and its key.
func appendTupleKey(b []byte, t Tuple) ([]byte, bool) {
	b = append(strconv.AppendInt(b, int64(len(t)), 10), '(')
	for _, e := range t {
		if inner, isTuple := plainGo(e).(Tuple); isTuple {
			var ok bool
			if b, ok = appendTupleKey(b, inner); !ok {
				return nil, false
			}
			continue
		}
		k, ok := Key(e)
		if !ok {
			return nil, false
		}
		switch k := k.(type) {
		case string:
			b = append(strconv.AppendInt(append(b, 's'), int64(len(k)), 10), ':')
			b = append(b, k...)
		case int64:
			b = append(strconv.AppendInt(append(b, 'i'), k, 10), ';')
		default:
			s := fmt.Sprintf("%T %v", k, k)
			b = append(strconv.AppendInt(append(b, 'v'), int64(len(s)), 10), ':')
			b = append(b, s...)
		}
	}
	return b, true
}

// hashSize is the length of a text in the result of Key.
func hashSize(k any) int {
	switch k := k.(type) {
	case string:
		return len(k)
	case tupleKey:
		return len(k)
	case bytesKey:
		return len(k)
	case bigKey:
		return len(k)
	}
	return 0
}

// keyText converts a key that is no text as json.dumps does.
func keyText(k any) string {
	switch k := k.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(k)
	case float64:
		return string(appendPythonFloat(nil, k))
	}
	return Str(k)
}

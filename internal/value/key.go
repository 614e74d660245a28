package value

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
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
	var b strings.Builder
	for _, e := range t {
		k, ok := Key(e)
		if !ok {
			return nil, false
		}
		s := fmt.Sprintf("%T %v", k, k)
		b.WriteString(strconv.Itoa(len(s)))
		b.WriteByte(':')
		b.WriteString(s)
	}
	return tupleKey(b.String()), true
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

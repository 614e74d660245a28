package fit

import (
	"bytes"

	"anytap/internal/rawjson"
)

// The functions here go once through the text of a record, which is known to be JSON. Each takes
// the index of a value and returns the index behind it; unfit: the value does not fit.
const unfit = -1

// value checks a value; a nil node allows anything. Null always fits.
func (n *node) value(b []byte, i int) int {
	if n == nil {
		return skip(b, i)
	}
	var k kinds
	switch b[i] {
	case '"':
		end := skipText(b, i)
		if n.kinds&text == 0 || n.dateTime && !isDateTime(b[i+1:end-1]) {
			return unfit
		}
		return end
	case '{':
		if n.kinds&object != 0 && n.members != nil {
			return n.object(b, i, false)
		}
		k = object
	case '[':
		if n.kinds&list != 0 && n.items != nil {
			return n.list(b, i)
		}
		k = list
	case 't', 'f':
		k = boolean
	case 'n':
		return i + len("null")
	default:
		end := skipWord(b, i)
		if n.kinds&number == 0 && (n.kinds&integer == 0 || !isInteger(b[i:end])) {
			return unfit
		}
		return end
	}
	if n.kinds&k == 0 {
		return unfit
	}
	return skip(b, i)
}

// object checks an object. whole says that a member which the schema does not name does not fit.
func (n *node) object(b []byte, i int, whole bool) int {
	next := 0
	for i = space(b, i+1); b[i] != '}'; {
		var of *node
		// Members mostly come in the order of the schema, without white space.
		if next < len(n.members) && hasPrefix(b[i:], n.members[next].name) {
			m := &n.members[next]
			i += len(m.name)
			of = m.node
			next++
		} else {
			end := skipText(b, i)
			at, found := n.find(b[i:end])
			switch {
			case found:
				of, next = n.members[at].node, at+1
			case whole:
				return unfit
			}
			i = space(b, end) + 1
		}
		if b[i] <= ' ' {
			i = space(b, i)
		}
		if i = of.value(b, i); i < 0 {
			return unfit
		}
		if b[i] <= ' ' {
			i = space(b, i)
		}
		if b[i] == ',' {
			if i++; b[i] <= ' ' {
				i = space(b, i)
			}
		}
	}
	return i + 1
}

func hasPrefix(b, prefix []byte) bool {
	return len(b) > len(prefix) && string(b[:len(prefix)]) == string(prefix)
}

// find looks for a member by its name as JSON.
func (n *node) find(key []byte) (i int, ok bool) {
	name := key[1 : len(key)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		i, ok = n.byName[rawjson.Unquote(key)]
		return i, ok
	}
	i, ok = n.byName[string(name)]
	return i, ok
}

func (n *node) list(b []byte, i int) int {
	for i = space(b, i+1); b[i] != ']'; {
		if i = n.items.value(b, i); i < 0 {
			return unfit
		}
		if i = space(b, i); b[i] == ',' {
			i = space(b, i+1)
		}
	}
	return i + 1
}

// space skips white space.
func space(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	return i
}

// skip skips any value.
func skip(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipText(b, i)
	case '{', '[':
	default:
		return skipWord(b, i)
	}
	for depth := 0; ; {
		switch b[i] {
		case '"':
			i = skipText(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
}

// skipText skips a text with its quotes.
func skipText(b []byte, i int) int {
	for i++; ; {
		end := i + bytes.IndexByte(b[i:], '"')
		i = end + 1
		if b[end-1] != '\\' {
			return i
		}
		slashes := 1
		for b[end-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
}

// skipWord skips a number or a literal.
func skipWord(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case ',', '}', ']', ' ', '\n', '\r', '\t':
			return i
		}
	}
	return i
}

// isInteger reports whether the text of a number is that of a whole one which 64 bits hold.
func isInteger(raw []byte) bool {
	const most = "9223372036854775807"
	if raw[0] == '-' {
		raw = raw[1:]
	}
	for _, c := range raw {
		if !isDigit(c) {
			return false
		}
	}
	return len(raw) < len(most) || len(raw) == len(most) && string(raw) <= most
}

package transformation

import (
	"strings"
	"unicode"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// keysToLowerDefinition configures KeysToLower, which makes the keys of a record lower case.
//
//	type: KeysToLower
//
// Keys of objects inside the record do not change.
type keysToLowerDefinition struct{}

func buildKeysToLower(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def keysToLowerDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return keysToLower{}, nil
}

type keysToLower struct{}

// Bind is contract.Transformer's.
func (keysToLower) Bind(*jinja.Env) func(*value.Dict) error {
	return func(record *value.Dict) error {
		for _, key := range record.Keys() {
			low := lower(key)
			if low == key {
				continue
			}
			v, ok := record.Get(key)
			if !ok {
				continue
			}
			record.Delete(key)
			record.Set(low, v)
		}
		return nil
	}
}

// lower is Python's str.lower.
func lower(s string) string {
	if !strings.ContainsAny(s, "İΣ") {
		return strings.ToLower(s)
	}
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == 'İ':
			b.WriteString("i\u0307")
		case r == 'Σ' && endsWord(runes, i):
			b.WriteRune('ς')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// endsWord reports whether the rune at i has a letter before it and none after it.
func endsWord(runes []rune, i int) bool {
	before, after := i-1, i+1
	for before >= 0 && ignorable(runes[before]) {
		before--
	}
	for after < len(runes) && ignorable(runes[after]) {
		after++
	}
	return before >= 0 && unicode.IsLetter(runes[before]) && (after == len(runes) || !unicode.IsLetter(runes[after]))
}

func ignorable(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk) || strings.ContainsRune("'.:·’", r)
}

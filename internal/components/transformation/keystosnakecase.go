package transformation

import (
	"strings"

	anyascii "github.com/anyascii/go"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// keysToSnakeCaseDefinition configures KeysToSnakeCase, which makes the keys of a record, and of
// the objects in it, snake case.
//
//	type: KeysToSnakeCase
//
// A key becomes its words and numbers in lower-case ASCII, joined by "_". Objects in lists do not
// change.
type keysToSnakeCaseDefinition struct{}

func buildKeysToSnakeCase(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def keysToSnakeCaseDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return keysToSnakeCase{}, nil
}

type keysToSnakeCase struct{ anyMember }

// Bind is contract.Transformer's. The records of a page have mostly the same keys, so each key is
// converted once.
func (keysToSnakeCase) Bind(*jinja.Env) func(*value.Dict) error {
	known := map[string]string{}
	key := func(k string) string {
		s, ok := known[k]
		if !ok {
			s = snakeCase(k)
			if len(known) < maxKnownKeys {
				known[k] = s
			}
		}
		return s
	}
	var walk func(*value.Dict) *value.Dict
	walk = func(d *value.Dict) *value.Dict { return rename(d, key, walk) }
	return func(record *value.Dict) error {
		*record = *walk(record)
		return nil
	}
}

// maxKnownKeys bounds the memory for APIs whose keys are data.
const maxKnownKeys = 4096

func snakeCase(key string) string {
	tokens := snakeTokens(anyascii.Transliterate(key))
	if n := len(tokens); n >= 3 {
		kept := tokens[:1]
		for _, t := range tokens[1 : n-1] {
			if t != "" {
				kept = append(kept, t)
			}
		}
		tokens = append(kept, tokens[n-1])
	}
	if len(tokens) > 0 && tokens[0] != "" && isDigit(tokens[0][0]) {
		tokens = append([]string{""}, tokens...)
	}
	return strings.ToLower(strings.Join(tokens, "_"))
}

// snakeTokens splits ASCII text into words, numbers and, as empty tokens, everything between them.
// A word is a run of capitals with the small letters after it.
func snakeTokens(s string) []string {
	var tokens []string
	for i := 0; i < len(s); {
		start := i
		switch {
		case isUpper(s[i]):
			for i < len(s) && isUpper(s[i]) {
				i++
			}
			for i < len(s) && isLower(s[i]) {
				i++
			}
		case isLower(s[i]):
			for i < len(s) && isLower(s[i]) {
				i++
			}
		case isDigit(s[i]):
			for i < len(s) && isDigit(s[i]) {
				i++
			}
		default:
			for i < len(s) && !isUpper(s[i]) && !isLower(s[i]) && !isDigit(s[i]) {
				i++
			}
			tokens = append(tokens, "")
			continue
		}
		tokens = append(tokens, s[start:i])
	}
	return tokens
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

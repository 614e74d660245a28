package rest

import (
	"time"

	"github.com/dlclark/regexp2"
)

// Pattern is a regular expression in Python's dialect.
type Pattern struct{ re *regexp2.Regexp }

// longestMatch ends a match that would take for ever.
const longestMatch = time.Second

// CompilePattern compiles a regular expression of Python's re.
func CompilePattern(text string) (*Pattern, error) {
	re, err := regexp2.Compile(text, regexp2.RE2) // RE2: (?P<name>…), as in Python
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = longestMatch
	return &Pattern{re}, nil
}

// Found is re.search: whether the pattern occurs in text.
func (p *Pattern) Found(text string) (bool, error) { return p.re.MatchString(text) }

// Match is re.match(…).group(): what the pattern matches at the beginning of text.
func (p *Pattern) Match(text string) (found string, ok bool, err error) {
	m, err := p.re.FindStringMatch(text)
	if err != nil || m == nil || m.Index != 0 {
		return "", false, err
	}
	return m.String(), true, nil
}

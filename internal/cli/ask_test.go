package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"anytap/internal/initialize"
)

func TestDialogue(t *testing.T) {
	choices := []initialize.Choice{{Title: "OAuth", Value: "oauth2"}, {Title: "Key", Value: "key"}}
	for name, c := range map[string]struct {
		question initialize.Question
		lines    string
		want     string
		fault    string
	}{
		"answer":            {initialize.Question{Name: "a"}, "x \n", "x", ""},
		"empty first":       {initialize.Question{Name: "a"}, "\n\nx\n", "x", ""},
		"secret":            {initialize.Question{Name: "a", Secret: true}, "x\n", "hidden", ""},
		"default":           {initialize.Question{Name: "a", Default: "5"}, "\n", "5", ""},
		"another":           {initialize.Question{Name: "a", Default: "5"}, "6\n", "6", ""},
		"choice by number":  {initialize.Question{Name: "a", Choices: choices}, "3\n2\n", "key", ""},
		"choice by title":   {initialize.Question{Name: "a", Choices: choices}, "oauth\n", "oauth2", ""},
		"choice by value":   {initialize.Question{Name: "a", Choices: choices}, "oauth2\n", "oauth2", ""},
		"nothing more":      {initialize.Question{Name: "a"}, "\n", "", "a was not answered"},
		"last without line": {initialize.Question{Name: "a"}, "x", "x", ""},
	} {
		in := strings.SplitAfter(c.lines, "\n")
		var out bytes.Buffer
		d := dialogue{
			out: &out,
			line: func() (string, error) {
				if len(in) == 0 {
					return "", io.EOF
				}
				line := in[0]
				if in = in[1:]; !strings.HasSuffix(line, "\n") {
					return line, io.EOF
				}
				return line, nil
			},
			secret: func() (string, error) { return "hidden", nil },
		}
		got, err := d.ask(c.question)
		if got != c.want || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %q, %v; want %q %s\n%s", name, got, err, c.want, c.fault, out.String())
		}
	}
}

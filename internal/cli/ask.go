package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"anytap/internal/initialize"
	"anytap/internal/tap"
)

// asker asks on the terminal; nil: stdin or stderr is none.
func (c *call) asker(ctx context.Context) func(initialize.Question) (string, error) {
	if !isTerminal(os.Stdin) || !isTerminal(c.stderr) {
		return nil
	}
	in := bufio.NewReader(os.Stdin)
	d := dialogue{
		out:  c.stderr,
		line: func() (string, error) { return in.ReadString('\n') },
		secret: func() (string, error) {
			text, err := term.ReadPassword(int(os.Stdin.Fd()))
			fmt.Fprintln(c.stderr)
			return string(text), err
		},
	}
	return func(q initialize.Question) (string, error) {
		before, _ := term.GetState(int(os.Stdin.Fd())) // to be put back if the answer is not awaited
		answered := make(chan error, 1)
		var answer string
		go func() {
			defer tap.Guard()
			var err error
			answer, err = d.ask(q)
			answered <- err
		}()
		select {
		case err := <-answered:
			return answer, err
		case <-ctx.Done():
			if before != nil {
				_ = term.Restore(int(os.Stdin.Fd()), before)
			}
			fmt.Fprintln(c.stderr)
			return "", tap.ErrInterrupted
		}
	}
}

// dialogue asks questions and reads answers.
type dialogue struct {
	out    io.Writer
	line   func() (string, error)
	secret func() (string, error) // reads a line that is not shown
}

// ask asks until there is an answer.
func (d dialogue) ask(q initialize.Question) (string, error) {
	d.introduce(q)
	for {
		offered := ""
		if q.Default != "" {
			offered = " [" + q.Default + "]"
		}
		fmt.Fprintf(d.out, "%s%s: ", q.Name, offered)
		read := d.line
		if q.Secret {
			read = d.secret
		}
		text, err := read()
		answer := strings.TrimSpace(text)
		switch {
		case err != nil && answer == "":
			return "", fmt.Errorf("%s was not answered: %w", q.Name, err)
		case answer == "" && q.Default == "":
			continue
		case answer == "":
			return q.Default, nil
		case len(q.Choices) == 0:
			return answer, nil
		}
		if chosen, ok := choose(q.Choices, answer); ok {
			return chosen, nil
		}
		fmt.Fprintf(d.out, "  a number from 1 to %d is expected\n", len(q.Choices))
	}
}

// introduce says what is asked for.
func (d dialogue) introduce(q initialize.Question) {
	fmt.Fprintln(d.out)
	if q.Title != "" && q.Title != q.Name {
		fmt.Fprintln(d.out, q.Title)
	}
	if about := firstSentence(q.Description); about != "" {
		fmt.Fprintln(d.out, "  "+about)
	}
	if q.Example != "" {
		fmt.Fprintln(d.out, "  For example "+q.Example)
	}
	if q.Type == "array" {
		fmt.Fprintln(d.out, "  Several are separated by commas.")
	}
	for i, choice := range q.Choices {
		fmt.Fprintf(d.out, "  %d  %s\n", i+1, choice.Title)
	}
}

// choose finds the choice of an answer: by its number, value or title.
func choose(choices []initialize.Choice, answer string) (string, bool) {
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(choices) {
		return choices[n-1].Value, true
	}
	for _, choice := range choices {
		if strings.EqualFold(answer, choice.Value) || strings.EqualFold(answer, choice.Title) {
			return choice.Value, true
		}
	}
	return "", false
}

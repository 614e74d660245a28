package resttest

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"strings"
	"sync/atomic"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// flaws are what is wrong with words.
type flaws struct {
	reuses, stateful, hides, goesOn, readsOn, holds, wrongKind bool
}

// words is a decoder of lines of text, with flaws.
type words struct {
	flaws

	yielded atomic.Int32 // by a decoder that is stateful
}

func (w *words) Abilities() rest.DecoderAbilities { return rest.DecoderAbilities{Streams: true} }

func (w *words) Decode(r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		in := bufio.NewReaderSize(r.Body, 16)
		d := value.NewDict(1)
		var held []any
		for {
			line, err := in.ReadString('\n')
			if errors.Is(err, io.EOF) && line != "" {
				err = tap.Errorf(w.kind(), "the last line is cut")
			}
			if err != nil {
				for _, v := range held {
					if !yield(v, nil) {
						return
					}
				}
				if !errors.Is(err, io.EOF) && !w.hides && yield(nil, err) && w.goesOn {
					yield(nil, err)
				}
				return
			}
			if !w.reuses {
				d = value.NewDict(1)
			}
			d.Set("w", line)
			if w.holds {
				held = append(held, d)
				continue
			}
			if w.stateful && w.yielded.Add(1) > 20 {
				return
			}
			if !yield(d, nil) {
				if w.readsOn {
					_, _ = in.ReadString('\n')
				}
				return
			}
		}
	}
}

func (w *words) kind() tap.Kind {
	if w.wrongKind {
		return tap.Config
	}
	return tap.System
}

// TestDecoderChecksFail tries each check on a decoder that is right and on one that breaks just
// that rule.
func TestDecoderChecksFail(t *testing.T) {
	base := DecoderCase{
		Body: "a\nb\nc\nd\n", Values: []string{`{"w":"a\n"}`, `{"w":"b\n"}`, `{"w":"c\n"}`, `{"w":"d\n"}`},
		Long: strings.Repeat("a\n", 1<<19), Malformed: "a\nb", Gives: Decoded{Values: []string{`{"w":"a\n"}`}, Fails: true},
	}
	for name, test := range map[string]struct {
		flaws  flaws
		change func(*DecoderCase)
		fails  string // the check that must fail; empty: none may
	}{
		"right":                                {flaws{}, nil, ""},
		"uses a value again":                   {flaws{reuses: true}, nil, "reads a body, however it arrives"},
		"keeps state":                          {flaws{stateful: true}, nil, "is shared by several answers"},
		"hides an error":                       {flaws{hides: true}, nil, "a broken connection ends it with that error"},
		"goes on after an error":               {flaws{goesOn: true}, nil, "a broken connection ends it with that error"},
		"reads on after the consumer stopped":  {flaws{readsOn: true}, nil, "the consumer stops"},
		"holds the body though it says not to": {flaws{holds: true}, nil, "yields a value long before the body ends"},
		"gives an error a wrong kind":          {flaws{wrongKind: true}, nil, "an error of the body is the system's mistake"},
		"an empty body fails":                  {flaws{}, func(c *DecoderCase) { c.Empty.Fails = true }, "reads an empty body"},
		"a malformed body gives less":          {flaws{}, func(c *DecoderCase) { c.Gives.Values = nil }, "a malformed body gives the values before it"},
	} {
		t.Run(name, func(t *testing.T) {
			tryChecks(t, decoderChecks, test.fails, func() DecoderCase {
				c := base
				c.Decoder = &words{flaws: test.flaws}
				if test.change != nil {
					test.change(&c)
				}
				return c
			})
		})
	}
}

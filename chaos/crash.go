package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// crashKinds are read while the program is killed again and again: several partitions at once.
var crashKinds = []string{"manifest list_in_windows", "manifest children", "rest children in windows", "rest values", "pullbay standard"}

// crashes kills reads at random moments until they are done, and one every second. (.ci/crash kills
// them on their way into Singer targets.)
func (l *lab) crashes(ctx context.Context) (int, error) {
	all, stop, err := l.chosen()
	if err != nil {
		return 0, err
	}
	defer stop()
	c := &checks{}
	for round := range variable("CHAOS_ROUNDS", 10) {
		for _, name := range crashKinds {
			k := kindNamed(all, name)
			if k == nil || ctx.Err() != nil {
				continue
			}
			for _, protocol := range []string{"airbyte", "singer"} {
				c.run(fmt.Sprintf("killed at random, round %d: %s, %s", round+1, name, protocol), func() error { return l.killed(ctx, k, protocol, uint64(round)) })
			}
		}
	}
	if l.only == "" {
		c.run("killed every second, 300 partitions: each run gets further", func() error { return l.everySecond(ctx) })
	}
	return c.end(), nil
}

func kindNamed(all []*kind, name string) *kind {
	for _, k := range all {
		if k.name == name {
			return k
		}
	}
	return nil
}

// checks counts what passed.
type checks struct{ passed, failed int }

func (c *checks) run(name string, check func() error) {
	if err := check(); err != nil {
		c.failed++
		fmt.Printf("FAIL  %s\n      | %s\n", name, strings.ReplaceAll(err.Error(), "\n", "\n      | "))
		return
	}
	c.passed++
	fmt.Printf("ok    %s\n", name)
}

func (c *checks) end() (code int) {
	fmt.Printf("%d passed, %d failed\n", c.passed, c.failed)
	if c.failed > 0 || c.passed == 0 {
		return 1
	}
	return 0
}

// mostKills is how often a read is killed at most before it is left alone.
const mostKills = 40

// killed kills a read at random moments until it is done.
func (l *lab) killed(ctx context.Context, k *kind, protocol string, seed uint64) error {
	t, err := l.truthOf(ctx, k)
	if err != nil {
		return err
	}
	s, err := l.begin(k, seed)
	if err != nil {
		return err
	}
	defer s.end()
	r := rand.New(rand.NewPCG(seed, 3))
	s.protocol, s.judge = protocol, newJudge(protocol, t.want)
	for n := 1; ; n++ {
		p := plan{workers: 6, part: 5, retries: 5, clock: []string{"ANYTAP_NOW=" + s.now(r.Float64()*5)}}
		if n <= mostKills {
			p.ending = ending{how: "kill", keep: 1, after: time.Duration(r.Int64N(int64(t.took))) + 10*time.Millisecond}
		}
		ran, err := s.run(ctx, p)
		if err != nil {
			return err
		}
		s.judge.take(n, ran)
		if ran.code == 0 || len(s.judge.faults) > 0 || s.judge.complete() {
			break
		}
	}
	s.judge.finish()
	if len(s.judge.faults) > 0 {
		return fmt.Errorf("%s", strings.Join(s.judge.faults, "\n"))
	}
	return nil
}

// everySecond kills each run a second after it began. The read must come to its end all the same,
// and each run must leave more records behind a STATE than the one before.
func (l *lab) everySecond(ctx context.Context) error {
	m := startModel()
	defer m.Close()
	m.latency = 20 * time.Millisecond
	k := &kind{name: "many partitions", streams: []string{"items"}, start: func() (*backend, error) {
		values := make([]any, 300)
		for i := range values {
			values[i] = i + 1
		}
		return &backend{url: m.URL, stop: func() {}, config: map[string]any{
			"source": "rest", "auth": map[string]any{"type": "bearer", "token": modelKey},
			"streams": []any{map[string]any{"name": "items", "path": "/many", "params": map[string]any{"group": "{value}"}, "values": values, "primary_key": "id",
				"pagination": map[string]any{"type": "page", "size_param": "size", "page_size": 5}}},
		}}, nil
	}}
	s, err := l.begin(k, 0)
	if err != nil {
		return err
	}
	defer s.end()
	s.protocol, s.judge = "singer", newJudge("singer", map[id]string{})
	for i := range 300 * manyItems {
		record, _ := json.Marshal(manyItem(i/manyItems+1, i%manyItems)) // it can be JSON
		text := "items " + canonical(record)
		s.judge.want[sha256.Sum256([]byte(text))] = text
	}
	for n, before := 1, 0; n <= 60; n++ {
		ran, err := s.run(ctx, plan{workers: 4, part: 1000, retries: 5, ending: ending{how: "kill", after: time.Second, keep: 1}})
		if err != nil {
			return err
		}
		s.judge.take(n, ran)
		if len(s.judge.faults) > 0 {
			return fmt.Errorf("%s", strings.Join(s.judge.faults, "\n"))
		}
		if ran.code == 0 || s.judge.complete() {
			s.judge.finish()
			fmt.Printf("      %d runs of a second read %d records\n", n, len(s.judge.want))
			return nil
		}
		if len(s.judge.covered) <= before {
			return fmt.Errorf("run %d did not get further: %d of %d records stand behind a STATE, as before", n, before, len(s.judge.want))
		}
		before = len(s.judge.covered)
	}
	return fmt.Errorf("60 runs of a second were not enough: %d of %d records", len(s.judge.covered), len(s.judge.want))
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"anytap/internal/cli"
)

// mutant is a manifest with one mistake.
type mutant struct {
	manifest subject
	n        int
	mistake  string // what was done, and where
	text     []byte
}

// tallied counts what was said of mutants.
type tallied struct {
	passed, failed int
	refused, late  int // by check-manifest, or behind it
	worked, warned int // as far as a request is sent; of these with a warning
}

// mutations makes MUTATIONS mistakes in each manifest and reads it. Whatever is refused must be
// refused with a place, by check-manifest, discover or read; nothing may hang, panic or print a
// stack.
func (l *lab) mutations(ctx context.Context) (code int, err error) {
	subjects, err := l.subjects()
	if err != nil {
		return 0, err
	}
	// No request leaves the machine, and none is answered.
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		if err := os.Setenv(name, "http://"+nowhere); err != nil {
			return 0, err
		}
	}
	each, seed := variable("MUTATIONS", 20), variable("MUTATE_SEED", 1)
	mutants := make(chan mutant)
	go func() {
		defer close(mutants)
		for _, s := range subjects {
			for n := range each {
				if m, ok := s.mutated(uint64(seed), n); ok && ctx.Err() == nil {
					mutants <- m
				}
			}
		}
	}()
	var mu sync.Mutex
	var workers sync.WaitGroup
	sum := tallied{}
	for i := range 4 * runtime.GOMAXPROCS(0) { // most of the time they wait
		folder := filepath.Join(l.folder, fmt.Sprint(i))
		if err := os.Mkdir(folder, 0o700); err != nil {
			return 0, err
		}
		workers.Go(func() {
			for m := range mutants {
				one := tallied{}
				faults := m.judge(ctx, folder, &one)
				mu.Lock()
				sum.add(one, len(faults) == 0)
				if len(faults) > 0 {
					fmt.Printf("%s, MUTATE_SEED=%d, mistake %d, %s:\n  %s\n", m.manifest.name, seed, m.n, m.mistake, strings.Join(faults, "\n  "))
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	fmt.Printf("%d manifests; refused by check-manifest %d, later %d; worked %d, of these %d with a warning\n", len(subjects), sum.refused, sum.late, sum.worked, sum.warned)
	fmt.Printf("%d passed, %d failed\n", sum.passed, sum.failed)
	return min(sum.failed, 1), ctx.Err()
}

func (t *tallied) add(one tallied, passed bool) {
	if passed {
		t.passed++
	} else {
		t.failed++
	}
	t.refused, t.late, t.worked, t.warned = t.refused+one.refused, t.late+one.late, t.worked+one.worked, t.warned+one.warned
}

// nowhere is where nobody listens.
const nowhere = "127.0.0.1:1"

// longest is how long a command may take.
const longest = 10 * time.Second

// placed are errors that name their place: in the manifest, in the configuration, or an address
// that was asked.
var placed = regexp.MustCompile(`mutant\.yaml:\d+:\d+: |config\.json: |127\.0\.0\.1:1`)

// counts is the last line of check-manifest.
var counts = regexp.MustCompile(`: \d+ problems?, \d+ warnings?$`)

// judge runs the commands on a mutant and returns what is wrong with how they go.
func (m mutant) judge(ctx context.Context, folder string, t *tallied) (faults []string) {
	long := m.manifest.waits(folder)
	manifest, config := filepath.Join(folder, "mutant.yaml"), filepath.Join(folder, "config.json")
	for file, text := range map[string][]byte{manifest: m.text, config: m.manifest.config} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return []string{err.Error()}
		}
	}
	checked := call(ctx, "check-manifest", manifest)
	faults = append(faults, checked.faults...)
	for line := range strings.SplitSeq(strings.TrimSuffix(checked.logs, "\n"), "\n") {
		if !strings.HasPrefix(line, manifest+":") || !placed.MatchString(line) && !counts.MatchString(line) {
			faults = append(faults, "check-manifest: no place: "+line)
		}
	}
	refused := checked.code != 0
	for _, verb := range []string{"discover", "read"} {
		if verb == "read" && (refused || long) {
			break
		}
		done := call(ctx, verb, "--manifest-path", manifest, "--config", config)
		faults = append(faults, done.faults...)
		for _, text := range done.errors() {
			if !placed.MatchString(text) {
				faults = append(faults, verb+": no place: "+text)
			}
			refused = refused || strings.Contains(text, "mutant.yaml:")
		}
	}
	switch {
	case checked.code != 0:
		t.refused++
	case refused:
		t.late++
	default:
		t.worked++
		if !strings.Contains(checked.logs, " 0 warnings") {
			t.warned++
		}
	}
	return faults
}

// called is how a command went.
type called struct {
	code      int
	out, logs string
	faults    []string
}

// call runs a command in this process.
func call(ctx context.Context, args ...string) called {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	done := make(chan called, 1)
	begun := time.Now()
	go func() {
		var out, logs bytes.Buffer
		code := cli.Program{Version: "chaos", Spec: []byte("{}")}.Run(ctx, args, &out, &logs)
		done <- called{code: code, out: out.String(), logs: logs.String()}
	}()
	var c called
	select {
	case c = <-done:
	case <-time.After(2 * longest):
	}
	if time.Since(begun) > longest {
		c.faults = append(c.faults, fmt.Sprintf("%s: takes longer than %s", args[0], longest))
	}
	if all := c.out + c.logs; strings.Contains(all, "goroutine ") || strings.Contains(all, "itself is at fault") {
		c.faults = append(c.faults, fmt.Sprintf("%s: %.600s", args[0], all))
	}
	if c.code > 1 {
		c.faults = append(c.faults, fmt.Sprintf("%s: exit code %d: %.300s", args[0], c.code, c.logs))
	}
	return c
}

// errors are the messages of the errors that Airbyte was told.
func (c called) errors() (texts []string) {
	for line := range strings.Lines(c.out) {
		var m struct {
			Trace struct{ Error struct{ Message string } }
		}
		if json.Unmarshal([]byte(line), &m) == nil && m.Trace.Error.Message != "" {
			texts = append(texts, m.Trace.Error.Message)
		}
	}
	if c.code != 0 && len(texts) == 0 {
		texts = append(texts, "no error: "+c.logs)
	}
	return texts
}

// mutated makes the nth mistake; false: there is no place for one.
func (s subject) mutated(seed uint64, n int) (mutant, bool) {
	name := fnv.New64a()
	_, _ = name.Write([]byte(s.name))
	random := rand.New(rand.NewPCG(seed, name.Sum64()+uint64(n)))
	var root yaml.Node
	if err := yaml.Unmarshal(s.text, &root); err != nil {
		return mutant{}, false
	}
	var all []member
	addMembers(&root, "", random.IntN(4) == 0, &all)
	if len(all) == 0 {
		return mutant{}, false
	}
	m := mutant{manifest: s, n: n, mistake: all[random.IntN(len(all))].spoil(random)}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(&root); err != nil {
		return mutant{}, false
	}
	m.text = out.Bytes()
	return m, true
}

// member is one of a map's members.
type member struct {
	of   *yaml.Node
	i    int // of its key
	path string
}

// addMembers lists the members of all maps; only of schemas where schemas is set, and else none of
// theirs.
func addMembers(n *yaml.Node, path string, schemas bool, all *[]member) {
	for i, inner := range n.Content {
		at := path
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			at += "." + n.Content[i-1].Value
			if inSchema := strings.Contains(path+".", ".properties.") || strings.Contains(path, ".schemas."); inSchema == schemas {
				*all = append(*all, member{n, i - 1, at})
			}
		} else if n.Kind == yaml.SequenceNode {
			at += fmt.Sprintf("[%d]", i)
		}
		if inner.Kind != yaml.AliasNode {
			addMembers(inner, at, schemas, all)
		}
	}
}

// spoil drops, misspells or retypes a member, and says so.
func (m member) spoil(random *rand.Rand) string {
	key, v := m.of.Content[m.i], m.of.Content[m.i+1]
	at := strings.TrimPrefix(m.path, ".")
	switch random.IntN(3) {
	case 0:
		m.of.Content = append(m.of.Content[:m.i:m.i], m.of.Content[m.i+2:]...)
		return "without " + at
	case 1:
		name := []rune(key.Value)
		if len(name) < 2 {
			break
		}
		i := random.IntN(len(name) - 1)
		switch random.IntN(3) {
		case 0:
			name[i], name[i+1] = name[i+1], name[i]
		case 1:
			name = append(name[:i], name[i+1:]...)
		default:
			name = append(name[:i:i], append([]rune{name[i]}, name[i:]...)...)
		}
		m.of.Content[m.i] = &yaml.Node{Kind: yaml.ScalarNode, Value: string(name)}
		return "with " + at + " as " + string(name)
	}
	others := []string{"7", "-1.5", "true", "null", "text", "''", "[]", "{}", "[text]", "{type: text}", "[[1]]", "{{ config['no'] }}", "'{{ no() }}'", "'{{'"}
	other := others[random.IntN(len(others))]
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(other), &doc); err != nil || len(doc.Content) == 0 {
		doc.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Value: other, Style: yaml.SingleQuotedStyle}}
	}
	doc.Content[0].Anchor = v.Anchor
	m.of.Content[m.i+1] = doc.Content[0]
	return "with " + other + " for " + at
}

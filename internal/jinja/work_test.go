//go:build linux

package jinja

import (
	"fmt"
	"maps"
	"math/big"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/method"
	"anytap/internal/python/operator"
	"anytap/internal/value"
)

// largeOperands are values whose size would be noticed: texts that are hard for one function or
// another, long lists, and values that share parts, so that going through them never ends.
func largeOperands() map[string]func() any {
	const n = 50_000
	repeat := func(s string) func() any { return func() any { return strings.Repeat(s, n/len(s)) } }
	list := func(item func(i int) any) func() any {
		return func() any {
			l := value.NewList()
			for i := range n / 10 {
				l.Append(item(i))
			}
			return l
		}
	}
	doubled := func(wrap func(v any) any) func() any {
		return func() any {
			v := wrap(int64(1))
			for range 60 {
				v = wrap(v)
			}
			return v
		}
	}
	return map[string]func() any{
		"letters": repeat("a"), "words": repeat("a "), "blanks": repeat(" "), "lines": repeat("\n"), "tabs": repeat("\t"),
		"accents": repeat("é"), "sigmas": repeat("Σ"), "commas": repeat("a,"), "tags": repeat("<a>"), "comments": repeat("<!---->"),
		"quotes": repeat("'"), "brackets": repeat("("), "squares": repeat("{["), "fields": repeat("{}"), "percents": repeat("%s"),
		"digits": repeat("9"), "signs": repeat("-"), "dates": repeat("%Y"), "hyphens": repeat("aa-"), "addresses": repeat("http://a.b "),
		"closed":  func() any { return strings.Repeat("(", n/2) + "a.b" + strings.Repeat(")", n/2) },
		"numbers": list(func(i int) any { return int64(-i) }),
		"texts":   list(func(i int) any { return fmt.Sprint(i) }),
		"dicts":   list(func(i int) any { return value.DictOf("a", i) }),
		"pairs":   list(func(i int) any { return value.Tuple{int64(i), "x"} }),
		"dict": func() any {
			d := value.NewDict(0)
			for i := range n / 10 {
				d.SetKey(int64(i), fmt.Sprint(i))
			}
			return d
		},
		"set": func() any {
			s := value.NewSet()
			for i := range n / 10 {
				s.Add(int64(i))
			}
			return s
		},
		"bytes":            func() any { return value.Bytes(strings.Repeat("a", n)) },
		"integer":          func() any { return new(big.Int).Lsh(big.NewInt(3), 1_000_000) },
		"lists of lists":   doubled(func(v any) any { return value.NewList(v, v) }),
		"tuples of tuples": doubled(func(v any) any { return value.Tuple{v, v} }),
		"dicts of dicts":   doubled(func(v any) any { return value.DictOf("a", v, "b", v) }),
		"in itself": func() any {
			l := value.NewList()
			l.Append(l)
			return l
		},
	}
}

// checkWork calls f and fails if it takes more time or memory than its steps stand for.
func checkWork(t *testing.T, what string, f func(th *python.Thread) error) {
	t.Helper()
	const (
		perStep, free         = 3 * time.Microsecond, 1500 * time.Millisecond // on a machine with much else to do
		bytesPerStep, freeMem = 300, 32 << 20
		allowed               = 100_000 // steps
	)
	st := newState(&template{self: -1}, NewEnv(nil), nil)
	defer st.release()
	st.Allow(allowed)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime(t)
	err := f(&st.Thread)
	took := cpuTime(t) - start
	runtime.ReadMemStats(&after)
	steps := st.Steps() - (python.MaxSteps - allowed)
	limit := free + time.Duration(steps)*perStep
	made := after.TotalAlloc - before.TotalAlloc
	if exception.Is(err, exception.MemoryError) {
		made = 0 // a text that became too large
	}
	if took > limit {
		t.Errorf("%s: %d steps took %v", what, steps, took)
	}
	if made > freeMem+uint64(steps)*bytesPerStep {
		t.Errorf("%s: %d steps made %d MB", what, steps, made>>20)
	}
}

// cpuTime is the time that this thread has worked.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	const thread = 1
	var used syscall.Rusage
	if err := syscall.Getrusage(thread, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// callAll calls b with each way of giving it v: alone, with itself, and with the usual arguments of
// texts and numbers.
func callAll(t *testing.T, name string, b *python.Builtin, v func() any) {
	t.Helper()
	for i, args := range [][]any{{}, {v()}, {int64(1)}, {"a", v()}, {v(), v()}, {"x", "y"}, {v(), "a"}, {int64(1 << 40)}, {"a", int64(1)}} {
		checkWork(t, fmt.Sprintf("%s with arguments %d", name, i), func(th *python.Thread) error {
			x, err := b.Call(th, append([]any{v()}, args...), nil)
			if it, ok := x.(*python.Iterator); ok && err == nil {
				_, err = python.Collect(th, it)
			}
			return err
		})
	}
}

func TestStepsOfFiltersTestsGlobalsAndMethodsMeasureTheirWork(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	for what, make := range largeOperands() {
		t.Run(what, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			v := make()
			same := func() any { return v }
			for _, table := range []map[string]*python.Builtin{filterTable, testTable, method.Of(v)} {
				for _, name := range slices.Sorted(maps.Keys(table)) {
					use := same
					if table[name].Mutates {
						use = make
					}
					callAll(t, name, table[name], use)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(globalTable)) {
				if b, ok := globalTable[name].(*python.Builtin); ok {
					callAll(t, name, b, same)
				}
			}
		})
	}
}

func TestStepsOfOperatorsMeasureTheirWork(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	operands := largeOperands()
	for _, left := range slices.Sorted(maps.Keys(operands)) {
		a := operands[left]()
		for _, b := range []any{operands[left](), value.NewList(operands[left]()), int64(7), "a", 1.5, value.Tuple{a}, &python.Slice{Step: int64(2)}} {
			for op := range python.Pow + 1 {
				checkWork(t, left+" "+op.String(), func(th *python.Thread) error {
					_, err := operator.Binary(th, op, a, b)
					return err
				})
			}
			for op := range python.NotIn + 1 {
				checkWork(t, left+" "+op.String(), func(th *python.Thread) error {
					_, err := python.Compare(th, op, a, b)
					return err
				})
			}
			checkWork(t, left+" [b]", func(th *python.Thread) error {
				x, err := getItem(th, a, b)
				if err == nil {
					_, err = python.Str(th, x)
				}
				return err
			})
		}
	}
}

func TestTemplatesOfAPageEndTogether(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ template, want string }{
		"long work":    {"{% for a in range %}{% for b in range %}{% endfor %}{% endfor %}", "too much work for one page"},
		"long texts":   {"{{ text * 30 }}", "MB of the records of one page"},
		"long lists":   {"{{ '[' ~ ones * 100 ~ ']' }}", "MB of the records of one page"},
		"long results": {"{{ range * 1000 }}", "MB of the records of one page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := CompileString(row.template, nil)
			if err != nil {
				t.Fatal(err)
			}
			page := NewEnv(nil).OfPage().Set("ones", strings.Repeat("1,", 1000)).Set("text", strings.Repeat("a", 100_000)).Set("range", value.NewList(slices.Repeat([]any{int64(1)}, 1000)...))
			records := page.Child()
			for range 1000 {
				if _, err = s.Eval(records); err != nil {
					break
				}
			}
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("a thousand evaluations: got the error %v, want one with %q", err, row.want)
			}
			if page.NextPart(); err != nil {
				if _, err := s.Eval(records); err != nil {
					t.Errorf("the next part of the page: %v", err)
				}
			}
		})
	}
}

func TestUsualTemplatesOfALargePageHaveNoLimits(t *testing.T) {
	t.Parallel()
	s, err := CompileString("{{ record.name | upper | trim }}-{% for x in record.list %}{{ x }}{% endfor %}", nil)
	if err != nil {
		t.Fatal(err)
	}
	record := value.DictOf("name", strings.Repeat("name ", 20), "list", value.NewList(int64(1), int64(2), int64(3)))
	e := NewEnv(nil).OfPage().Set("record", record)
	for range 50_000 {
		if _, err := s.Eval(e); err != nil {
			t.Fatal(err)
		}
	}
	if n := e.page.steps.Load(); n > 0 {
		t.Errorf("%d steps count against the page", n)
	}
}

// TestHostileTemplatesEndSoon runs alone: the time is the whole process's. Its bound is far above
// what the limits of work allow, and far below what the templates ask for.
func TestHostileTemplatesEndSoon(t *testing.T) {
	doubled := "{% set ns=namespace(x=[1],y=[1]) %}{% for i in 'a'*60 %}{% set ns.x = [ns.x,ns.x] %}{% set ns.y = [ns.y,ns.y] %}{% endfor %}"
	for name, template := range map[string]string{
		"equal":             doubled + "{{ ns.x == ns.y }}",
		"in":                doubled + "{{ ns.x in [ns.y] }}",
		"is in":             doubled + "{{ ns.x is in([ns.y]) }}",
		"sort":              doubled + "{{ [ns.x, ns.y] | sort }}",
		"max":               doubled + "{{ [ns.x, ns.y] | max }}",
		"index of":          doubled + "{{ [ns.x].index(ns.y) }}",
		"message of index":  doubled + "{{ [1].index(ns.x) }}",
		"message of lookup": doubled + "{{ {}[ns.x] + 1 }}",
		"count":             doubled + "{{ [ns.x].count(ns.y) }}",
		"changed":           doubled + "{% for i in 'ab' %}{{ loop.changed(ns[['x','y'][loop.index0]]) }}{% endfor %}",
		"group":             doubled + "{{ [{'a': ns.x}, {'a': ns.y}] | groupby('a') }}",
		"pretty":            doubled + "{{ ns.x | pprint }}",
		"key":               "{% set ns=namespace(x=(1,)) %}{% for i in 'a'*60 %}{% set ns.x = (ns.x,ns.x) %}{% endfor %}{{ {ns.x: 1} }}",
		"repr":              "{{ '%r' % [[[[[['a'*9999]*99]*99]*99]*99]*99] }}",
		"wrap":              "{{ ('a'*60000000) | wordwrap(1) }}",
		"wrap words":        "{{ ('a '*30000000) | wordwrap(1) }}",
		"comments":          "{{ ('<!---->'*9000000) | striptags | length }}",
		"title":             "{{ ('a'*60000000) | title | length }}",
		"sigmas":            "{{ ('Σ'*9000000) | lower | length }}",
		"strip":             "{{ ('a'*30000000).strip('b'*30000000) | length }}",
		"split":             "{{ ('a,'*30000000).split(',') | length }}",
		"split words":       "{{ ('a '*30000000).split() | length }}",
		"lines":             "{{ ('\\n'*60000000).splitlines() | length }}",
		"characters":        "{{ ('é'*30000000)[::-1] | length }}",
		"grouped":           "{{ '{:0=60000000,}'.format(1) | length }}",
		"indented JSON":     "{{ [[[[[[1]]]]]] | tojson(60000000) | length }}",
		"open fields":       "{{ ('{' ~ '['*9000000).format(1) }}",
		"brackets":          "{{ ('('*3000000 ~ 'a.b' ~ ')'*3000000) | urlize | length }}",
		"base64":            "{{ ('a'*60000000) | base64encode | base64encode | length }}",
		"literal":           "{{ '(' ~ '1,'*30000000 ~ ')' }}",
		"integers":          "{% set ns=namespace(x=3**600000) %}{% for i in 'a'*1000000 %}{% set y = ns.x * ns.x // 7 %}{% endfor %}",
		"affixes":           "{{ ('a'*60000000).startswith((('a'*60000000 ~ 'b'),)*1000000) }}",
		"long body":         "{% for i in 'a'*3000000 %}" + strings.Repeat("{{ i }}{% set x = i %}", 2000) + "{% endfor %}",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := CompileString(template, nil)
			if err != nil {
				t.Fatal(err)
			}
			start := cpuTime(t)
			_, err = s.Eval(NewEnv(nil))
			if took := cpuTime(t) - start; took > time.Minute {
				t.Errorf("took %v", took)
			}
			if err != nil && len(err.Error()) > 10_000 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
		})
	}
}

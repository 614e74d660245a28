package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	hangLimit      = 150 * time.Second
	requestTimeout = 2 * time.Second
)

// truth is what a whole read of a kind gives, without faults.
type truth struct {
	want     map[id]string
	twins    map[id]bool // records that are there more than once
	requests int
	lines    int
	took     time.Duration
}

// plan is what happens in one run of a schedule.
type plan struct {
	ending  ending
	strikes []strike
	shaken  string   // the API's own faults
	clock   []string // of the environment
	clocked bool
	base    string // replaces the proxy's address; empty: it stays
	retries int
	workers int
	part    int  // checkpoint_records
	full    bool // no file can be written: the disk is full
	cached  bool // answers are kept on the disk
}

// schedules runs as many schedules as were asked for, and prints those that failed.
func (l *lab) schedules(ctx context.Context) (int, error) {
	count, first := variable("CHAOS_SCHEDULES", 2000), uint64(variable("CHAOS_FIRST", 1))
	if seed := variable("CHAOS_SEED", 0); seed > 0 {
		count, first = 1, uint64(seed)
	}
	verbose := count == 1
	all, stop, err := l.chosen()
	if err != nil {
		return 0, err
	}
	defer stop()
	var mu sync.Mutex
	passed, failed, total := 0, 0, tally{}
	seeds := make(chan uint64)
	var workers sync.WaitGroup
	for range variable("CHAOS_PARALLEL", 24) {
		workers.Go(func() {
			for seed := range seeds {
				s := l.one(ctx, seed, all, verbose)
				mu.Lock()
				if ctx.Err() != nil { // it was not run to its end
					mu.Unlock()
					continue
				}
				total.add(s.tally)
				if len(s.faults) == 0 {
					passed++
				} else {
					failed++
					fmt.Printf("FAIL  seed %d: %s\n", seed, strings.Join(append([]string{s.name}, s.told...), "\n      | "))
					for _, fault := range s.faults {
						fmt.Println("      = " + strings.ReplaceAll(fault, "\n", "\n        "))
					}
					fmt.Printf("      replay it: make chaos CHAOS_SEED=%d\n", seed)
				}
				mu.Unlock()
			}
		})
	}
	for n := range count {
		select {
		case seeds <- first + uint64(n):
		case <-ctx.Done():
		}
	}
	close(seeds)
	workers.Wait()
	fmt.Println(total.String())
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		return 1, nil
	}
	return 0, nil
}

// chosen gives the kinds that are wanted. stop ends what serves them.
func (l *lab) chosen() (chosen []*kind, stop func(), err error) {
	all, stop := kinds(), func() {}
	if folder := parityFolder(); folder == "" {
		fmt.Println("note  public manifests are left out: ../shared/parity is not beside this checkout")
	} else {
		public, end, err := publicKinds(folder)
		if err != nil {
			return nil, nil, err
		}
		all, stop = append(all, public...), end
	}
	for _, k := range all {
		if strings.Contains(k.name, l.only) {
			chosen = append(chosen, k)
		}
	}
	if len(chosen) == 0 {
		stop()
		return nil, nil, fmt.Errorf("no kind has %q in its name", l.only)
	}
	return chosen, stop, nil
}

// truthOf reads a kind once without faults. That must give as many records as the API has.
func (l *lab) truthOf(ctx context.Context, k *kind) (*truth, error) {
	k.once.Do(func() { k.truth, k.broken = l.wholeRead(ctx, k) })
	return k.truth, k.broken
}

func (l *lab) wholeRead(ctx context.Context, k *kind) (*truth, error) {
	s, err := l.begin(k, 0)
	if err != nil {
		return nil, err
	}
	defer s.end()
	r, err := s.run(ctx, plan{workers: 4, part: 1000, retries: 5, clock: []string{"ANYTAP_NOW=" + s.now(0)}})
	if err != nil {
		return nil, err
	}
	t := &truth{want: map[id]string{}, twins: map[id]bool{}, requests: s.gremlin.seen(), lines: len(r.messages), took: r.took}
	records := 0
	for _, m := range r.messages {
		if m.kind != "RECORD" {
			continue
		}
		if _, twin := t.want[m.id]; twin {
			t.twins[m.id] = true
		}
		t.want[m.id] = m.text
		records++
	}
	switch count := s.backend.count; {
	case r.code != 0:
		return nil, fmt.Errorf("%s: without faults, exit code %d\n%s", k.name, r.code, tail(r.logs, 2000))
	case count > 0 && len(t.twins) > 0, count > 0 && len(t.want) != count, records == 0:
		return nil, fmt.Errorf("%s: without faults, %d records come, %d of them different; the source has %d", k.name, records, len(t.want), count)
	}
	return t, nil
}

// tally counts what happened.
type tally struct{ schedules, runs, failed, killed, strikes, edge, over, anew, short, early int }

func (t *tally) add(o tally) {
	t.schedules += o.schedules
	t.runs += o.runs
	t.failed += o.failed
	t.killed += o.killed
	t.strikes += o.strikes
	t.edge += o.edge
	t.over += o.over
	t.anew += o.anew
	t.short += o.short
	t.early += o.early
}

func (t *tally) String() string {
	return fmt.Sprintf("%d schedules: %d runs, of which %d were ended from outside and %d failed; %d strikes; %d records came again at the very time of a STATE, %d behind the place of a cursor for all partitions, %d since it was said that a position is not used; %d of slices that had failed on their first page; %d reads said that they may not be complete",
		t.schedules, t.runs, t.killed, t.failed, t.strikes, t.edge, t.over, t.anew, t.early, t.short)
}

// schedule is one schedule while it runs.
type schedule struct {
	*lab
	kind     *kind
	name     string
	protocol string
	full     bool // a full refresh
	backend  *backend
	gremlin  *gremlin
	judge    *judge
	folder   string
	told     []string // what happened
	faults   []string
	tally    tally
	peak     int64 // bytes that a run took at most
}

func (l *lab) begin(k *kind, seed uint64) (*schedule, error) {
	s := &schedule{lab: l, kind: k, protocol: "airbyte", judge: newJudge("airbyte", nil)}
	var err error
	if s.backend, err = k.start(); err != nil {
		return nil, err
	}
	var certificates *authority
	if k.tls {
		certificates = l.certificates
	}
	if s.gremlin, err = startGremlin(s.backend.url, certificates); err != nil {
		return nil, err
	}
	s.gremlin.revoke, s.gremlin.alias = s.backend.revoke, s.backend.host
	s.folder, err = os.MkdirTemp(l.folder, fmt.Sprintf("%d-", seed))
	return s, err
}

func (s *schedule) end() {
	s.gremlin.stop()
	s.backend.stop()
	_ = os.RemoveAll(s.folder) // main removes what is left
}

// now is a time some days into the schedule; days may be negative.
func (s *schedule) now(days float64) string {
	if s.backend.now != "" {
		return s.backend.now
	}
	return firstTime.AddDate(0, 0, 60).Add(time.Duration(days * 24 * float64(time.Hour))).Format(time.RFC3339)
}

// one runs the schedule of a seed.
func (l *lab) one(ctx context.Context, seed uint64, all []*kind, verbose bool) *schedule {
	r, more := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2)) // more is younger, so that seeds keep their meaning
	k := choose(r, all)
	t, err := l.truthOf(ctx, k)
	if err != nil {
		return &schedule{name: k.name, faults: []string{err.Error()}}
	}
	s, err := l.begin(k, seed)
	if err != nil {
		return &schedule{name: k.name, faults: []string{err.Error()}}
	}
	defer s.end()
	s.protocol = []string{"airbyte", "singer"}[r.IntN(2)]
	s.full = r.IntN(5) == 0
	s.judge = newJudge(s.protocol, t.want)
	s.judge.twins, s.judge.renewed, s.judge.shared = t.twins, k.renewed, k.shared
	if k.onePage {
		s.judge.mostEarly = len(t.want)
	}
	s.name = fmt.Sprintf("%s, %s, full refresh %v", k, s.protocol, s.full)
	s.tally.schedules = 1
	spoilt, cached := 1+r.IntN(4), more.IntN(6) == 0
	for n := 1; ; n++ {
		p := s.plan(r, t, n > spoilt)
		p.cached, p.full = cached, n <= spoilt && more.IntN(10) == 0
		if p.ending.holds = 1500 * time.Millisecond; more.IntN(4) == 0 {
			p.ending.holds = 2 * requestTimeout
		}
		ran, err := s.run(ctx, p)
		if ctx.Err() != nil {
			return s
		}
		if err != nil {
			s.faults = append(s.faults, err.Error())
			return s
		}
		s.count(p, ran)
		if ran.config != nil {
			if err := os.WriteFile(filepath.Join(s.folder, "config.json"), ran.config, 0o600); err != nil {
				s.faults = append(s.faults, err.Error())
				return s
			}
		}
		s.tell(n, p, ran, verbose)
		s.judge.take(n, ran)
		switch {
		case ran.code == 0:
			s.judge.finish()
		case s.judge.complete(): // what follows is another read
		case n > spoilt:
			s.judge.fault("run %d: exit code %d without any fault\n%s", n, ran.code, tail(ran.logs, 1500))
		case len(s.judge.faults) == 0:
			continue
		}
		s.faults = s.judge.faults
		s.tally.edge, s.tally.over, s.tally.anew, s.tally.early, s.tally.short = s.judge.edge, s.judge.over, s.judge.anew, s.judge.early, s.judge.short
		return s
	}
}

// choose chooses a kind; where public manifests are there, one of four is one of theirs. All other
// seeds mean the same without them.
func choose(r *rand.Rand, all []*kind) *kind {
	own := len(all)
	for own > 0 && all[own-1].public {
		own--
	}
	public := all[own:]
	if n := r.IntN(4); n == 0 && len(public) > 0 || own == 0 {
		return public[r.IntN(len(public))]
	}
	return all[r.IntN(own)]
}

func (s *schedule) count(p plan, r *ran) {
	s.peak = max(s.peak, r.peak)
	s.tally.runs++
	s.tally.strikes += len(p.strikes)
	switch {
	case p.ending.how != "" && r.code != 0 && r.code != 1:
		s.tally.killed++
	case r.code != 0:
		s.tally.failed++
	}
}

// tell notes what happened in a run.
func (s *schedule) tell(n int, p plan, r *ran, verbose bool) {
	records := 0
	for _, m := range r.messages {
		if m.kind == "RECORD" {
			records++
		}
	}
	line := fmt.Sprintf("run %d: %v %s%v; %v, disk full %v, cache %v, concurrency %d, max_retries %d, checkpoint_records %d, base %q → exit %d after %v, %d records, %d requests",
		n, p.strikes, p.shaken, p.clock, p.ending, p.full, p.cached, p.workers, p.retries, p.part, p.base, r.code, r.took.Round(time.Millisecond), records, s.gremlin.seen())
	s.told = append(s.told, line)
	if verbose {
		fmt.Println(line)
		fmt.Printf("%s\n%s\n", tail(r.logs, 3000), s.judge.state())
	}
}

// plan chooses what happens in a run; last: nothing bad.
func (s *schedule) plan(r *rand.Rand, t *truth, last bool) plan {
	p := plan{workers: 1 + r.IntN(6), part: []int{1000, 7, 1}[r.IntN(3)], retries: []int{5, 5, 2, 0}[r.IntN(4)]}
	days := r.Float64() * 30
	p.clock = []string{"ANYTAP_NOW=" + s.now(days)}
	if r.IntN(3) == 0 && s.backend.now == "" {
		rate, after, jump := []float64{1, 0, -3, 5000}[r.IntN(4)], r.IntN(300), r.IntN(200)-100
		if s.kind.shared { // such a cursor measures how long a run takes, by a clock that does not jump
			rate, jump = 1, 0
		}
		p.clocked = true
		p.clock = []string{fmt.Sprintf("CHAOS_CLOCK=%s %g %dms %dh", s.now(days), rate, after, jump), "CHAOS_SPEC=" + s.spec}
	}
	if last {
		p.retries = 5
		return p
	}
	for range r.IntN(4) {
		p.strikes = append(p.strikes, randomStrike(r, t.requests, s.kind))
	}
	if s.backend.shake != nil && r.IntN(3) == 0 {
		p.shaken = s.backend.shake(r)
	}
	switch n := r.IntN(100); {
	case n < 30:
	case n < 33:
		p.base = "http://" + strings.Repeat("x", 64) + ".invalid"
	case n < 36:
		p.base = "http://" + closedPort()
	case n < 39:
		p.base = strings.NewReplacer("http:", "https:", "https:", "http:").Replace(s.address())
	default:
		p.ending = randomEnding(r, t)
	}
	return p
}

func randomEnding(r *rand.Rand, t *truth) ending {
	e := ending{how: []string{"kill", "kill", "kill", "term", "close", "block", "block and kill"}[r.IntN(7)], keep: 1}
	if r.IntN(3) > 0 {
		e.lines = 1 + r.IntN(t.lines)
	} else {
		e.after = time.Duration(r.Int64N(int64(2*t.took))) + 5*time.Millisecond
	}
	if r.IntN(3) == 0 {
		e.keep = r.Float64()
	}
	return e
}

// address is what the program takes for the API's.
func (s *schedule) address() string {
	scheme := "http://"
	if s.kind.tls {
		scheme = "https://"
	}
	return scheme + s.gremlin.wire.address()
}

// run carries out one run.
func (s *schedule) run(ctx context.Context, p plan) (*ran, error) {
	args, err := s.files(p)
	if err != nil {
		return nil, err
	}
	program := s.anytap
	if p.clocked {
		program = s.clocked
	}
	cmd := exec.CommandContext(ctx, program, args...)
	if p.full { // a limit of 0 bytes a file is the nearest that needs no rights
		cmd = exec.CommandContext(ctx, "sh", append([]string{"-c", `ulimit -f 0 && exec "$@"`, "sh", program}, args...)...)
	}
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.folder, "GOMAXPROCS=2", "GOTRACEBACK=all"}, p.clock...)
	if s.kind.tls {
		cmd.Env = append(cmd.Env, "REQUESTS_CA_BUNDLE="+s.certificates.file)
	}
	s.gremlin.arm(p.strikes)
	if p.shaken != "" {
		defer s.backend.calm()
	}
	return run(cmd, p.ending, hangLimit, s.gremlin.wire.address())
}

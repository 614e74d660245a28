package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// soak reads for SOAK (20s): half of the time one long read with faults, of which memory and file
// handles are measured, and half of it one sync after the other, of which the first and the last
// ones are compared. It also counts this process's own goroutines, in which the sample APIs run.
func (l *lab) soak(ctx context.Context) (int, error) {
	text := os.Getenv("SOAK")
	if text == "" {
		text = "20s"
	}
	length, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("SOAK is %q, expected a duration such as 1h", text)
	}
	all := kinds()
	c := &checks{}
	c.run("one long read: memory and handles stay flat", func() error { return l.longRead(ctx, length/2) })
	c.run("sync after sync: what the program takes and what the sample APIs hold stay flat", func() error { return l.repeated(ctx, all, length/2) })
	return c.end(), nil
}

// figures are what a process holds.
type figures struct {
	memory  int64 // bytes that are resident
	handles int
	threads int
}

func (f figures) String() string {
	return fmt.Sprintf("%.1f MB, %d handles, %d threads", float64(f.memory)/1e6, f.handles, f.threads)
}

// measure reads the figures of a process from /proc.
func measure(pid int) (f figures, err error) {
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	handles, err := os.ReadDir(filepath.Join(folder, "fd"))
	if err != nil {
		return f, err
	}
	status, err := os.ReadFile(filepath.Join(folder, "status"))
	f.handles = len(handles)
	for line := range strings.Lines(string(status)) {
		field := strings.Fields(line)
		switch {
		case len(field) > 1 && field[0] == "VmRSS:":
			n, _ := strconv.ParseInt(field[1], 10, 64) // the kernel wrote it
			f.memory = n << 10
		case len(field) > 1 && field[0] == "Threads:":
			f.threads, _ = strconv.Atoi(field[1])
		}
	}
	return f, err
}

// longRead reads a list that does not end before its time, with a fault every now and then, and
// compares the second fifth of the time with the last.
func (l *lab) longRead(ctx context.Context, length time.Duration) error {
	deadline := time.Now().Add(length)
	m := startModel()
	defer m.Close()
	m.latency = 2 * time.Millisecond
	m.until = deadline
	g, err := startGremlin(m.URL, nil)
	if err != nil {
		return err
	}
	defer g.stop()
	config := fmt.Sprintf(`{"source":"rest","base_url":"http://%s","concurrency":4,"auth":{"type":"bearer","token":%q},"streams":[{"name":"items","path":"/endless","primary_key":"id",
		"pagination":{"type":"cursor","cursor_path":"next"}}]}`, g.wire.address(), modelKey)
	path := filepath.Join(l.folder, "soak.json")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 9))
	k := &kind{spared: spared("nowhere", "redirect loop", "revoke", "429 bare", "down", "timeout", "stall")}
	for at := 50; at < 1_000_000; at += 200 { // far enough from each other for the tries to pass
		s := randomStrike(r, 2, k)
		s.at, s.times = at+r.IntN(50), 1
		g.strikes = append(g.strikes, s)
	}
	cmd := exec.CommandContext(ctx, l.anytap, "--config", path)
	cmd.Env = []string{"HOME=" + l.folder}
	var logs strings.Builder
	cmd.Stderr = &logs
	if err := cmd.Start(); err != nil { // its output goes nowhere
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var samples []figures
	for {
		select {
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("the read failed: %w\n%s", err, tail(logs.String(), 1500))
			}
			return flat(samples, fmt.Sprintf("%d requests", g.seen()))
		case <-time.After(max(length/100, 50*time.Millisecond)):
			if f, err := measure(cmd.Process.Pid); err == nil { // else it is about to end
				samples = append(samples, f)
			}
		}
	}
}

// flat compares the second fifth of the samples with the last.
func flat(samples []figures, what string) error {
	if len(samples) < 20 {
		return fmt.Errorf("only %d samples", len(samples))
	}
	fifth := len(samples) / 5
	early, late := most(samples[fifth:2*fifth]), most(samples[len(samples)-fifth:])
	fmt.Printf("      %s; early at most %v, late at most %v\n", what, early, late)
	if late.memory > early.memory+early.memory/4+(4<<20) || late.handles > early.handles+early.handles/2+8 || late.threads > early.threads+early.threads/2+8 {
		return fmt.Errorf("it grows: early at most %v, late at most %v", early, late)
	}
	return nil
}

func most(samples []figures) (f figures) {
	for _, s := range samples {
		f = figures{max(f.memory, s.memory), max(f.handles, s.handles), max(f.threads, s.threads)}
	}
	return f
}

// repeated runs one schedule after the other, eight at a time, and watches this process, which holds
// the sample APIs, and the peak of each program that it starts.
func (l *lab) repeated(ctx context.Context, all []*kind, length time.Duration) error {
	for _, name := range []string{"jsonplaceholder page", "helpscout threads", "pullbay standard"} { // warm up
		if _, err := l.truthOf(ctx, kindNamed(all, name)); err != nil {
			return err
		}
	}
	all = slices.DeleteFunc(all, func(k *kind) bool {
		return !slices.Contains([]string{"jsonplaceholder page", "jsonplaceholder cursor", "helpscout customers", "helpscout threads", "pullbay standard"}, k.name)
	})
	deadline := time.Now().Add(length)
	var mu sync.Mutex
	var samples []figures
	var peaks []int64
	var failed error
	runs, next := 0, uint64(1_000_000)
	one := func() (more bool) {
		mu.Lock()
		next++
		seed := next
		more = failed == nil && time.Now().Before(deadline) && ctx.Err() == nil
		mu.Unlock()
		if !more {
			return false
		}
		s := l.one(ctx, seed, all, false)
		mu.Lock()
		defer mu.Unlock()
		if len(s.faults) > 0 && ctx.Err() == nil {
			failed = fmt.Errorf("seed %d: %s\n%s", seed, s.name, strings.Join(append(s.told, s.faults...), "\n"))
		}
		f, err := measure(os.Getpid())
		if err != nil {
			failed = err
		}
		f.threads = runtime.NumGoroutine() // its threads tell little
		runs, peaks, samples = runs+s.tally.runs, append(peaks, s.peak), append(samples, f)
		return true
	}
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for one() {
			}
		})
	}
	workers.Wait()
	if failed != nil {
		return failed
	}
	if n := len(peaks) / 2; n > 0 {
		early, late := slices.Max(peaks[:n]), slices.Max(peaks[n:])
		fmt.Printf("      the program takes at most %.1f MB in the first half, %.1f MB in the second\n", float64(early)/1e6, float64(late)/1e6)
		if late > 2*early {
			return fmt.Errorf("the program takes %d bytes at most, and %d before", late, early)
		}
	}
	if len(samples) < 20 {
		fmt.Printf("      %d runs: too few to compare\n", runs)
		return nil
	}
	return flat(samples, fmt.Sprintf("%d runs; threads are goroutines here", runs))
}

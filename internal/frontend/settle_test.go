package frontend

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"
	"time"
)

func TestSettleEndsAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("one\ntwo\n"); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		b, _ := io.ReadAll(r)
		read <- string(b)
	}()
	Settle(t.Context(), w)
	if got := <-read; got != "one\ntwo\n" {
		t.Errorf("the reader got %q", got)
	}
	if _, err := w.WriteString("three"); err == nil {
		t.Error("the output is still open")
	}
}

func TestSettleStopsWithItsContext(t *testing.T) {
	_, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("nobody reads this"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	Settle(ctx, w)
	if took := time.Since(start); took > settleStall/2 {
		t.Errorf("took %s", took)
	}
}

func TestSettleLeavesOthersAlone(t *testing.T) {
	Settle(t.Context(), &bytes.Buffer{})
	f, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	Settle(t.Context(), f)
	if err := f.Close(); err != nil {
		t.Errorf("a plain file was closed: %v", err)
	}
}

func TestDrainWaitsUntilNothingIsQueued(t *testing.T) {
	left := []int{400, 400, 100, 0, 0}
	size, _ := drain(t.Context(), func() int {
		n := left[0]
		left = left[1:]
		return n
	})
	if size != 400 || len(left) != 1 {
		t.Errorf("size %d, %d looks left", size, len(left))
	}
}

func TestLastLinesGetTimeByThePaceOfTheReader(t *testing.T) {
	for name, test := range map[string]struct {
		size int
		took time.Duration
		want time.Duration
	}{
		"nothing queued":  {0, time.Millisecond, settleLeast},
		"a fast reader":   {64 << 10, time.Millisecond, settleLeast},
		"a slow one":      {64 << 10, 400 * time.Millisecond, 100 * time.Millisecond},
		"a very slow one": {64 << 10, time.Minute, settleMost},
	} {
		t.Run(name, func(t *testing.T) {
			if got := lastLines(test.size, test.took); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

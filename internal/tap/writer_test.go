package tap

import (
	"context"
	"math"
	"testing"
	"time"

	"anytap/state"
)

// sized is a sink whose bookmarks have some bytes for each partition that was read.
type sized struct {
	script
	perPartition int
	read, saved  int // partitions
	bytes, large int // of bookmarks, and how many large ones there were
}

func (s *sized) Checkpoint(*Stream, *state.Bookmark) (int, error) {
	size := 100 + s.read*s.perPartition
	s.saved = s.read
	s.bytes += size
	if size > largeState {
		s.large++
	}
	return size, nil
}

// partitionRead is a run that is killed after some time: it begins with read partitions and reads
// one after the other.
func partitionRead(t *testing.T, read int, each, lasts time.Duration) *sized {
	t.Helper()
	now, sink := time.Unix(0, 0), &sized{perPartition: 120, read: read, saved: read}
	w := &writer{ctx: context.Background(), sink: sink, settings: ReadSettings{Clock: func() time.Time { return now }}.withDefaults()}
	s := fakeStream("s", partitionsOf{}, nil)
	r := &reader{Selection: Selection{Stream: s}, progress: newProgress(&state.Bookmark{}), reading: &Reading{Cursor: partitionsOf{}}}
	w.handle(event{kind: streamBegun, reader: r, taken: make(chan struct{})})
	for end := now.Add(lasts); now.Before(end); now = now.Add(each) {
		sink.read++
		if err := w.checkpoint(r, 1); err != nil {
			t.Fatal(err)
		}
	}
	return sink
}

// A run that is killed loses at most about half of its time, however many partitions its bookmark
// has. Bookmarks do not outweigh the records by much, unless few of them come.
func TestLargeBookmarksAreWrittenInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		partitions int
		each       time.Duration
		runs       []time.Duration
		lost       float64 // of the partitions that a run read, at most
	}{
		"280 partitions, killed after one second":        {280, 20 * time.Millisecond, []time.Duration{time.Second}, 0.55},
		"280 partitions, killed after four seconds":      {280, 20 * time.Millisecond, []time.Duration{4 * time.Second}, 0.55},
		"5,000 partitions, killed after two seconds":     {5000, 5 * time.Millisecond, []time.Duration{2 * time.Second}, 0.55},
		"5,000 partitions, killed after a few seconds":   {5000, 5 * time.Millisecond, []time.Duration{3 * time.Second, 5 * time.Second, 7 * time.Second}, 0.55},
		"100,000 partitions, killed after half a minute": {100_000, time.Millisecond, []time.Duration{30 * time.Second}, 0.55},
	} {
		t.Run(name, func(t *testing.T) {
			read, runs := 0, 0
			for read < c.partitions {
				lasts := c.runs[runs%len(c.runs)]
				s := partitionRead(t, read, c.each, lasts)
				if lost := float64(s.read-s.saved) / float64(s.read-read); lost > c.lost {
					t.Fatalf("run %d: read %d partitions, and %.0f %% of them are in no bookmark", runs, s.read-read, lost*100)
				}
				if most := 3 + int(math.Log2(float64(lasts/shortestPause))) + (s.read-read)*recordsPerState/largeState; s.large > most {
					t.Errorf("run %d: %d large bookmarks, want %d at most", runs, s.large, most)
				}
				read, runs = s.saved, runs+1
			}
			if ideal := int(time.Duration(c.partitions) * c.each / c.runs[0]); runs > 2*ideal+3 {
				t.Errorf("%d runs, expected %d at most", runs, 2*ideal+3)
			}
		})
	}
}

// In a long read bookmarks weigh less than the records, or come every half a minute.
func TestLargeBookmarksWeighLittle(t *testing.T) {
	t.Parallel()
	for _, partitions := range []int{10_000, 20_000} {
		s := partitionRead(t, 0, time.Millisecond/10, time.Duration(partitions)*time.Millisecond/10)
		if most := 2 * partitions * 120; s.bytes > most {
			t.Errorf("%d partitions: bookmarks of %d bytes, want %d at most", partitions, s.bytes, most)
		}
	}
	s := partitionRead(t, 20_000, time.Second, time.Hour)
	if most := (120 + 15) * 25_000 * 120; s.bytes > most {
		t.Errorf("a slow read of an hour: bookmarks of %d bytes, want %d at most", s.bytes, most)
	}
}

// Bookmarks of many partitions that are small are written after every page.
func TestSmallBookmarksAreWrittenAtOnce(t *testing.T) {
	t.Parallel()
	if s := partitionRead(t, 0, time.Millisecond, 30*time.Millisecond); s.saved != s.read {
		t.Errorf("%d of %d partitions are in a bookmark", s.saved, s.read)
	}
}

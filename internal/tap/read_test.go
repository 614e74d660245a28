package tap

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"anytap/internal/value"
	"anytap/state"
)

func TestReadWritesRecordsThenTheirState(t *testing.T) {
	released := 0
	sink := &script{}
	results, err := Read(t.Context(), []Selection{{Stream: fakeStream("s", partitionsOf{}, pagesOf{pages: 2, size: 3, release: &released})}},
		sink, ReadSettings{Source: "src", CheckpointRecords: 2})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, sink.lines, []string{
		"begin s",
		"records s 0,1", `state s {"page":1,"last_id":1,"anytap":{"format":1,"source":"src","stream":"s"}}`,
		"records s 2", `state s {"page":1,"last_id":2,"anytap":{"format":1,"source":"src","stream":"s"}}`,
		"records s 3,4", `state s {"page":2,"last_id":4,"anytap":{"format":1,"source":"src","stream":"s"}}`,
		"records s 5", `state s {"page":2,"last_id":5,"anytap":{"format":1,"source":"src","stream":"s"}}`,
		"state s -", "end s",
	})
	if results[0].Records != 6 || results[0].Err != nil {
		t.Errorf("result %+v, want 6 records and no error", results[0])
	}
	if released != 2 {
		t.Errorf("%d pages released, want 2", released)
	}
}

func TestReadKeepsGoingWhenOneSliceFails(t *testing.T) {
	sink := &script{}
	broken := fakeStream("broken", partitionsOf{"a", "b"}, pagesOf{pages: 3, size: 1, fail: map[string]int{"a": 2}})
	fine := fakeStream("fine", partitionsOf{}, pagesOf{pages: 1, size: 1})
	results, err := Read(t.Context(), []Selection{{Stream: broken}, {Stream: fine}}, sink, ReadSettings{Source: "src", Concurrency: 1})
	if err != nil {
		t.Fatal(err)
	}
	about := `,"anytap":{"format":1,"source":"src","stream":"broken"}}`
	done := `"done":["` + state.HashKey(`{"p":"b"}`) + `"]`
	position := `{"partitions":[{"partition":{"p":"a"},"page":1,"last_id":0}],`
	compare(t, sink.lines[len(sink.lines)-8:], []string{
		"state broken " + position + done + about, "state broken " + position + done + about, "end broken: page 2: broken",
		"begin fine", "records fine 0", `state fine {"page":1,"last_id":0,"anytap":{"format":1,"source":"src","stream":"fine"}}`,
		"state fine -", "end fine",
	})
	if KindOf(results[0].Err) != Transient || results[1].Err != nil {
		t.Errorf("results %+v, want the first to fail as transient and the second to succeed", results)
	}
}

// TestResumedReadMissesNoRecord stops a read after each of its lines and goes on from the last
// state. Of the first read only what that state covers counts: then each record must come just
// once.
func TestResumedReadMissesNoRecord(t *testing.T) {
	for name, cursor := range map[string]Cursor{"one slice": partitionsOf{}, "partitions": partitionsOf{"a", "b", "c"}} {
		for _, size := range []int{1, 3} {
			open := func() *Stream { return fakeStream("s", cursor, pagesOf{pages: 4, size: size}) }
			whole := &script{}
			if _, err := Read(t.Context(), []Selection{{Stream: open()}}, whole, ReadSettings{Source: "src", CheckpointRecords: 2, Concurrency: 1}); err != nil {
				t.Fatal(err)
			}
			for k := range whole.lines[:len(whole.lines)-2] { // after the last state the read is complete
				t.Run(fmt.Sprintf("%s of %d after line %d", name, size, k), func(t *testing.T) {
					resumeAfter(t, open, k, recordsOf(whole.lines))
				})
			}
		}
	}
}

var errKilled = errors.New("killed")

func resumeAfter(t *testing.T, open func() *Stream, k int, want []string) {
	first, n := &script{}, 0
	first.after = func(string) error {
		if n++; n > k {
			return errKilled
		}
		return nil
	}
	options := ReadSettings{Source: "src", CheckpointRecords: 2, Concurrency: 1}
	if _, err := Read(t.Context(), []Selection{{Stream: open()}}, first, options); !errors.Is(err, errKilled) {
		t.Fatalf("Read gave %v, want the sink's error", err)
	}
	covered, bookmark := lastState(t, first.lines)
	second := &script{}
	if _, err := Read(t.Context(), []Selection{{Stream: open(), Bookmark: bookmark}}, second, options); err != nil {
		t.Fatal(err)
	}
	got := append(recordsOf(first.lines[:covered]), recordsOf(second.lines)...)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("records before the state and after the resume are\n%v\nwant\n%v\nfirst\n%s", got, want, strings.Join(first.lines, "\n"))
	}
}

func lastState(t *testing.T, lines []string) (covered int, b *state.Bookmark) {
	t.Helper()
	for i, line := range lines {
		text, ok := strings.CutPrefix(line, "state s ")
		if !ok || text == "-" {
			continue
		}
		v, err := value.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		covered = i
		if b, err = state.Parse(v.(*value.Dict), "src", "s"); err != nil {
			t.Fatal(err)
		}
	}
	return covered, b
}

func recordsOf(lines []string) []string {
	var ids []string
	for _, line := range lines {
		if list, ok := strings.CutPrefix(line, "records s "); ok {
			ids = append(ids, strings.Split(list, ",")...)
		}
	}
	return ids
}

func TestBudgetsEndTheReadWithState(t *testing.T) {
	sink := &script{}
	results, err := Read(t.Context(), []Selection{{Stream: fakeStream("s", partitionsOf{}, pagesOf{pages: 9, size: 3})}},
		sink, ReadSettings{Source: "src", MaxRecords: 4})
	if err != nil || results[0].Err != nil || results[0].Records != 4 {
		t.Fatalf("Read gave %+v, %v; want 4 records and no error", results, err)
	}
	want := `state s {"page":2,"last_id":3,"anytap":{"format":1,"source":"src","stream":"s"}}`
	compare(t, sink.lines[len(sink.lines)-2:], []string{want, "end s: max_records reached: 4 records"})
}

func TestInterruptWritesStateAndEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sink := &script{}
	sink.after = func(line string) error {
		if strings.HasPrefix(line, "records") {
			cancel()
		}
		return nil
	}
	_, err := Read(ctx, []Selection{{Stream: fakeStream("s", partitionsOf{}, pagesOf{pages: 900, size: 3})}}, sink, ReadSettings{Source: "src"})
	if !errors.Is(err, ErrInterrupted) {
		t.Fatalf("Read gave %v, want ErrInterrupted", err)
	}
	tail := sink.lines[len(sink.lines)-2:]
	if !strings.HasPrefix(tail[0], `state s {"page":`) || tail[1] != "end s: "+ErrInterrupted.Error() {
		t.Errorf("the read ended with %q, want a state with a position and the interruption", tail)
	}
}

func TestAppendOnlyKeepsItsPosition(t *testing.T) {
	s := fakeStream("s", partitionsOf{}, pagesOf{pages: 2, size: 2})
	s.AppendOnly = true
	for name, test := range map[string]struct {
		full bool
		want string
	}{
		"incremental":  {false, `state s {"page":2,"last_id":3,"anytap":{"format":1,"source":"src","stream":"s","complete":true}}`},
		"full refresh": {true, "state s -"},
	} {
		t.Run(name, func(t *testing.T) {
			sink := &script{}
			if _, err := Read(t.Context(), []Selection{{Stream: s, FullRefresh: test.full}}, sink, ReadSettings{Source: "src"}); err != nil {
				t.Fatal(err)
			}
			compare(t, sink.lines[len(sink.lines)-2:], []string{test.want, "end s"})
		})
	}
}

func TestGroupsAreNotReadAtOnce(t *testing.T) {
	a, b := fakeStream("a", partitionsOf{}, pagesOf{pages: 3, size: 1}), fakeStream("b", partitionsOf{}, pagesOf{pages: 3, size: 1})
	a.Group, b.Group = "g", "g"
	sink := &script{}
	if _, err := Read(t.Context(), []Selection{{Stream: a}, {Stream: b}}, sink, ReadSettings{}); err != nil {
		t.Fatal(err)
	}
	for i, line := range sink.lines {
		if line == "begin b" && sink.lines[i-1] != "end a" {
			t.Errorf("b began after %q, want after the end of a", sink.lines[i-1])
		}
	}
}

func TestHeartbeatWhileNothingComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		silent := silentPages{wait: 2 * time.Minute}
		_, err := Read(t.Context(), []Selection{{Stream: fakeStream("s", partitionsOf{}, silent)}}, &script{}, ReadSettings{Log: textLog(&log)})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(log.String(), "still reading"); n < 2 {
			t.Errorf("%d heartbeats in two silent minutes, want at least 2:\n%s", n, log.String())
		}
	})
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestBudgetIsSharedByStreams(t *testing.T) {
	var selected []Selection
	for _, name := range []string{"a", "b", "c"} {
		selected = append(selected, Selection{Stream: fakeStream(name, partitionsOf{}, pagesOf{pages: 50, size: 3})})
	}
	results, err := Read(t.Context(), selected, &script{}, ReadSettings{MaxRecords: 10})
	var total int64
	for _, r := range results {
		total += r.Records
	}
	if err != nil || total != 10 {
		t.Errorf("%d records, %v; want 10 and no error", total, err)
	}
}

// TestStopEndsInsideAPage stops a read in the first part of a page. The other parts must come with
// the next read.
func TestStopEndsInsideAPage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sink := &script{after: func(line string) error {
		if strings.HasPrefix(line, "records") {
			cancel()
		}
		return nil
	}}
	open := func() *Stream { return fakeStream("s", partitionsOf{"a"}, pagesOf{pages: 1, size: 9}) }
	_, err := Read(ctx, []Selection{{Stream: open()}}, sink, ReadSettings{Source: "src", CheckpointRecords: 2})
	if !errors.Is(err, ErrInterrupted) {
		t.Fatalf("Read gave %v, want ErrInterrupted", err)
	}
	if got := recordsOf(sink.lines); len(got) != 2 {
		t.Errorf("records %v were written, want the first part of two only", got)
	}
	_, bookmark := lastState(t, sink.lines)
	second := &script{}
	if _, err := Read(t.Context(), []Selection{{Stream: open(), Bookmark: bookmark}}, second, ReadSettings{Source: "src"}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(recordsOf(second.lines), ","); got != "2,3,4,5,6,7,8" {
		t.Errorf("the next read gave %s, want the rest", got)
	}
}

// TestStopAfterTheEndIsNoInterruption stops a read whose streams have all ended: nothing is left
// for a next run.
func TestStopAfterTheEndIsNoInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sink := &script{after: func(line string) error {
		if line == "end s" {
			cancel()
		}
		return nil
	}}
	if _, err := Read(ctx, []Selection{{Stream: fakeStream("s", partitionsOf{}, pagesOf{pages: 2, size: 2})}}, sink, ReadSettings{}); err != nil {
		t.Errorf("Read gave %v, want no error", err)
	}
}

// A stream whose preparation fails begins and ends, keeps its bookmark, and leaves the others
// alone.
func TestPreparationFailsItsStreamAlone(t *testing.T) {
	open := func(name string) *Stream { return fakeStream(name, partitionsOf{}, pagesOf{pages: 1, size: 1}) }
	refused, prepared := errors.New("refused"), 0
	sink := &script{}
	results, err := Read(t.Context(), []Selection{
		{Stream: open("bad"), Prepare: func(context.Context) error { return refused }},
		{Stream: open("good"), Prepare: func(context.Context) error { prepared++; return nil }},
	}, sink, ReadSettings{Source: "src", Concurrency: 1})
	if err != nil || !errors.Is(results[0].Err, refused) || results[1].Err != nil || results[1].Records == 0 || prepared != 1 {
		t.Errorf("results are %+v, %v", results, err)
	}
	if lines := strings.Join(sink.lines[:2], "; "); lines != "begin bad; end bad: refused" {
		t.Errorf("the sink was told %s", lines)
	}
}

// againPages is a retriever of two pages, of which the second repeats records of the first.
type againPages struct{ pagesOf }

func (f againPages) Pages(context.Context, *Slice) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		second := f.page(2, 0)
		second.Again = 2
		_ = yield(f.page(1, 0), nil) && yield(second, nil)
	}
}

// TestRecordsThatComeAgainAreSaidOnce wants one warning a stream, with the number of all slices.
func TestRecordsThatComeAgainAreSaidOnce(t *testing.T) {
	var log strings.Builder
	s := fakeStream("s", partitionsOf{"a", "b"}, againPages{pagesOf{pages: 2, size: 3}})
	if _, err := Read(t.Context(), []Selection{{Stream: s}}, &script{}, ReadSettings{Source: "src", Log: textLog(&log)}); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); strings.Count(text, "came again") != 1 || !strings.Contains(text, "records=4") {
		t.Errorf("want one warning of 4 records:\n%s", text)
	}
}

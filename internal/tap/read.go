package tap

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"anytap/state"
)

// ErrInterrupted ends the streams of a read that was stopped from outside (SIGTERM, SIGINT).
var ErrInterrupted = errors.New("interrupted: the next run goes on from the last state")

// Selection is a stream to read and the place to go on from.
type Selection struct {
	Stream *Stream
	// Bookmark is the stream's part of the state; nil: there is none.
	Bookmark *state.Bookmark
	// FullRefresh reads everything again. A full refresh that was interrupted still goes on from
	// its positions.
	FullRefresh bool
	// CursorField is the catalog's choice, where the stream allows one; empty: the stream's own
	// field.
	CursorField []string
	// Since is where a read without a state begins; zero: where the stream says.
	Since time.Time
	// Limit ends the stream early after this many records; 0: no limit. The next read goes on
	// from there.
	Limit int64
	// Prepare, if not nil, is called before the stream begins, by the goroutine that reads it. It
	// may ask the API. Its error ends the stream: it begins and ends without being read.
	Prepare func(context.Context) error
}

// ReadSettings are the settings of one read. A zero value stands for the default.
type ReadSettings struct {
	Source            string           // the name of the source, which is written into positions
	Concurrency       int              // slices that are read at once; default 4
	CheckpointRecords int              // records of a long page between two checkpoints; default 1,000
	CheckpointEvery   time.Duration    // the longest time that a large bookmark is put off; see writer.pause; default 30 s
	MaxRecords        int64            // records after which the whole read ends early; default: no limit
	MaxRuntime        time.Duration    // time after which the whole run ends early, see Bounded; default: no limit
	Clock             func() time.Time // measures when a checkpoint is due; default: the machine's, whatever the run takes as now
	Log               *slog.Logger
}

func (s ReadSettings) withDefaults() ReadSettings {
	if s.Concurrency <= 0 {
		s.Concurrency = 4
	}
	if s.CheckpointRecords <= 0 {
		s.CheckpointRecords = 1000
	}
	if s.CheckpointEvery <= 0 {
		s.CheckpointEvery = 30 * time.Second
	}
	if s.Clock == nil {
		s.Clock = time.Now
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Result says how the read of one stream went.
type Result struct {
	Stream  string
	Records int64   // records written
	Credits float64 // what the API charged for them, where it says
	Early   string  // the budget that ended it before its end; empty: none did
	Err     error   // nil: it was read to its end, or as far as a budget allowed
}

// Read reads the selected streams, several slices at once. It calls the sink from one goroutine,
// the caller's.
//
// A stream that fails does not stop the others; its error is in its Result. Read itself fails only
// with the sink's error, or with ErrInterrupted when ctx is cancelled: then a last checkpoint
// covers what was written. A BudgetError as ctx's cause ends the streams as any budget does. All
// goroutines have ended when Read returns.
func Read(ctx context.Context, selected []Selection, sink Sink, settings ReadSettings) ([]Result, error) {
	settings = settings.withDefaults()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s := newSchedule(selected, settings)
	w := &writer{ctx: ctx, sink: sink, settings: settings, stop: stop}
	go func() {
		defer Guard()
		s.run(ctx)
	}()

	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case e, ok := <-s.events:
			if !ok {
				return s.results(), w.result(s)
			}
			w.handle(e)
		case <-beat.C:
			w.heartbeat(s)
		}
	}
}

// Bounded makes the context of all that a run does with its source: it ends when MaxRuntime is
// over. stop frees what it holds.
func (s ReadSettings) Bounded(ctx context.Context) (bounded context.Context, stop func()) {
	if s.MaxRuntime <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, s.MaxRuntime, &BudgetError{Limit: "max_runtime", Used: s.MaxRuntime.String()})
}

// Stopped is why a run's context ended: a BudgetError or ErrInterrupted; nil while it goes on.
func Stopped(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != nil {
		return reasonOf(cause)
	}
	return nil
}

// heartbeat is how often a read that writes nothing logs that it still reads. Airbyte's platform
// wants a line a minute.
const heartbeat = 30 * time.Second

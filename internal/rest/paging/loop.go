package paging

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Loop reads slices page by page, as the paginator leads, and hands pages on with the positions
// from which an interrupted read goes on. Its fields are set before use and shared by all reads.
type Loop struct {
	Runtime *rest.Runtime
	// Config is what templates see as config; nil: the runtime's.
	Config     *value.Dict
	Stream     string
	PrimaryKey [][]string
	Requester  rest.Requester
	Selector   rest.Selector
	// Paginator leads from page to page; nil: there is one page.
	Paginator rest.Paginator
	// Partitions is the retriever's partition router; nil: none.
	Partitions tap.PartitionRouter
	// PartitionPart and CursorPart add a slice's partition and window to requests; nil: nothing.
	// Where both set a field, the cursor's value stays.
	PartitionPart, CursorPart rest.Injector
	// FirstOnly leaves both parts out of requests with a page token.
	FirstOnly bool
	// Properties are asked for in chunks; nil: a page is one request.
	Properties Properties
	// Reset says how the slice starts anew where the error handler or a limit asks for it; nil:
	// once, as it is.
	Reset *Reset
	// Shrink says how pages get smaller where the error handler asks for it; nil: that is an error.
	Shrink *Shrink
	// Split says that windows are cut in two where the error handler asks for it; nil: that is an
	// error.
	Split *Split
	// DataFeed ends a slice after a page whose last record the cursor does not keep, and drops such
	// records.
	DataFeed bool
	// Lazy takes a slice's first page from its ChildResponse, where it has one.
	Lazy     bool
	Settings Settings
	// Limits are the run's, which keep pages from being asked for ahead; nil: there are none.
	Limits Limits
	// Ledger counts the credits that the run spends; nil: nobody does.
	Ledger *Ledger
}

// Limits says how near the limits of a run are.
type Limits interface {
	// Rated reports whether the run's requests are held to a rate.
	Rated() bool
	// Strained reports whether requests are counted, or the API says that few are left.
	Strained() bool
}

// noLimits is a run without limits.
type noLimits struct{}

func (noLimits) Rated() bool    { return false }
func (noLimits) Strained() bool { return false }

// Properties are the names of the fields that are asked for.
type Properties interface {
	// Chunks gives the names for each request of a page: one chunk at least. It may ask the API.
	Chunks(ctx context.Context) ([][]string, error)
	// Merges says that the chunks' records are joined by MergeKey.
	Merges() bool
	// MergeKey is what a record has in common with its other chunks; ok is false for one that
	// stands alone.
	MergeKey(*value.Dict) (key string, ok bool, err error)
}

// Looks lists the paths below `response` that the paginator and the options look at: none where
// they look at nothing, nil where it may be anything. See Scope.
func Looks(p rest.Paginator, o *Settings) [][]string {
	looks := [][]string{}
	if p != nil {
		reads := p.Abilities().Reads
		if reads.All {
			return nil
		}
		looks = append(looks, reads.Paths...)
	}
	for _, path := range []value.Path{o.Total, o.TotalPages, o.Count, o.More, o.Next, o.creditsPath} {
		if path.Len() > 0 {
			looks = append(looks, path.Readings()...)
		}
	}
	if o.Changes != nil {
		looks = append(looks, o.Changes.Path.Readings()...)
	}
	return looks
}

var _ tap.RetrieverFactory = (*Loop)(nil)

// Router is the retriever's partition router; nil: none.
func (p *Loop) Router() tap.PartitionRouter { return p.Partitions }

// WrapCursor gives c back: the slices that are read are the cursor's own.
func (p *Loop) WrapCursor(c tap.Cursor) tap.Cursor { return c }

// Resumable is true: a page can be asked for again.
func (p *Loop) Resumable() bool { return true }

// Open binds the loop to the cursor of one read; nil: none.
func (p *Loop) Open(c tap.Cursor) tap.Retriever {
	r := &reading{Loop: p, paginator: p.Paginator, keys: &keyCheck{}, heard: &heard{}, log: p.Runtime.Logger()}
	r.verbose = r.log.Enabled(context.Background(), slog.LevelDebug)
	if c != nil {
		r.abilities = c.Abilities()
	}
	if r.paginator == nil {
		r.paginator = OnePage{}
	}
	r.can, r.requests = r.paginator.Abilities(), p.Requester.Abilities()
	if r.found = p.Settings.found; r.found == nil {
		r.found = &discovery{}
	}
	if r.limits = p.Limits; r.limits == nil {
		r.limits = noLimits{}
	}
	config := p.Config
	if config == nil {
		config = p.Runtime.Config
	}
	r.env = jinja.NewEnv(p.Runtime.Now).Set("config", config)
	return r
}

// reading is a page loop bound to a cursor.
type reading struct {
	*Loop
	abilities tap.CursorAbilities // the cursor's
	paginator rest.Paginator
	can       rest.PaginatorAbilities // the paginator's
	requests  rest.RequesterAbilities
	limits    Limits
	keys      *keyCheck
	log       *slog.Logger
	verbose   bool       // debug logs are printed
	env       *jinja.Env // config only
	heard     *heard
	found     *discovery // the way of paging, where it is looked for
}

// Pages reads a slice; see tap.Retriever.
func (r *reading) Pages(ctx context.Context, s *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) { r.window(ctx, s, 0, yield) }
}

// window reads a slice, in parts where the API refuses it whole. It reports whether the consumer
// wants more and nothing failed.
func (r *reading) window(ctx context.Context, s *tap.Slice, depth int, yield func(tap.Page, error) bool) bool {
	w := newWalk(ctx, r, s, yield)
	err := w.run()
	w.close()
	if w.stopped {
		return false
	}
	if err == nil {
		err = w.endChanges()
	}
	if action, ok := errors.AsType[*rest.ActionError](err); ok && action.Action == rest.SplitRequestWindow {
		var parts []*tap.Slice
		if parts, err = r.cut(s, depth, w.emitted, action); err == nil {
			for _, part := range parts {
				if !r.window(ctx, part, depth+1, yield) {
					return false
				}
			}
			return true
		}
	}
	if err != nil {
		yield(tap.Page{}, err)
		return false
	}
	return true
}

// sleep waits on the run's clock.
func (r *reading) sleep(ctx context.Context, reason string, d time.Duration) error {
	if r.Runtime.Waiting != nil {
		r.Runtime.Waiting(r.Stream, reason, d)
	}
	return r.Runtime.Sleep(ctx, d)
}

// failf is an error of the stream.
func (r *reading) failf(kind tap.Kind, format string, args ...any) error {
	return tap.Errorf(kind, "stream %s: %w", r.Stream, fmt.Errorf(format, args...))
}

package stream

import (
	"fmt"
	"log/slog"
	"slices"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/pytime"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// StateDelegatingDefinition configures a StateDelegatingStream, which chooses one of two streams by
// the state.
//
//	type: StateDelegatingStream
//	name: items
//	full_refresh_stream: {type: DeclarativeStream, name: items, …}
//	incremental_stream: {type: DeclarativeStream, name: items, …}
//	api_retention_period: P30D
type StateDelegatingDefinition struct {
	Name        string         `manifest:"name,required" doc:"The stream's name, which both streams have too."`
	Full        *manifest.Node `manifest:"full_refresh_stream,required,is=DeclarativeStream" doc:"What is read as long as there is no state."`
	Incremental *manifest.Node `manifest:"incremental_stream,required,is=DeclarativeStream" doc:"What is read from then on."`
	Retention   *jinja.String  `manifest:"api_retention_period" doc:"How far back incremental_stream can look, an ISO 8601 duration: with an older state everything is read anew."`
}

// BuildStateDelegating builds a StateDelegatingStream. In the catalog it has the properties of its
// full_refresh_stream.
func BuildStateDelegating(c *manifest.Compiler, n *manifest.Node) (*tap.Stream, error) {
	var def StateDelegatingDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	for _, inner := range []*manifest.Node{def.Full, def.Incremental} {
		if name, _ := inner.Get("name").Text(); name != def.Name {
			return nil, inner.Problem("has the name %q, expected %q as the stream around it", name, def.Name)
		}
	}
	d := &stateDelegating{now: c.Now, log: c.Log}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if err := d.readRetention(c, n, &def); err != nil {
		return nil, err
	}
	var err error
	if d.full, err = buildDeclarative(c, def.Full); err != nil {
		return nil, err
	}
	if d.incremental, err = buildDeclarative(c, def.Incremental); err != nil {
		return nil, err
	}
	if d.incremental.stream.Unsupported != nil {
		return d.incremental.stream, nil
	}
	s := *d.full.stream
	if s.Unsupported == nil {
		s.Open = d.open
		for _, parent := range d.incremental.stream.Parents {
			if !slices.Contains(s.Parents, parent) {
				s.Parents = append(slices.Clip(s.Parents), parent)
			}
		}
	}
	return &s, nil
}

// stateDelegating is a compiled StateDelegatingStream.
type stateDelegating struct {
	full, incremental *builder
	retention         string // empty: any state will do
	now               func() time.Time
	log               *slog.Logger
}

func (d *stateDelegating) readRetention(c *manifest.Compiler, n *manifest.Node, def *StateDelegatingDefinition) error {
	if def.Retention == nil || def.Retention.Source() == "" {
		return nil
	}
	v, err := def.Retention.Eval(c.ConfigEnv())
	if err != nil {
		return n.Get("api_retention_period").Problem("%v", err)
	}
	if !value.Truth(v) {
		return nil
	}
	d.retention = value.Str(v)
	for _, inner := range []*manifest.Node{def.Full, def.Incremental} {
		if sync := inner.Get("incremental_sync"); sync != nil && sync.Type() == "IncrementingCountCursor" {
			return sync.Problem("an IncrementingCountCursor has no dates, so api_retention_period can not be kept to")
		}
	}
	return nil
}

// open reads everything if there is no state, or if the state is older than what the API keeps.
func (d *stateDelegating) open(o tap.StartingPoint) (*tap.Reading, error) {
	if o.State == nil || o.State.Len() == 0 {
		return d.full.open(o)
	}
	if d.retention != "" {
		old, err := d.tooOld(o.State)
		if err != nil {
			return nil, err
		}
		if old {
			d.log.Warn("the state is older than what the API keeps, everything is read anew",
				"stream", d.full.stream.Name, "api_retention_period", d.retention)
			o.State = nil
			return d.full.open(o)
		}
	}
	return d.incremental.open(o)
}

// tooOld reports whether a state is older than what the API keeps, or of an unknown age.
func (d *stateDelegating) tooOld(state *value.Dict) (bool, error) {
	period, err := pytime.ParseDuration(d.retention)
	if err != nil {
		return false, fmt.Errorf("api_retention_period: %w", err)
	}
	oldest, err := period.SubFrom(d.now())
	if err != nil {
		return false, fmt.Errorf("api_retention_period: %w", err)
	}
	for _, b := range []*builder{d.full, d.incremental} {
		if at, ok := b.dateOf(state, d.now); ok {
			return at.Before(oldest), nil
		}
	}
	return true, nil
}

// dateOf is the time up to which a state was read. The only state of a stream without a cursor says
// that it was read to its end, which counts as now.
func (b *builder) dateOf(state *value.Dict, now func() time.Time) (time.Time, bool) {
	if b.sync != nil {
		return b.sync.DateState(state, b.retriever.Router())
	}
	v, _ := state.Get(contract.NoCursorState)
	return now(), value.Truth(v)
}

package rest

import (
	"anytap/internal/jinja"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// view is a slice as requests see it: its variables and what it adds to them.
type view struct {
	slice   *tap.Slice
	env     *jinja.Env // config, stream_slice
	options *Options   // of partition router and cursor; nil: none
}

// view makes a slice's view once for all its requests.
func (r *reading) view(s *tap.Slice) (*view, error) {
	v := &view{slice: s, env: r.sliceEnv(s)}
	if r.PartitionPart == nil && r.CursorPart == nil {
		return v, nil
	}
	p := &PageRequest{Slice: s, Env: RequestEnv(v.env, s, nil)}
	parts := make([]*Options, 0, 2)
	for _, injector := range []Injector{r.PartitionPart, r.CursorPart} {
		if injector == nil {
			continue
		}
		o := &Options{}
		if err := injector.Inject(o, p); err != nil {
			return nil, err
		}
		parts = append(parts, o)
	}
	v.options = parts[0]
	if len(parts) == 2 {
		v.options = overlay(parts[0], parts[1])
	}
	return v, nil
}

func (r *reading) sliceEnv(s *tap.Slice) *jinja.Env {
	return r.env.Child().Set("stream_slice", jinja.NewStreamSlice(s.Partition, s.Window, s.Extra))
}

// request is what the token's page is asked with; properties are those of one chunk, nil: none.
func (w *walk) request(token any, properties []string) (*PageRequest, error) {
	slice, env := w.asked.slice, w.asked.env
	if properties != nil {
		names := value.NewList()
		for _, name := range properties {
			names.Append(name)
		}
		slice = tap.NewSlice(slice.Partition, slice.Window, value.DictOf("query_properties", names))
		env = w.sliceEnv(slice)
	}
	return &PageRequest{
		Slice: slice, Token: token, PageSize: w.shrink.override(), Properties: properties,
		Env: RequestEnv(env, slice, token),
	}, nil
}

// selection is what records are made with: the slice as it was, whatever the request made of it, and no token.
func (w *walk) selection(p *PageRequest) *PageRequest {
	s := &PageRequest{Slice: w.slice, Token: p.Token, PageSize: p.PageSize, Properties: p.Properties, Env: w.recordEnv()}
	if !w.DataFeed {
		s.Keep = w.abilities.Keep
	}
	return s
}

func (w *walk) recordEnv() *jinja.Env {
	env := w.asked.env
	if w.asked.slice != w.slice {
		env = w.sliceEnv(w.slice)
	}
	return env.Child().Set("next_page_token", nil).Set("stream_state", value.NewDict(0))
}

// options are what paginator and slice add to the request.
func (w *walk) options(p *PageRequest) (*Options, error) {
	paging := &Options{}
	if err := w.paginator.Inject(paging, p); err != nil {
		return nil, err
	}
	if w.FirstOnly && p.Token != nil {
		return paging, nil
	}
	return Merge(paging, w.asked.options)
}

// fingerprint tells the query of this slice from any other; empty when it can not be told before a request is
// made.
func (w *walk) fingerprint() string {
	f, ok := w.Requester.(Fingerprinter)
	if !ok {
		return fingerprintOf(w.asked.options)
	}
	p := &PageRequest{Slice: w.asked.slice, Env: RequestEnv(w.asked.env, w.asked.slice, nil)}
	text, err := f.Fingerprint(p, w.asked.options)
	if err != nil {
		w.log.Debug("the query has no fingerprint", "stream", w.Stream, "error", err)
		return ""
	}
	return text
}

package paging

import (
	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// view is a slice as requests see it: its variables and what it adds to them.
type view struct {
	slice   *tap.Slice
	env     *jinja.Env  // config, stream_slice
	options *rest.Parts // of partition router and cursor; nil: none
}

// view makes a slice's view once for all its requests.
func (r *reading) view(s *tap.Slice) (*view, error) {
	v := &view{slice: s, env: r.sliceEnv(s)}
	if r.PartitionPart == nil && r.CursorPart == nil {
		return v, nil
	}
	p := &rest.PageRequest{Slice: s, Env: rest.RequestEnv(v.env, s, nil)}
	parts := make([]*rest.Parts, 0, 2)
	for _, injector := range []rest.Injector{r.PartitionPart, r.CursorPart} {
		if injector == nil {
			continue
		}
		o := &rest.Parts{}
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
func (w *walk) request(token any, properties []string) (*rest.PageRequest, error) {
	slice, env := w.asked.slice, w.asked.env
	if properties != nil {
		names := value.NewList()
		for _, name := range properties {
			names.Append(name)
		}
		slice = tap.NewSlice(slice.Partition, slice.Window, value.DictOf("query_properties", names))
		env = w.sliceEnv(slice)
	}
	return &rest.PageRequest{
		Slice: slice, Token: token, PageSize: w.shrink.override(), Properties: properties,
		Env: rest.RequestEnv(env, slice, token),
	}, nil
}

// fingerprint tells the query of this slice from any other, and is the same in each run: times and
// chance in the request's templates do not change it. It is empty when it can not be told before a
// request is made.
func (w *walk) fingerprint() string {
	if w.requests.Fingerprint == nil {
		return fingerprintOf(w.asked.options)
	}
	p := &rest.PageRequest{Slice: w.asked.slice, Env: rest.RequestEnv(w.asked.env.Still(), w.asked.slice, nil)}
	text, err := w.requests.Fingerprint(p, w.asked.options)
	if err != nil {
		w.log.Debug("the query has no fingerprint", "stream", w.Stream, "error", err)
		return ""
	}
	return text
}

package rest

import (
	"encoding/base64"
	"hash/fnv"

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
	p := &PageRequest{Slice: s, Env: requestEnv(v.env, s, nil)}
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

// overlay puts the fields of over above those of under: a cursor's fields replace a partition's, as in the
// reference runtime.
func overlay(under, over *Options) *Options {
	join := func(a, b *value.Dict) *value.Dict {
		if size(a) == 0 {
			return b
		}
		if size(b) == 0 {
			return a
		}
		a = a.Clone()
		for k, v := range b.AllKeys() {
			a.SetKey(k, v)
		}
		return a
	}
	return &Options{
		Params: join(under.Params, over.Params), Headers: join(under.Headers, over.Headers),
		Form: join(under.Form, over.Form), JSON: join(under.JSON, over.JSON),
	}
}

func (r *reading) sliceEnv(s *tap.Slice) *jinja.Env {
	return r.env.Child().Set("stream_slice", jinja.NewStreamSlice(s.Partition, s.Window, s.Extra))
}

// requestEnv has what a request's templates know: the page token, and the slice's extra fields by their own names.
func requestEnv(env *jinja.Env, s *tap.Slice, token any) *jinja.Env {
	env = env.Child().Set("next_page_token", tokenValue(token))
	if s.Extra != nil {
		for name, v := range s.Extra.All() {
			env.Set(name, v)
		}
	}
	return env
}

// tokenValue is what templates know as next_page_token.
func tokenValue(token any) any {
	if token == nil {
		return nil
	}
	d := value.NewDict(1)
	d.Set("next_page_token", token)
	return d
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
		Env: requestEnv(env, slice, token),
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
	p := &PageRequest{Slice: w.asked.slice, Env: requestEnv(w.asked.env, w.asked.slice, nil)}
	text, err := f.Fingerprint(p, w.asked.options)
	if err != nil {
		w.log.Debug("the query has no fingerprint", "stream", w.Stream, "error", err)
		return ""
	}
	return text
}

// fingerprintOf hashes options.
func fingerprintOf(o *Options) string {
	if o.Empty() {
		return ""
	}
	h := fnv.New64a()
	for _, d := range []*value.Dict{o.Params, o.Headers, o.Form, o.JSON} {
		if d != nil {
			_, _ = h.Write(value.AppendCompactSorted(nil, d))
		}
		_, _ = h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

package paging

import (
	"context"
	"net/http"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// sender sends the requests of a slice and says what records are made with. It never changes, so
// that pages which are asked for ahead share nothing with the walk that goes on.
type sender struct {
	*reading
	slice *tap.Slice // as records are made of it
	asked *view      // as requests are made of it: narrower after a reset
	anew  bool       // kept answers are of the past
}

// sender is how the walk asks at present.
func (w *walk) sender() sender { return sender{w.reading, w.slice, w.asked, w.goneBack > 0} }

// send asks the API; nil: the answer is none to make records of. found, if not nil, is told of the
// next page's token as soon as the answer shows it, by the goroutine that sends.
func (s sender) send(ctx context.Context, p *rest.PageRequest, found func(next any)) (*rest.Response, error) {
	if r := s.lazyFirst(p); r != nil {
		return r, nil
	}
	path, err := s.paginator.Path(p)
	if err != nil {
		return nil, err
	}
	options, err := s.options(p)
	if err != nil {
		return nil, err
	}
	if s.anew {
		ctx = rest.WithoutCaches(ctx)
	}
	if found != nil {
		ctx = s.withPeek(ctx, p, found)
	}
	credits, err := s.pledge(p.PageSize)
	if err != nil {
		return nil, err
	}
	r, err := s.Requester.Send(ctx, p, path, options)
	if err != nil || r == nil {
		s.Ledger.settle(credits, 0)
		return nil, err
	}
	r.Pledged = credits
	if r.Status >= 400 && !r.Ignored {
		s.charge(r, 0)
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, nil
	}
	return r, nil
}

// lazyFirst is the first page where it came with the parent's record.
func (s sender) lazyFirst(p *rest.PageRequest) *rest.Response {
	if !s.Lazy || p.Token != nil || s.slice.Extra == nil {
		return nil
	}
	v, ok := s.slice.Extra.Get(ChildResponse)
	if !ok {
		return nil
	}
	return rest.NewResponse(200, nil, "", value.Append(nil, v))
}

// selection is what records are made with: the slice as it was, whatever the request made of it,
// and no token.
func (s sender) selection(p *rest.PageRequest) *rest.PageRequest {
	made := &rest.PageRequest{Slice: s.slice, Token: p.Token, PageSize: p.PageSize, Properties: p.Properties, Env: s.recordEnv()}
	if !s.DataFeed {
		made.Keep = s.abilities.Keep
	}
	return made
}

func (s sender) recordEnv() *jinja.Env {
	env := s.asked.env
	if s.asked.slice != s.slice {
		env = s.sliceEnv(s.slice)
	}
	return env.Child().Set("next_page_token", nil).Set("stream_state", value.NewDict(0))
}

// options are what paginator and slice add to the request.
func (s sender) options(p *rest.PageRequest) (*rest.Parts, error) {
	paging := &rest.Parts{}
	if err := s.paginator.Inject(paging, p); err != nil {
		return nil, err
	}
	paging.Replaces = s.Settings.Strict && p.Token != nil // of the first token, such as cursor=*
	if s.FirstOnly && p.Token != nil {
		return paging, nil
	}
	all, err := rest.Merge(paging, s.asked.options)
	if err != nil && s.Settings.Strict && p.Token != nil {
		return rest.Merge(paging, rest.Without(s.asked.options, paging))
	}
	return all, err
}

// withPeek makes ctx ask for a look at the answer to p. found is told of the next page's token.
func (s sender) withPeek(ctx context.Context, p *rest.PageRequest, found func(next any)) context.Context {
	look := &rest.Peek{}
	for _, path := range s.can.Reads.Paths {
		look.Members = append(look.Members, path[0])
	}
	look.Tell = func(h http.Header, head *value.Dict) {
		r := rest.NewResponse(http.StatusOK, h, "", nil)
		r.Value = func() (any, error) { return head, nil }
		if next, err := s.paginator.Next(r, 0, nil, p); err == nil && value.Truth(next) {
			found(value.Own(next))
		}
	}
	return rest.WithPeek(ctx, look)
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// job is one job at the API.
type job struct {
	slice   *tap.Slice
	status  Status
	began   time.Time
	created *value.Dict    // creation_response
	answer  *rest.Response // of the last question, once the job is done
	polled  *value.Dict    // polling_response, made of it
	// uncreated says that it never was at the API.
	uncreated bool
	retryAt   time.Time // when another may be created in its place
	// unanswered counts questions in a row that brought no status.
	unanswered int
	why        error // what went wrong last
}

// finished reports whether another job is to be created in the place of this one.
func (j *job) finished() bool { return j.status == Failed || j.status == TimedOut }

var errNoCreation = errors.New("the answer to the creation of a job was refused or ignored, expected one that describes the job")

// start creates the job of a slice.
func (l *Loop) start(ctx context.Context, s *tap.Slice) (*job, error) {
	r, err := l.Create.Send(ctx, l.request(s), "", nil)
	switch {
	case err != nil:
		return nil, err
	case r == nil:
		return nil, tap.Errorf(tap.System, "%w", errNoCreation)
	}
	if _, err := r.Bytes(); err != nil {
		return nil, err
	}
	j := &job{slice: s, status: Running, began: l.Runtime.Wall()}
	j.created, err = l.described(r)
	if err != nil {
		// The reference runtime finds out when it asks after the job, and tries until the job's
		// time is over.
		err = tap.Errorf(tap.System, "create a job: %w", err)
	}
	return j, err
}

// described is what templates know of an answer: its JSON object, with headers and request where it
// has no such members.
func (l *Loop) described(r *rest.Response) (*value.Dict, error) {
	body, err := r.Bytes()
	if err != nil {
		return nil, err
	}
	v, err := value.DecodePython(rest.DecodeText(body, r.Header.Get("Content-Type")))
	if err != nil {
		return nil, fmt.Errorf("the answer is no JSON: %w", err)
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return nil, fmt.Errorf("the answer is a %s, expected an object", value.TypeName(v))
	}
	d = d.Clone()
	if _, ok := d.Get("headers"); !ok {
		d.Set("headers", l.headers(r.Header))
	}
	if _, ok := d.Get("request"); !ok {
		d.Set("request", r.Request.Describe(l.HeaderNames...))
	}
	return d, nil
}

// headers are an answer's headers by their names, and by the spellings that the manifest uses:
// names have no case.
func (l *Loop) headers(h http.Header) *value.Dict {
	d := rest.HeaderDict(h)
	for _, name := range l.HeaderNames {
		if v, ok := d.Get(http.CanonicalHeaderKey(name)); ok {
			d.Set(name, v)
		}
	}
	return d
}

// with is a slice with more extra fields.
func with(s *tap.Slice, fields ...any) *tap.Slice {
	extra := value.NewDict(len(fields) / 2)
	if s.Extra != nil {
		extra = s.Extra.Clone()
	}
	for name, v := range value.DictOf(fields...).All() {
		extra.Set(name, v)
	}
	return tap.NewSlice(s.Partition, s.Window, extra)
}

func (l *Loop) ofJob(j *job) *rest.PageRequest {
	return l.request(with(j.slice, "creation_response", j.created))
}

// ask asks after a job once.
func (l *Loop) ask(ctx context.Context, j *job) error {
	r, err := l.Poll.Send(ctx, l.ofJob(j), "", nil)
	switch {
	case err != nil:
		return err
	case r == nil:
		return tap.Errorf(tap.System, "the question after a job brought no answer")
	}
	if _, err := r.Bytes(); err != nil {
		return err
	}
	word, err := firstValue(l.Status.Extract(ctx, r))
	if err != nil {
		return err
	}
	status, ok := l.Statuses[value.Str(word)]
	if !ok {
		return tap.Errorf(tap.System, "the API says that a job is %s, which status_mapping does not list", value.Repr(word))
	}
	if status == Completed {
		j.answer = r
	}
	j.status = status
	return nil
}

// firstValue is the first of several; nil: there is none.
func firstValue(values iter.Seq2[any, error]) (any, error) {
	for v, err := range values {
		return v, err
	}
	return nil, nil
}

// stopJob aborts a job where the API can.
func (l *Loop) stopJob(ctx context.Context, j *job) error {
	if l.Abort == nil || j.uncreated {
		return nil
	}
	return discard(l.Abort.Send(ctx, l.ofJob(j), "", nil))
}

// discard closes an answer that nobody reads.
func discard(r *rest.Response, err error) error {
	if err == nil && r != nil && r.Body != nil {
		_ = r.Body.Close()
	}
	return err
}

// fetch downloads what a job made and deletes it. It reports whether the consumer wants more and
// nothing failed.
func (r *jobReading) fetch(ctx context.Context, j *job, yield func(tap.Page, error) bool) bool {
	goOn, err := r.targets(ctx, j, func(s *tap.Slice) (bool, error) { return r.target(ctx, j, s, yield) })
	if err == nil && goOn && r.Delete != nil {
		err = discard(r.Delete.Send(ctx, r.ofJob(j), "", nil))
	}
	if err != nil {
		yield(tap.Page{}, err)
		return false
	}
	return goOn
}

// targets gives each of the job's targets to read, as a slice with what the download's templates
// know.
func (r *jobReading) targets(ctx context.Context, j *job, read func(*tap.Slice) (bool, error)) (bool, error) {
	one := func(target any) (bool, error) {
		polled, err := r.polled(j)
		if err != nil {
			return false, err
		}
		return read(with(j.slice, "download_target", target, "creation_response", j.created, "polling_response", polled))
	}
	if r.Target == nil {
		return one("")
	}
	answer, err := r.whereabouts(ctx, j)
	if err != nil {
		return false, err
	}
	for v, err := range r.Target.Extract(ctx, answer) {
		if err != nil {
			return false, err
		}
		if goOn, err := one(v); err != nil || !goOn {
			return false, err
		}
	}
	return true, nil
}

// polled is polling_response.
func (r *jobReading) polled(j *job) (*value.Dict, error) {
	if j.polled == nil {
		var err error
		if j.polled, err = r.described(j.answer); err != nil {
			return nil, tap.Errorf(tap.System, "download a job: %w", err)
		}
	}
	return j.polled, nil
}

// whereabouts is the answer that holds a job's targets.
func (r *jobReading) whereabouts(ctx context.Context, j *job) (*rest.Response, error) {
	if r.Targets == nil {
		return j.answer, nil
	}
	polled, err := r.polled(j)
	if err != nil {
		return nil, err
	}
	answer, err := r.Targets.Send(ctx, r.request(tap.NewSlice(nil, nil, value.DictOf("polling_response", polled))), "", nil)
	if err == nil && answer == nil {
		err = tap.Errorf(tap.System, "the question for a job's download targets brought no answer")
	}
	return answer, err
}

// target downloads one target.
func (r *jobReading) target(ctx context.Context, j *job, s *tap.Slice, yield func(tap.Page, error) bool) (bool, error) {
	for page, err := range r.download.Pages(ctx, s) {
		if r.failed != nil {
			if err := r.failed(j.slice); err != nil {
				return false, err
			}
		}
		if len(page.Records) > 0 || page.Release != nil {
			goOn, refineErr := r.refine(ctx, j.slice, page, yield)
			if refineErr != nil || !goOn {
				return goOn, refineErr
			}
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// refine makes the stream's records of a downloaded page. The memory of the page goes back with the
// last of them.
func (r *jobReading) refine(ctx context.Context, s *tap.Slice, page tap.Page, yield func(tap.Page, error) bool) (bool, error) {
	bare := tap.NewSlice(s.Partition, s.Window, nil)
	p := &rest.PageRequest{Slice: s, Env: r.env(bare).Set("stream_state", value.NewDict(0))}
	var held []tap.Record
	for batch, err := range r.Refine.Refine(ctx, valuesOf(page.Records), p) {
		if len(held) > 0 && !yield(tap.Page{Records: held}, nil) {
			return false, nil
		}
		if held = batch; err != nil {
			if len(held) > 0 && !yield(tap.Page{Records: held}, nil) {
				return false, nil
			}
			return false, err
		}
	}
	out := tap.Page{Records: held, Credits: page.Credits, Release: page.Release}
	return yield(out, nil), nil
}

// valuesOf are the records' data.
func valuesOf(records []tap.Record) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for r := range slices.Values(records) {
			if !yield(r.Data, nil) {
				return
			}
		}
	}
}

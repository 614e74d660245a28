package selector

import (
	"context"
	"fmt"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// line filters, transforms and casts the records of one answer, on their way from the extractor to
// the page loop.
type line struct {
	*recordSelector
	ctx     context.Context
	request *rest.PageRequest
	yield   func([]tap.Record, error) bool

	keep       func(*tap.Slice, *value.Dict) bool // nil: the cursor's bounds do not matter
	vars       *jinja.Env                         // of the filter
	transforms []func(*value.Dict) error
	made       *jinja.Env  // of the transformations; nil: none
	plan       *schemaPlan // nil: nothing is cast
	plain      bool        // records pass as they are
	opening    opening
	spread     bool // members of records are read
	seals      bool // changed records become text again at once, to hold less memory

	response *rest.Response // nil: records come from elsewhere
	columns  *names         // of records that are lists; nil: none came yet
	rows     int            // such records so far

	most    int // records of a batch; 0: all
	batch   []tap.Record
	since   time.Time   // when the batch began, if most is set
	count   int         // of records that were extracted
	last    *value.Dict // of them, unless all go on as they are
	stopped bool        // the consumer wants no more
	held    bool        // the last record did not become text again
	text    []byte      // where changed records become text
}

// open prepares the line for the request.
func (l *line) open() error {
	if l.filter != nil {
		l.vars = l.request.Env.Child()
	}
	if len(l.transformations) > 0 {
		env := transformEnv(l.request.Env)
		l.made = env
		l.transforms = make([]func(*value.Dict) error, len(l.transformations))
		for i, t := range l.transformations {
			l.transforms[i] = t.Bind(env)
		}
	}
	if l.casts != nil {
		var err error
		if l.plan, err = l.casts.compiled(l.ctx); err != nil {
			return err
		}
	}
	if l.bounded {
		l.keep = l.request.Keep
	}
	l.plain = l.filter == nil && l.keep == nil && len(l.transforms) == 0 && l.plan == nil && l.upload == nil
	l.opening = l.touched.opening(l.plan != nil)
	l.spread = !l.plain || l.followed
	l.seals = !l.plain && l.upload == nil
	return nil
}

// prepare makes a page note what the line needs of the records of r.
func (l *line) prepare(page *rawjson.Page, r *rest.Response) {
	page.Spread = l.spread && r.Release != nil // notes need memory that is released
	if page.Pattern = nil; l.pattern != nil && len(l.transforms) == 0 && l.plan == nil && l.upload == nil {
		page.Pattern = l.pattern.Load()
	}
}

// transformEnv returns the variables of transformations: those of the page without its token.
func transformEnv(page *jinja.Env) *jinja.Env {
	env := jinja.NewEnv(page.Now).OfPage()
	if config, ok := page.Get("config"); ok {
		env.Set("config", config)
	}
	slice, _ := page.Get("stream_slice")
	return env.Set("stream_slice", slice)
}

// finish hands on the last batch, and then the error.
func (l *line) finish(err error) {
	if len(l.batch) > 0 && !l.yield(l.batch, nil) {
		return
	}
	if err != nil {
		l.yield(nil, err)
	}
}

// take makes records of one extracted value, and sends them through the line.
func (l *line) take(v any) error {
	if l.shaper != nil {
		if _, isObject := v.(*value.Dict); !isObject || l.shaper.Key != "" {
			return l.shape(v)
		}
	}
	return l.through(v)
}

// through sends one record, which may be no object, through the line.
func (l *line) through(v any) error {
	l.count++
	d, isObject := v.(*value.Dict)
	if !isObject {
		if _, dropped := v.(droppedEmpty); dropped {
			return nil
		}
	}
	if l.plain && isObject {
		return l.put(tap.Record{Data: d})
	}
	l.last = d
	if isObject && (l.opening == atOnce || l.opening == oncePassed && l.transformFirst) {
		d.Open()
	}
	if l.transformFirst {
		if err := l.transform(v); err != nil {
			return err
		}
	}
	keep, err := l.keeps(v)
	if err != nil || !keep {
		return err
	}
	if isObject && l.opening == oncePassed {
		d.Open()
	}
	if !l.transformFirst {
		if err := l.transform(v); err != nil {
			return err
		}
	}
	if !isObject {
		if d, err = l.object(v); err != nil {
			return err
		}
	}
	if l.plan != nil {
		if err := l.plan.apply(d); err != nil {
			return tap.Errorf(tap.System, "cast a record by its schema: %w", err)
		}
	}
	l.held = true
	if l.text != nil {
		var sealed bool
		l.text, sealed = d.Seal(l.text)
		l.held = !sealed
	}
	record := tap.Record{Data: d}
	if l.upload != nil {
		if err := l.upload.Upload(l.ctx, &record, l.request); err != nil {
			return err
		}
	}
	return l.put(record)
}

// put adds a record to the batch, and hands the batch on when it is full.
func (l *line) put(r tap.Record) error {
	if l.most > 0 && len(l.batch) == 0 {
		l.since = time.Now()
	}
	l.batch = append(l.batch, r)
	if l.most > 0 && len(l.batch) >= l.most {
		full := l.batch
		l.batch = nil
		l.made.NextPart()
		l.stopped = !l.yield(full, nil)
	}
	return nil
}

// transform applies the transformations to a record.
func (l *line) transform(v any) error {
	if len(l.transforms) == 0 {
		return nil
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return notObject(v)
	}
	for _, f := range l.transforms {
		if err := f(d); err != nil {
			return err
		}
	}
	return nil
}

// keeps reports whether a record is within the cursor's bounds and passes the filter.
func (l *line) keeps(v any) (bool, error) {
	if l.keep != nil {
		d, ok := v.(*value.Dict)
		if !ok {
			return false, notObject(v)
		}
		if !l.keep(l.request.Slice, d) {
			return false, nil
		}
		if l.filter != nil && l.filter.empty {
			return true, nil
		}
	}
	if l.filter == nil {
		return true, nil
	}
	keep, err := l.filter.condition.Eval(l.vars.Set("record", v))
	if err != nil {
		return false, fmt.Errorf("filter a record: %w", rest.TemplateError(err))
	}
	return keep, nil
}

func notObject(v any) error {
	return tap.Errorf(tap.System, "a record is %s, expected an object: the place of the records (records_path, field_path) holds something else", value.Describe(v))
}

package source

import (
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/rest/jobs"
	"anytap/internal/value"
)

// jobSlots provides the slots that all asynchronous streams share, max_concurrent_async_job_count
// of them. As in the reference runtime there is one if that field is absent, or not a number above
// 0.
func (s *Source) jobSlots() {
	if _, ok := manifest.Service[*jobs.Slots](s.compiler); ok {
		return
	}
	limit := 1
	if s.def.MaxAsyncJobs != nil {
		n, ok := s.wholeNumber(s.def.MaxAsyncJobs)
		if limit = n; (!ok || n < 1) && s.compiler.Log != nil {
			s.compiler.Log.Warn("max_concurrent_async_job_count is no number of jobs, one job runs at a time", "value", value.Repr(s.def.MaxAsyncJobs))
		}
	}
	manifest.Provide(s.compiler, jobs.NewSlots(limit))
}

// wholeNumber evaluates a number or a template of one.
func (s *Source) wholeNumber(v any) (n int, ok bool) {
	if text, isText := v.(string); isText {
		t, err := jinja.CompileString(text, nil)
		if err != nil {
			return 0, false
		}
		if v, err = t.Eval(s.compiler.ConfigEnv()); err != nil {
			return 0, false
		}
	}
	whole, err := number.Int64(v)
	return int(whole), err == nil
}

package components

import (
	"fmt"
	"math"
	"strings"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// settings are what the configuration says about the run itself, with the manifest's x-anytap rate_limit as the default limit.
func (d *document) settings(config *value.Dict, root *manifest.Node, e tap.Environment) (tap.ReadSettings, rest.Settings, error) {
	given := d.options.Settings
	if given == nil {
		v, _ := config.Get("anytap")
		given, _ = v.(*value.Dict)
	}
	r := &settingsReader{file: e.ConfigFile, given: given}
	o := tap.ReadSettings{
		Concurrency:       int(r.number("concurrency")),
		CheckpointRecords: int(r.number("checkpoint_records")),
		MaxRecords:        int64(r.number("max_records")),
		MaxRuntime:        seconds(r.number("max_runtime")),
	}
	s := rest.Settings{MaxRequests: int(r.number("max_requests")), MaxCredits: r.number("max_credits"), Prefetch: int(r.number("prefetch")), ReadTimeout: seconds(r.number("request_timeout")), StrictJSON: d.options.Settings != nil}
	if d.options.Settings != nil {
		s.UserAgent = "anytap"
	}
	if _, ok := r.get("max_retries"); ok {
		retries := int(r.number("max_retries"))
		s.MaxRetries = &retries
	} else if d.options.Settings != nil {
		retries := rest.DefaultMaxRetries
		s.MaxRetries = &retries
	}
	limit, _ := root.At("metadata", "x-anytap", "rate_limit").Value().(*value.Dict)
	if v, ok := r.get("rate_limit"); ok {
		limit, _ = v.(*value.Dict)
	}
	if limit != nil {
		inner := &settingsReader{file: e.ConfigFile, given: limit, path: "rate_limit."}
		per := inner.number("per")
		if per == 0 {
			per = 60
		}
		s.Rate = rest.Rate{Calls: int(inner.number("requests")), Per: seconds(per)}
		r.problems = append(r.problems, inner.problems...)
	}
	if v, ok := r.get("cache"); ok {
		cache, err := diskCache(v)
		if err != nil {
			r.problems = append(r.problems, e.ConfigFile+": "+err.Error())
		}
		s.Cache = cache
	}
	if len(r.problems) > 0 {
		return o, s, tap.Errorf(tap.Config, "%s", strings.Join(r.problems, "; "))
	}
	return o, s, nil
}

// diskCache opens the folder cache.dir, whose entries are good for cache.ttl seconds, an hour by default.
func diskCache(v any) (*rest.DiskCache, error) {
	dir, _ := value.At(v, "dir")
	path, _ := dir.(string)
	if path == "" {
		return nil, fmt.Errorf("cache.dir is missing, expected the folder of the cache files")
	}
	ttl := time.Hour
	if v, ok := value.At(v, "ttl"); ok {
		f, ok := floatOf(v)
		if !ok {
			return nil, fmt.Errorf("cache.ttl is %s, expected seconds", value.Repr(v))
		}
		ttl = seconds(f)
	}
	return rest.NewDiskCache(path, ttl)
}

// settingsReader reads numbers and keeps what is wrong with them.
type settingsReader struct {
	file, path string
	given      *value.Dict
	problems   []string
}

func (r *settingsReader) get(name string) (any, bool) {
	if r.given == nil {
		return nil, false
	}
	v, ok := r.given.Get(name)
	return v, ok && v != nil
}

func (r *settingsReader) number(name string) float64 {
	v, ok := r.get(name)
	if !ok {
		return 0
	}
	f, ok := floatOf(v)
	if !ok || f < 0 {
		r.problems = append(r.problems, fmt.Sprintf("%s: %s%s is %s, expected a number that is not negative", r.file, r.path, name, value.Repr(v)))
		return 0
	}
	return f
}

func floatOf(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// seconds makes a duration of seconds; one that is too long becomes the longest there is.
func seconds(f float64) time.Duration {
	return time.Duration(math.Min(f, math.MaxInt64/float64(time.Second)-1) * float64(time.Second))
}

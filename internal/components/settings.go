package components

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/components/spec"
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

func seconds(f float64) time.Duration {
	return time.Duration(math.Min(f, math.MaxInt64/float64(time.Second)-1) * float64(time.Second))
}

// checkConfig validates a configuration against its specification and names each field that is wrong. Discovery
// goes on with one that lacks what only requests need.
func (d *document) checkConfig(s specification, config *value.Dict, e tap.Environment) error {
	if e.Discovering {
		return nil
	}
	schema, err := spec.CompileSchema(d.connection(s))
	if err != nil {
		return d.noSchema(err)
	}
	if err := schema.Validate(value.ToGo(config)); err != nil {
		return tap.Errorf(tap.Config, "%s: %s", e.ConfigFile, configProblems(err, config))
	}
	return nil
}

// noSchema is the error of a specification that is no JSON Schema; it names the place in the manifest where that is known.
func (d *document) noSchema(err error) error {
	if part, ok := errors.AsType[*spec.Misfit](err); ok && d.options.Spec == nil {
		if n := d.root.At(append([]string{"spec", "connection_specification"}, part.Path...)...); n != nil {
			return n.Problem("is no JSON Schema: %s", part.Fault)
		}
	}
	return tap.Errorf(tap.System, "the specification is no JSON Schema: %w", err)
}

// configProblems lists the fields that are wrong, without their values, which may be secret.
func configProblems(err error, config *value.Dict) string {
	invalid, ok := err.(*jsonschema.ValidationError) //nolint:errorlint // Validate returns just this type
	if !ok {
		return err.Error()
	}
	var lines []string
	var walk func(*jsonschema.ValidationError)
	walk = func(v *jsonschema.ValidationError) {
		if len(v.Causes) > 0 {
			for _, cause := range v.Causes {
				walk(cause)
			}
			return
		}
		field := strings.Join(spec.Location(v), ".")
		if field == "" {
			field = "the configuration"
		}
		lines = append(lines, field+": "+withoutValues(v, config))
	}
	walk(invalid)
	return strings.Join(lines, "; ")
}

// withoutValues keeps values of the configuration out of a message: those that validation quotes are the pattern's and enum's own.
func withoutValues(v *jsonschema.ValidationError, config *value.Dict) string {
	at, ok := value.At(config, spec.Location(v)...)
	text, isText := at.(string)
	if ok && isText && len(text) > 0 {
		return strings.ReplaceAll(v.Message, text, "…")
	}
	return v.Message
}

// secrets are the configuration's values that its specification marks with airbyte_secret.
func secrets(schema, config *value.Dict) []string {
	var found []string
	var walk func(schema any, v any)
	walk = func(schema, v any) {
		s, ok := schema.(*value.Dict)
		if !ok || v == nil {
			return
		}
		if secret, _ := s.Get("airbyte_secret"); secret == true {
			found = append(found, textsOf(v)...)
		}
		if d, ok := v.(*value.Dict); ok {
			if properties, _ := s.Get("properties"); properties != nil {
				for name, property := range properties.(*value.Dict).All() {
					inner, _ := d.Get(name)
					walk(property, inner)
				}
			}
		}
		if l, ok := v.(*value.List); ok {
			items, _ := s.Get("items")
			for _, item := range l.All() {
				walk(items, item)
			}
		}
		for _, word := range []string{"oneOf", "anyOf", "allOf"} {
			options, _ := s.Get(word)
			if list, ok := options.(*value.List); ok {
				for _, option := range list.All() {
					walk(option, v)
				}
			}
		}
	}
	walk(schema, config)
	return found
}

// textsOf are the texts inside a secret value.
func textsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case *value.Dict:
		var all []string
		for _, item := range v.All() {
			all = append(all, textsOf(item)...)
		}
		return all
	case *value.List:
		var all []string
		for _, item := range v.All() {
			all = append(all, textsOf(item)...)
		}
		return all
	case nil:
		return nil
	}
	return []string{value.Str(v)}
}

package components

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// SettingsAtTop is the value of metadata.x-anytap.settings in a manifest that was made of a
// configuration: the settings of the run stand at the top of that, as those of built-in systems do,
// and the manifest is run as theirs are.
const SettingsAtTop = "top"

// settings reads what the configuration says about the run itself. The manifest's metadata may have
// a rate_limit too, in x-anytap; the configuration's counts before it.
func (d *document) settings(config *value.Dict, root *manifest.Node, e tap.Environment) (tap.ReadSettings, rest.Settings, *exchange.DiskCache, error) {
	if err := checkMetadata(root); err != nil {
		return tap.ReadSettings{}, rest.Settings{}, nil, err
	}
	r := &settingsReader{file: e.ConfigFile, given: d.overrides.Settings}
	if at, _ := root.At("metadata", "x-anytap", "settings").Text(); at == SettingsAtTop && r.given == nil {
		r.given = config
		r.misspelt(root)
	}
	own := r.given != nil
	if !own {
		r.below(config)
	}
	read := tap.ReadSettings{
		Concurrency:       r.whole("concurrency"),
		CheckpointRecords: r.whole("checkpoint_records"),
		MaxRecords:        int64(r.whole("max_records")),
		MaxRuntime:        rest.Seconds(r.number("max_runtime")),
	}
	s := rest.Settings{
		MaxRequests: r.whole("max_requests"),
		MaxCredits:  r.number("max_credits"),
		Prefetch:    r.whole("prefetch"),
		ReadTimeout: rest.Seconds(r.number("request_timeout")),
		MinSpeed:    r.number("min_speed"),
		MaxRetries:  r.maxRetries(),
		Rate:        r.rate(root),
	}
	s.TrustedHosts, s.TrustSetting = trusted(r, config, own, nameOf(root))
	cache := r.cache()
	if own {
		s.StrictJSON, s.UserAgent, s.TokenRetries = true, "anytap", rest.DefaultMaxRetries
	}
	if len(r.problems) > 0 {
		return read, s, nil, tap.Errorf(tap.Config, "%s", strings.Join(r.problems, "; "))
	}
	return read, s, cache, nil
}

// runSettings are the settings of a run.
var runSettings = []string{
	"concurrency", "checkpoint_records", "max_records", "max_runtime", "max_requests", "max_credits", "prefetch", "request_timeout",
	"min_speed", "max_retries", "rate_limit", "cache", "credential_hosts",
}

// checkMetadata refuses settings of the manifest as a whole that are none.
func checkMetadata(root *manifest.Node) error {
	n := root.At("metadata", "x-anytap")
	if n == nil || n.IsNull() {
		return nil
	}
	d, ok := n.Value().(*value.Dict)
	if !ok {
		return n.Problem("is %s, expected an object", value.Describe(n.Value()))
	}
	if err := spelling.Check("", d, "name", "rate_limit", "settings"); err != nil {
		return n.Problem("%v", err)
	}
	if at, given := d.Get("settings"); given && at != SettingsAtTop {
		return n.Problem("settings is %s, expected %s", value.Repr(at), SettingsAtTop)
	}
	return nil
}

// below reads the settings from the configuration's member "anytap".
func (r *settingsReader) below(config *value.Dict) {
	r.path = "anytap."
	v, _ := config.Get("anytap")
	var ok bool
	if r.given, ok = v.(*value.Dict); !ok && v != nil {
		r.problems = append(r.problems, fmt.Sprintf("%s: anytap is %s, expected an object of settings", r.file, value.Repr(v)))
	}
	if err := spelling.Check("anytap", r.given, runSettings...); err != nil {
		r.problems = append(r.problems, fmt.Sprintf("%s: %v", r.file, err))
	}
}

// misspelt finds what is almost a setting at the top of a configuration, where anything may stand
// that the manifest uses.
func (r *settingsReader) misspelt(root *manifest.Node) {
	text := ""
	for name := range r.given.All() {
		near := spelling.DidYouMean(name, runSettings)
		if near == "" || slices.Contains(runSettings, name) {
			continue
		}
		if text == "" {
			text = string(value.Append(nil, root.Value()))
		}
		if !strings.Contains(text, name) {
			r.problems = append(r.problems, fmt.Sprintf("%s: %s is no setting%s", r.file, name, near))
		}
	}
}

// trusted reads the hosts that get the credentials besides those of the configuration, and gives
// the line that names another one. own says that the settings are not in the member "anytap".
func trusted(r *settingsReader, config *value.Dict, own bool, system string) (hosts []string, setting string) {
	setting = `"credential_hosts": [%q] into the configuration`
	if !own {
		setting = `"anytap": {"credential_hosts": [%q]} into the configuration`
	}
	v, _ := r.get("credential_hosts")
	hosts = r.hosts(r.path+"credential_hosts", v)
	if _, hasAuth := config.Get("auth"); hasAuth && system == "rest" {
		setting = `"hosts": [%q] into auth of the configuration`
		v, _ = value.At(config, "auth", "hosts")
		hosts = append(hosts, r.hosts("auth.hosts", v)...)
	}
	return hosts, setting
}

// hosts reads a list of hosts.
func (r *settingsReader) hosts(name string, v any) []string {
	list, ok := v.(*value.List)
	if !ok {
		if v != nil {
			r.problems = append(r.problems, fmt.Sprintf("%s: %s is %s, expected a list of hosts", r.file, name, value.Repr(v)))
		}
		return nil
	}
	var hosts []string
	for i, item := range list.All() {
		text, _ := item.(string)
		if _, err := exchange.ParseTrustedHost(text); err != nil {
			r.problems = append(r.problems, fmt.Sprintf("%s: %s[%d]: %v", r.file, name, i, err))
		}
		hosts = append(hosts, text)
	}
	return hosts
}

// settingsReader reads settings and collects what is wrong with them.
type settingsReader struct {
	file     string      // of the configuration, for messages
	path     string      // of given in it, for messages
	given    *value.Dict // nil: there are none
	problems []string
}

func (r *settingsReader) get(name string) (any, bool) {
	if r.given == nil {
		return nil, false
	}
	v, ok := r.given.Get(name)
	return v, ok && v != nil
}

// number reads a number, 0 by default.
func (r *settingsReader) number(name string) float64 {
	v, ok := r.get(name)
	if !ok {
		return 0
	}
	f, ok := floatOf(v)
	if !ok || !(f >= 0 && f <= math.MaxFloat64) {
		r.problems = append(r.problems, fmt.Sprintf("%s: %s%s is %s, expected a number that is not negative", r.file, r.path, name, value.Repr(v)))
		return 0
	}
	return f
}

// whole is number without its fraction. What is more than any count is the greatest there is.
func (r *settingsReader) whole(name string) int { return int(min(r.number(name), 1<<53)) }

// maxRetries reads max_retries; nil if it is not set.
func (r *settingsReader) maxRetries() *int {
	if _, ok := r.get("max_retries"); !ok {
		return nil
	}
	retries := r.whole("max_retries")
	return &retries
}

// rate reads rate_limit: requests in per seconds, 60 by default.
func (r *settingsReader) rate(root *manifest.Node) rest.Rate {
	given := root.At("metadata", "x-anytap", "rate_limit").Value()
	file, at := "the manifest", "metadata.x-anytap.rate_limit"
	if v, ok := r.get("rate_limit"); ok {
		given, file, at = v, r.file, r.path+"rate_limit"
	}
	if given == nil {
		return rest.Rate{}
	}
	limit, ok := given.(*value.Dict)
	if !ok {
		r.problems = append(r.problems, fmt.Sprintf("%s: %s is %s, expected requests, and per for the seconds", file, at, value.Repr(given)))
		return rest.Rate{}
	}
	inner := &settingsReader{file: file, path: at + ".", given: limit}
	if err := spelling.Check(at, limit, "requests", "per"); err != nil {
		r.problems = append(r.problems, fmt.Sprintf("%s: %v", file, err))
	}
	per := inner.number("per")
	if per == 0 {
		per = 60
	}
	rate := rest.Rate{Calls: inner.whole("requests"), Per: rest.Seconds(per)}
	r.problems = append(r.problems, inner.problems...)
	return rate
}

// cache reads cache; nil if it is not set.
func (r *settingsReader) cache() *exchange.DiskCache {
	v, ok := r.get("cache")
	if !ok {
		return nil
	}
	d, _ := v.(*value.Dict)
	err := spelling.Check("cache", d, "dir", "ttl")
	var cache *exchange.DiskCache
	if err == nil {
		cache, err = diskCache(v)
	}
	if err != nil {
		r.problems = append(r.problems, r.file+": "+r.path+err.Error())
	}
	return cache
}

// diskCache opens the folder cache.dir, whose entries are good for cache.ttl seconds, an hour by
// default.
func diskCache(v any) (*exchange.DiskCache, error) {
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
		ttl = rest.Seconds(f)
	}
	return exchange.NewDiskCache(path, ttl)
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

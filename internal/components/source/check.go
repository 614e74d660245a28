package source

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// CheckStreamDefinition configures a CheckStream, which reads a first record of some streams.
//
//	type: CheckStream
//	stream_names: [items]
type CheckStreamDefinition struct {
	StreamNames   []string         `manifest:"stream_names" doc:"The streams of which a first record is read."`
	DynamicChecks []*manifest.Node `manifest:"dynamic_streams_check_configs,of=DynamicStreamCheckConfig" doc:"How many streams of each template are tried."`
	Overrides     *value.Dict      `manifest:"config_overrides" doc:"Settings that a check has in place of the configuration's."`
}

// DynamicCheckDefinition configures a DynamicStreamCheckConfig: which streams of a template are
// tried.
//
//	type: DynamicStreamCheckConfig
//	dynamic_stream_name: tables
//	stream_count: 2
type DynamicCheckDefinition struct {
	Template string `manifest:"dynamic_stream_name,required" doc:"The template's name."`
	Count    *int64 `manifest:"stream_count,min=1" doc:"How many of its streams are tried; default all."`
}

// CheckDynamicDefinition configures a CheckDynamicStream, which reads a first record of the first
// streams.
//
//	type: CheckDynamicStream
//	stream_count: 1
type CheckDynamicDefinition struct {
	Count           int64       `manifest:"stream_count,required" doc:"How many streams are tried."`
	UseAvailability *bool       `manifest:"use_check_availability" doc:"Whether a record is read of each; default true."`
	Overrides       *value.Dict `manifest:"config_overrides" doc:"Settings that a check has in place of the configuration's."`
}

// checkNames is the setting in which the platform names the streams to check.
const checkNames = "__airbyte_check_stream_names"

// Check tries the system as the manifest says.
func (s *Source) Check(ctx context.Context) (tap.Availability, error) {
	n := s.def.Check
	overrides, _ := n.Get("config_overrides").Value().(*value.Dict)
	checked, err := s.overridden(overrides)
	if err != nil {
		return tap.Availability{}, err
	}
	if n.Type() == "CheckDynamicStream" {
		return checked.checkFirst(ctx, n)
	}
	return checked.checkNamed(ctx, n)
}

// overridden is the source with some settings of the configuration replaced, for the check.
func (s *Source) overridden(overrides *value.Dict) (*Source, error) {
	if overrides == nil || overrides.Len() == 0 {
		return s, nil
	}
	for key := range overrides.AllKeys() {
		name, ok := key.(string)
		if !ok {
			return nil, s.def.Check.Problem("config_overrides has the key %s, expected a text", value.Repr(key))
		}
		if strings.HasPrefix(name, "__airbyte") {
			return nil, s.def.Check.Problem("config_overrides sets %s, which belongs to the platform", name)
		}
	}
	if writesConfig(s.root) {
		return nil, s.def.Check.Problem("config_overrides can not go with a refresh_token_updater, which would store them")
	}
	config := s.compiler.Config.Clone()
	for name, v := range overrides.All() {
		config.Set(name, v)
	}
	return New(s.compiler.WithConfig(config), s.root, s.validate)
}

// writesConfig reports whether an authenticator below n stores the configuration.
func writesConfig(n *manifest.Node) bool {
	if n.Type() == "OAuthAuthenticator" {
		if updater := n.Get("refresh_token_updater"); updater != nil && !updater.IsNull() {
			return true
		}
	}
	for _, child := range n.Items() {
		if writesConfig(child) {
			return true
		}
	}
	for _, child := range n.Members() {
		if writesConfig(child) {
			return true
		}
	}
	return false
}

func (s *Source) checkNamed(ctx context.Context, n *manifest.Node) (tap.Availability, error) {
	var def CheckStreamDefinition
	if err := manifest.Decode(s.compiler, n, &def); err != nil {
		return tap.Availability{}, err
	}
	if def.StreamNames == nil && def.DynamicChecks == nil {
		return tap.Availability{}, n.Problem("stream_names is missing, expected the names of the streams to check")
	}
	names, err := s.namesToCheck(def.StreamNames)
	if err != nil {
		return tap.Availability{}, err
	}
	streams, err := s.streamsToCheck(ctx, names, len(def.DynamicChecks) > 0)
	if err != nil {
		return unavailable("list the streams: %v", err), ctx.Err()
	}
	if len(streams) == 0 {
		return unavailable("there is no stream to connect to"), nil
	}
	byName := map[string]*tap.Stream{}
	for _, stream := range streams {
		byName[stream.Name] = stream
	}
	reasons, err := s.firstOfEach(ctx, names, byName)
	if err != nil {
		return tap.Availability{}, err
	}
	if len(reasons) > 0 {
		return unavailable("%s", strings.Join(reasons, "; ")), ctx.Err()
	}
	return s.checkGenerated(ctx, def.DynamicChecks, byName)
}

// firstOfEach reads the beginnings of streams. It gives the reasons why the check fails, up to that
// of the first stream that is not strict. A strict stream that the API refuses is only warned of,
// where another one answers.
func (s *Source) firstOfEach(ctx context.Context, names []string, byName map[string]*tap.Stream) (reasons []string, err error) {
	refused := 0
	for _, name := range names {
		stream := byName[name]
		if stream == nil {
			return nil, s.def.Check.Problem("stream_names has %q, expected one of %s", name, strings.Join(sorted(byName), ", "))
		}
		err := s.firstOf(ctx, stream)
		if err == nil {
			continue
		}
		reasons = append(reasons, fmt.Sprintf("stream %s is not available: %v", name, err))
		if !stream.Strict || ctx.Err() != nil {
			return reasons, nil
		}
		if tap.RefusesStream(err) {
			refused++
		}
	}
	if len(reasons) > refused || refused == len(names) {
		return reasons, nil
	}
	for _, reason := range reasons {
		s.compiler.Logger().Warn(reason)
	}
	return nil, nil
}

func (s *Source) namesToCheck(names []string) ([]string, error) {
	v, ok := s.compiler.Config.Get(checkNames)
	if !ok {
		return names, nil
	}
	list, ok := v.(*value.List)
	if !ok {
		return nil, tap.Errorf(tap.System, "config: %s is a %s, expected a list of texts", checkNames, value.TypeName(v))
	}
	if list.Len() == 0 {
		return names, nil
	}
	names = nil
	for _, item := range list.All() {
		name, ok := item.(string)
		if !ok {
			return nil, tap.Errorf(tap.System, "config: %s holds a %s, expected texts", checkNames, value.TypeName(item))
		}
		names = append(names, name)
	}
	return names, nil
}

func (s *Source) streamsToCheck(ctx context.Context, names []string, all bool) ([]*tap.Stream, error) {
	if !all {
		if streams, ok, err := s.byName(names); ok {
			return streams, err
		}
	}
	return s.Streams(ctx)
}

func (s *Source) checkGenerated(ctx context.Context, checks []*manifest.Node, byName map[string]*tap.Stream) (tap.Availability, error) {
	if len(checks) == 0 {
		return tap.Availability{OK: true}, nil
	}
	groups, err := s.dynamicByTemplate(ctx)
	if err != nil {
		return tap.Availability{}, err
	}
	for _, n := range checks {
		var def DynamicCheckDefinition
		if err := manifest.Decode(s.compiler, n, &def); err != nil {
			return tap.Availability{}, err
		}
		i := slices.IndexFunc(groups, func(g generated) bool { return g.template == def.Template })
		if i < 0 {
			return unavailable("dynamic stream %s is not in the manifest", def.Template), nil
		}
		for k, node := range groups[i].streams {
			if def.Count != nil && int64(k) >= *def.Count {
				break
			}
			if reason := firstRecord(ctx, byName[nameOf(node)]); reason != nil {
				return unavailable("dynamic stream %s is not available: %v", nameOf(node), reason), ctx.Err()
			}
		}
	}
	return tap.Availability{OK: true}, nil
}

func (s *Source) checkFirst(ctx context.Context, n *manifest.Node) (tap.Availability, error) {
	var def CheckDynamicDefinition
	if err := manifest.Decode(s.compiler, n, &def); err != nil {
		return tap.Availability{}, err
	}
	streams, err := s.Streams(ctx)
	if err != nil {
		return tap.Availability{}, err
	}
	if len(streams) == 0 {
		return unavailable("there is no stream to connect to"), nil
	}
	if def.UseAvailability != nil && !*def.UseAvailability {
		return tap.Availability{OK: true}, nil
	}
	for i, stream := range streams {
		if int64(i) >= def.Count {
			break
		}
		if reason := firstRecord(ctx, stream); reason != nil {
			return unavailable("stream %s is not available: %v", stream.Name, reason), ctx.Err()
		}
	}
	return tap.Availability{OK: true}, nil
}

func unavailable(format string, args ...any) tap.Availability {
	return tap.Availability{Reason: fmt.Sprintf(format, args...)}
}

func sorted(m map[string]*tap.Stream) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var errNoSlices = errors.New("it has no slices to read, for example because its parent stream is empty")

// firstOf reads a stream up to its first record, or a strict one up to the end of its first page,
// on which more can be found wrong.
func (s *Source) firstOf(ctx context.Context, stream *tap.Stream) error {
	if !stream.Strict {
		return firstRecord(ctx, stream)
	}
	records := 0
	slices, err := tap.FirstPage(ctx, stream, func(page []tap.Record) error {
		records += len(page)
		return nil
	})
	switch {
	case err != nil:
		return err
	case slices == 0:
		s.compiler.Logger().Warn("there is nothing to try of the stream: "+errNoSlices.Error(), "stream", stream.Name)
	case records == 0:
		s.compiler.Logger().Warn("the stream has no records on its first page", "stream", stream.Name)
	}
	return nil
}

// firstRecord reads a stream up to its first record. A stream without records is available too.
func firstRecord(ctx context.Context, s *tap.Stream) (err error) {
	defer func() { err = s.Located(err) }()
	if s.Unsupported != nil {
		return s.Unsupported
	}
	reading, err := s.Open(tap.StartingPoint{})
	if err != nil {
		return err
	}
	for slice, err := range reading.Cursor.Slices(ctx) {
		if err != nil {
			return err
		}
		for page, err := range reading.Retriever.Pages(ctx, slice) {
			if len(page.Records) > 0 {
				return nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return errNoSlices
}

package components

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"anytap/internal/components/spec"
	"anytap/internal/manifest"
	"anytap/internal/spelling"
	"anytap/internal/value"
)

// CheckManifest lists everything that is wrong with a manifest, or that it needs and that is not
// run here, each once. An error means that the manifest can not be read.
func CheckManifest(root *manifest.Node) (manifest.Problems, error) {
	resolved, problems, err := manifest.ResolveRest(root)
	if err != nil {
		if problems := manifest.AsProblems(err); problems != nil {
			return problems, nil
		}
		return nil, fmt.Errorf("resolve: %w", err)
	}
	if resolved == nil {
		return problems, nil
	}
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	further := manifest.Check(c, resolved)
	further = append(further, namesOfStreams(resolved)...)
	further = append(further, checkSettings(root, resolved)...)
	return append(problems, slices.DeleteFunc(further, func(p *manifest.Problem) bool { return follows(p, problems) })...).Sorted(), nil
}

// follows reports whether a problem only comes of a reference that leads nowhere.
func follows(p *manifest.Problem, broken manifest.Problems) bool {
	return slices.ContainsFunc(broken, func(b *manifest.Problem) bool {
		holder := strings.TrimSuffix(b.Path, ".$ref")
		return p.Line == b.Line && p.Col == b.Col || p.Path == holder || strings.HasPrefix(p.Path, holder+".") || strings.HasPrefix(p.Path, holder+"[")
	})
}

// namesOfStreams finds names of streams that the check of the connection does not find, and those
// that stand twice.
func namesOfStreams(root *manifest.Node) manifest.Problems {
	var problems manifest.Problems
	var names []string
	for _, s := range itemsOf(root.Get("streams")) {
		name, ok := s.Get("name").Text()
		if !ok || strings.Contains(name, "{{") {
			return problems // it is known at run time only
		}
		if slices.Contains(names, name) {
			p := s.Get("name").Problem("there is another stream called %q: a catalog can name one of them only", name)
			p.Warning = true
			problems = append(problems, p)
		}
		names = append(names, name)
	}
	if len(names) == 0 || len(itemsOf(root.Get("dynamic_streams"))) > 0 {
		return problems
	}
	for _, n := range itemsOf(root.At("check", "stream_names")) {
		if name, ok := n.Text(); ok && !slices.Contains(names, name) {
			problems = append(problems, n.Problem("there is no stream %q, so that every check fails%s", name, spelling.DidYouMean(name, names)))
		}
	}
	return problems
}

func itemsOf(n *manifest.Node) []*manifest.Node {
	if n == nil || n.Kind != manifest.List {
		return nil
	}
	return n.Items()
}

// checkSettings finds a specification that is no JSON Schema, and settings that templates name and
// it lacks. root is the manifest as it is written, so that each text comes once.
func checkSettings(root, resolved *manifest.Node) manifest.Problems {
	connection := resolved.At("spec", "connection_specification")
	if connection == nil || connection.Kind != manifest.Map {
		return nil
	}
	if _, err := spec.CompileSchema(connection.Value()); err != nil {
		at, text := connection, err.Error()
		if part, ok := errors.AsType[*spec.Misfit](err); ok {
			text = part.Fault
			if n := connection.At(part.Path...); n != nil {
				at = n
			}
		}
		return manifest.Problems{at.Problem("is no JSON Schema: %s", text)}
	}
	f := &settingFinder{known: map[string]bool{}}
	f.know(resolved.Get("spec").Value())
	if properties := connection.Get("properties"); properties == nil || len(properties.Keys()) == 0 {
		return nil
	}
	f.collect(root)
	return f.unknown()
}

// settingFinder looks for settings in templates.
type settingFinder struct {
	known     map[string]bool
	names     []string         // of the specification
	templates []*manifest.Node // that name the configuration
	seen      int
}

// know takes all names in a part of the specification for settings: those of its alternatives, and
// those that its migrations and normalization rules make.
func (f *settingFinder) know(v any) {
	switch v := v.(type) {
	case *value.Dict:
		for name, inner := range v.All() {
			f.known[name] = true
			f.names = append(f.names, name)
			f.know(inner)
		}
	case *value.List:
		for _, inner := range v.All() {
			f.know(inner)
		}
	}
}

// mostTexts is how many texts are looked at: a few lines of aliases stand for billions.
const mostTexts = 1 << 20

// collect takes down the texts of a part of the manifest. Each may be part of a path at which a
// component puts a setting, so it is known.
func (f *settingFinder) collect(n *manifest.Node) {
	if f.seen++; f.seen > mostTexts {
		return
	}
	switch n.Kind {
	case manifest.Map:
		for _, m := range n.Members() {
			f.collect(m)
		}
	case manifest.List:
		for _, item := range n.Items() {
			f.collect(item)
		}
	default:
		text, ok := n.Text()
		if f.known[text] = f.known[text] || ok; strings.Contains(text, "config") && strings.Contains(text, "{") {
			f.templates = append(f.templates, n)
		}
	}
}

// unknown are warnings of settings that templates name and nothing makes.
func (f *settingFinder) unknown() manifest.Problems {
	var problems manifest.Problems
	named := regexp.MustCompile(`\bconfig\[\s*['"]([^'"]+)['"]\s*\]`)
	for _, n := range f.templates {
		text, _ := n.Text()
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			if name := m[1]; !f.known[name] && !strings.HasPrefix(name, "__") {
				p := n.Problem("config['%s']: the specification has no such setting%s", name, spelling.DidYouMean(name, f.names))
				p.Warning = true
				problems = append(problems, p)
			}
		}
	}
	return problems
}

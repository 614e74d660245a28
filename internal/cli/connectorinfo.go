package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/files"
	"anytap/internal/manifest"
	"anytap/internal/registry"
	"anytap/internal/value"
)

// describeConnector prints what is known of a connector, and how to use it.
func (c *call) describeConnector(ctx context.Context, r *registry.Registry, args []string) error {
	ref, err := registry.ParseReference(args[0])
	if err != nil {
		return usage("%v", err)
	}
	if !ref.IsAddress() {
		listed, err := r.Lookup(ctx, ref.Name, false)
		if err != nil {
			return err
		}
		c.fact(listed.Name, listed.Title)
		c.fact("version", listed.Version)
		c.fact("support", listed.Support)
		c.fact("documentation", listed.Documentation)
		if !listed.Runs() {
			c.fact("runs here", "no. "+listed.Instead())
			return nil
		}
	}
	found, err := r.Fetch(ctx, ref)
	if err != nil {
		return err
	}
	if err := c.describeManifest(found); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "\nTo use it: anytap init %s\n", args[0])
	return err
}

// fact prints a line of what is known.
func (c *call) fact(name, text string) {
	if text != "" {
		fmt.Fprintf(c.help, "%-14s %s\n", name+":", text)
	}
}

// describeManifest says how much of a manifest runs, which settings it takes, and its streams.
func (c *call) describeManifest(found registry.Connector) error {
	path := found.Manifest()
	data, err := files.Read(path, files.Document)
	if err != nil {
		return err
	}
	problems, err := problemsOf(path, data)
	if err != nil {
		return err
	}
	runs := "yes"
	if n := len(problems); n > 0 {
		runs = fmt.Sprintf("in part: %d problems and warnings, see anytap check-manifest %s", n, found)
	}
	c.fact("runs here", runs)
	// Parsed anew: the check made texts of the references that lead nowhere.
	if root, err := manifest.Parse(path, data); err == nil {
		if root, err = manifest.Resolve(root); err == nil {
			c.fact("streams", strings.Join(streamNamesOf(root), ", "))
		}
	}
	spec, err := c.manifestConnector(path).Spec()
	if err != nil {
		return err
	}
	c.fact("settings", settingsOf(spec.Connection))
	return nil
}

func streamNamesOf(root *manifest.Node) []string {
	var names []string
	if streams := root.Get("streams"); streams != nil {
		for _, s := range streams.Items() {
			if name, ok := s.Get("name").Text(); ok {
				names = append(names, name)
			}
		}
	}
	if root.Get("dynamic_streams") != nil {
		names = append(names, "and those that are made while it reads")
	}
	return names
}

// settingsOf names the settings at the top of a specification.
func settingsOf(connection *value.Dict) string {
	properties := value.Member[*value.Dict](connection, "properties")
	if properties == nil {
		return ""
	}
	required := value.Member[*value.List](connection, "required")
	var all []string
	for name, property := range properties.All() {
		d, _ := property.(*value.Dict)
		var is []string
		if required != nil && slices.Contains(required.Values(), any(name)) {
			is = append(is, "required")
		}
		if value.Member[bool](d, "airbyte_secret") {
			is = append(is, "secret")
		}
		if len(is) > 0 {
			name += " (" + strings.Join(is, ", ") + ")"
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"anytap/internal/config"
	"anytap/internal/initialize"
	"anytap/internal/manifest/yaml11"
	"anytap/internal/singer"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// printSnippet prints what belongs into a project of Meltano, or a command for docker, to use what
// init wrote. named is what --manifest-path takes; empty: target is a built-in system.
func (c *call) printSnippet(kind, target, named string, spec *tap.Spec, out initialize.Files) error {
	switch kind {
	case "docker":
		options := "-v \"$PWD:/config\""
		if len(out.Variables) > 0 {
			options += " --env-file " + out.VariablesFile()
		}
		line := "docker run --rm " + options + " anytap read --config /config/" + filepath.ToSlash(out.Config)
		if named != "" {
			line += " --manifest-path " + named + " --lock /config/anytap.lock"
		}
		_, err := fmt.Fprintln(c.stdout, line)
		return err
	case "meltano":
		text, err := yaml11.Write(meltanoPlugin(target, named, spec, out))
		if err != nil {
			return err
		}
		_, err = c.stdout.Write(text)
		return err
	}
	return nil
}

// meltanoPlugin is an extractor as meltano.yml has it.
func meltanoPlugin(target, named string, spec *tap.Spec, out initialize.Files) *value.Dict {
	name := strings.TrimPrefix(strings.TrimSuffix(filepath.Base(target), filepath.Ext(target)), "source-")
	settings := value.NewList()
	if named != "" {
		settings.Append(value.DictOf("name", "manifest", "env", "ANYTAP_MANIFEST", "value", named))
		settings.Append(value.DictOf("name", "lock", "env", "ANYTAP_LOCK", "value", "anytap.lock"))
	}
	kinds := map[string]string{"string": "string", "integer": "integer", "number": "decimal", "boolean": "boolean", "array": "array", "object": "object"}
	for _, s := range config.Settings(spec) {
		d := value.DictOf("name", s.Name)
		if kind := kinds[value.Member[string](s.Schema, "type")]; kind != "" {
			d.Set("kind", kind)
		}
		if value.Member[bool](s.Schema, "airbyte_secret") {
			d.Set("sensitive", true)
		}
		settings.Append(d)
	}
	plugin := value.DictOf("name", "tap-"+name, "namespace", "tap_"+strings.ReplaceAll(name, "-", "_"), "executable", "anytap",
		"capabilities", singer.Capabilities(), "settings", settings, "config", out.Values)
	return value.DictOf("plugins", value.DictOf("extractors", value.NewList(plugin)))
}

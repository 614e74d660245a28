package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

// The parts of a CycloneDX 1.6 document that we write.
type (
	bomDocument struct {
		Format       string          `json:"bomFormat"`
		SpecVersion  string          `json:"specVersion"`
		Version      int             `json:"version"`
		Metadata     bomMetadata     `json:"metadata"`
		Components   []bomComponent  `json:"components"`
		Dependencies []bomDependency `json:"dependencies"`
	}
	bomMetadata struct {
		Component bomComponent `json:"component"`
	}
	bomComponent struct {
		Type       string        `json:"type"`
		Ref        string        `json:"bom-ref"`
		Name       string        `json:"name"`
		Version    string        `json:"version"`
		Licenses   []bomLicense  `json:"licenses,omitempty"`
		PURL       string        `json:"purl"`
		Properties []bomProperty `json:"properties,omitempty"`
	}
	bomLicense struct {
		Expression string `json:"expression"`
	}
	bomProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	bomDependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn"`
	}
)

// billOfMaterials lists what a program is made of: Go's standard library, and the modules that the
// build noted in the program, with their checksums as in go.sum. It has no time and no serial
// number, so that the same program has the same bill.
func billOfMaterials(program io.ReaderAt, v version) ([]byte, error) {
	info, err := buildinfo.Read(program)
	if err != nil {
		return nil, fmt.Errorf("read what the program is made of: %w", err)
	}
	application := component("application", info.Main.Path, v.text)
	application.Licenses = []bomLicense{{license}}
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "CGO_ENABLED":
			application.Properties = append(application.Properties, bomProperty{"go:" + s.Key, s.Value})
		}
	}
	goVersion, _, _ := strings.Cut(strings.TrimPrefix(info.GoVersion, "go"), " ") // after a blank come experiments
	d := bomDocument{Format: "CycloneDX", SpecVersion: "1.6", Version: 1, Metadata: bomMetadata{application},
		Components: []bomComponent{component("library", "stdlib", goVersion)}}
	for _, m := range info.Deps {
		d.Components = append(d.Components, moduleComponent(m))
	}
	refs := make([]string, len(d.Components))
	for i, c := range d.Components {
		refs[i] = c.Ref
	}
	d.Dependencies = []bomDependency{{application.Ref, refs}}
	text, err := json.MarshalIndent(d, "", "  ")
	return append(text, '\n'), err
}

// moduleComponent describes a module that the program was built from; a replacement stands for the
// module it replaces.
func moduleComponent(m *debug.Module) bomComponent {
	if m.Replace != nil {
		m = m.Replace
	}
	c := component("library", m.Path, m.Version)
	if m.Sum != "" {
		c.Properties = []bomProperty{{"go:checksum", m.Sum}}
	}
	return c
}

// component describes a Go module, named by its package URL.
func component(kind, name, version string) bomComponent {
	purl := "pkg:golang/" + name + "@" + version
	return bomComponent{Type: kind, Ref: purl, Name: name, Version: version, PURL: purl}
}

package manifest

import (
	"fmt"

	"anytap/internal/manifest/yaml11"
)

// Limits of what a manifest may unfold to: nodes with all references followed, and members that are
// looked at with all parameters handed down. The largest public manifests have 560 thousand and 9
// thousand.
const (
	maxNodes    = 4_000_000
	maxUnfolded = 600_000
)

// Names that the language gives a meaning.
const (
	rootType      = "DeclarativeSource"
	refKey        = "$ref"
	refPrefix     = "#/"
	parametersKey = "$parameters"
	// overridesKey holds config values. A text among them that begins with "#/" is no reference.
	overridesKey = "config_overrides"
)

// document is what all nodes of a manifest have together.
type document struct {
	file     string
	data     []byte // the text; nil when there is none
	root     *yaml11.Node
	notes    []note                 // made ahead, not given out yet
	unfolded int                    // nodes made so far, and parameters that were copied
	merged   map[[2]*params]*params // results of over
	// overflow tells that members are missing because there would be too many.
	overflow bool
	// oddParameters tells that some $parameters may be no map.
	oddParameters bool
	// generated tells that components made the nodes at run time (see Node.Rebuild). The component
	// schema has not seen them, so a value only has to be one that the reference runtime's models
	// can coerce.
	generated bool
}

func (d *document) problem(r *yaml11.Node, path, format string, args ...any) *Problem {
	return &Problem{File: d.file, Line: int(r.Line), Col: int(r.Col), Path: path, Msg: fmt.Sprintf(format, args...)}
}

// join adds a name to a path.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

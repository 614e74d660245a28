package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a manifest, or one warning about it, with its place.
type Problem struct {
	File string
	Line int // 1-based; 0 when the manifest came inside a config and has no lines
	Col  int // 1-based, in characters
	Path string
	Msg  string
	// Warning marks what the reference runtime accepts or notices only at run time, such as an
	// unknown field.
	Warning bool
}

// Error gives the problem as "manifest.yaml:41:7: streams[3].paginator: message".
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Col)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path)
		b.WriteString(": ")
	}
	b.WriteString(p.Msg)
	return b.String()
}

// Problems are the mistakes of a manifest in the order of their positions, each once.
type Problems []*Problem

// Error gives one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a single Problem.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// Errors returns the problems that are not warnings.
func (ps Problems) Errors() Problems { return ps.only(false) }

// Warnings returns the problems that are only warnings.
func (ps Problems) Warnings() Problems { return ps.only(true) }

func (ps Problems) only(warning bool) Problems {
	var out Problems
	for _, p := range ps {
		if p.Warning == warning {
			out = append(out, p)
		}
	}
	return out
}

// Err gives the problems as an error, which is nil when there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Sorted returns the problems by position, each once. A mistake in a part that several streams
// refer to has the first path that leads to it.
func (ps Problems) Sorted() Problems {
	out := slices.Clone(ps)
	slices.SortStableFunc(out, func(a, b *Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	type place struct {
		line, col int
		path, msg string
	}
	seen := map[place]bool{}
	return slices.DeleteFunc(out, func(p *Problem) bool {
		at := place{line: p.Line, col: p.Col, msg: p.Msg}
		if p.Line == 0 {
			at.path = p.Path
		}
		dup := seen[at]
		seen[at] = true
		return dup
	})
}

// AsProblems returns the problems inside err: itself when it is one or several, wrapped or not; nil
// otherwise.
func AsProblems(err error) Problems {
	var many Problems
	if errors.As(err, &many) {
		return many
	}
	var one *Problem
	if errors.As(err, &one) {
		return Problems{one}
	}
	return nil
}

// UnsupportedError says that a component is Python code of the connector's own, which is not run
// here. Streams that need the component can be left out, the others still work.
type UnsupportedError struct {
	Class string // the class_name, or the type's name when there is none
	Node  *Node
}

// Error names the place, the type and the class.
func (e *UnsupportedError) Error() string {
	return e.Node.problem("%s needs the Python class %q, which is not run", e.Node.Type(), e.Class).Error()
}

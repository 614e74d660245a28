package yaml11

import (
	"fmt"
	"strings"
)

// MaxDepth is how many levels of maps and lists a document may have. The largest public manifests
// have 51.
const MaxDepth = 250

// Read reads one YAML document. The last of several equal keys wins, at the place of the first;
// aliases give the same node again. Every error is an Errors.
//
// The block reader reads what it can, and the parser the rest: both give the same nodes.
func Read(data []byte) (*Node, error) {
	if root := readBlocks(data); root != nil {
		return root, nil
	}
	return readAll(data)
}

// Error is one mistake in a document.
type Error struct {
	Line, Col int // both from 1; the column counts characters
	Msg       string
}

// Error gives "2:7: message".
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Msg) }

// Errors are the mistakes of a document in the order in which they were found.
type Errors []*Error

// Error gives one mistake a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

package manifest

import "anytap/internal/manifest/yaml11"

// note is what this package finds out about a node of the text. It is kept at the node (yaml11's
// Node.Note): a lookup by the node would cost more than most of what is remembered.
type note struct {
	visit    visit        // progress of the check for circular references
	shared   bool         // the list stands in several places of the value it was made of
	depth    int16        // nesting below this node after references are followed
	size     int32        // nodes below this node after references are followed
	resolved *yaml11.Node // memo of document.resolve
	value    any          // memo of document.plainValue
	own      *params      // memo of document.ownParams
}

// visit is the state of a node while references are checked.
type visit uint8

const (
	unvisited visit = iota
	open            // being visited: to come here again is a circle
	visited
)

// note gives the note of a node, a new one where there is none.
func (d *document) note(r *yaml11.Node) *note {
	if n, ok := r.Note.(*note); ok {
		return n
	}
	if len(d.notes) == 0 {
		const chunk = 256
		d.notes = make([]note, chunk)
	}
	n := &d.notes[0]
	d.notes = d.notes[1:]
	r.Note = n
	return n
}

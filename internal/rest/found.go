package rest

// Found says what an extractor found where the records of an answer should be. An answer without
// that place is not one whose list is empty.
type Found struct {
	Kind FoundKind
	// Path are the names that lead to the records, none where they are the answer itself; nil where
	// the extractor does not say. It is shared, and must not be changed.
	Path []string
	// Bare says that the answer is a list, so that nothing stands beside its elements.
	Bare bool
}

// FoundKind is what stands at the place of the records.
type FoundKind uint8

// What can stand there. The zero value is that of an extractor that does not say.
const (
	NotSaid    FoundKind = iota
	NoRecords            // the place is not there; or the body is empty, null or no JSON
	NullThere            // null
	ListThere            // a list, which may be empty
	OneThere             // one value that is a record
	WholeThere           // the answer itself, an object, is taken for the record
)

// Missing reports whether the answer has no place for records.
func (f Found) Missing() bool { return f.Kind == NoRecords }

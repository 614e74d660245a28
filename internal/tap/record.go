package tap

import "anytap/internal/value"

// Record is one JSON object of a stream. Its data stays the text that the API sent until something
// asks for a field.
type Record struct {
	Data *value.Dict
	// File names a file that was downloaded with the record; nil for most.
	File *FileReference
}

// FileReference tells a destination where the file of a record is. It has the fields of
// AirbyteRecordMessageFileReference.
type FileReference struct {
	StagingURL         string // path of the file on this machine
	SourceRelativePath string // path of the file in the source, below its root
	Bytes              int64  // size of the file
}

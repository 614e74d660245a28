// Package tap is the core: the words of the field, and the loop that reads streams. It knows
// nothing of HTTP, YAML or protocols.
//
// The words, and the files that they stand in:
//
//   - Connector: a system before its configuration is known. Source: one configured system (connector.go).
//   - Stream: a table of records (stream.go). Record: one JSON object (record.go); identity.go says when two of them are the same.
//   - Partition: a value of a parent or a list that requests are made for (router.go). Window: a range of the cursor field. Slice: a
//     partition and a window together, an independent part of a stream that one worker reads (slice.go).
//   - Page: records that came together, with the positions before and after them. It is the unit of flow and of checkpoints (slice.go).
//   - Retriever: reads a slice page by page (retriever.go).
//   - Cursor: makes the slices of a stream, observes what is written, and says what the next run must know (cursor.go).
//   - Bookmark: one stream's part of the state (package state). Checkpoint: the act of writing it.
//   - Sink: writes records and bookmarks in the words of a protocol (sink.go).
//   - Error: a failure with its kind: who can mend it (error.go).
//
// The loop: Read (read.go) runs a schedule (schedule.go), whose goroutines read slices and send
// events to the one that writes (writer.go). reader.go is a stream while it is read. progress.go
// keeps how far each slice was written. slots.go bounds how many pages are in memory at once.
package tap

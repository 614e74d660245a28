// Package tap is the core: the words of the field and the loop that reads streams, knowing neither HTTP nor YAML nor a protocol.
//
// Glossary:
//
//   - Source: one configured system. Stream: a table of records. Record: one JSON object.
//   - Partition: a parent's or list's value that requests are made for. Window: a range of the cursor field.
//     Slice: a partition and a window together, the independent part that one worker reads.
//   - Page: records that came together, and the position after them; the unit of flow and of checkpointing.
//   - Cursor: makes a stream's slices, observes what was written, and says what the next run must know.
//   - Bookmark: one stream's part of the state. Checkpoint: the act of writing it out.
//   - Sink: a protocol's front end, which writes records and state.
package tap

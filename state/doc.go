// Package state is what the next run must know: one bookmark for each stream, and how it is written
// and read.
//
// A bookmark is a JSON object. It is the stream state of the reference runtime, with the positions
// of an unfinished read beside it. The reference runtime ignores those, so that states move between
// it and anytap. A stream of one slice has its position at the top:
//
//	{
//	  "updated_at": "2026-11-02",                     what the cursor remembers (Bookmark.Cursor)
//	  "window": {"from": "2026-11-01"},               the window of the slice, if there is one
//	  "page": 7,                                      the page to ask for; or "offset", "cursor", "next_url": see Kind
//	  "last_id": 4711,                                the last record that was written of it; missing: none was
//	  "issued_at": "2026-11-02T08:00:00Z",            when a token that may expire was handed out
//	  "query": "Zm9v",                                a fingerprint of the request; the position is only good for the same one
//	  "came": 140,                                    how many records of the list had come before the page, where the token does not count
//	  "pagination": {"type": "page", "param": "page"},  the way of paging, where the run found it itself
//	  "anytap": {"format": 1, "source": "pullbay", "stream": "reviews"}
//	}
//
// A stream of several slices has the positions of the unfinished ones in a list, and the hashed
// keys of those that are finished:
//
//	{
//	  "partitions": [{"partition": {"business_id": "b-3"}, "page": 7, "last_id": 4711}],
//	  "done": ["dCth-SyESs4"],
//	  "anytap": {"format": 1, "source": "pullbay", "stream": "reviews"}
//	}
//
// A position also has what the cursor must know to go on inside its slice: "greatest", the greatest
// cursor value that was written of it; "inner": true, if its window ends where another one begins
// and not at what was the present time; "until", if records may have come late (see
// SlicePosition.Until); and "records", how many were written, where the token does not count.
//
// What an unfinished read has finished beyond the cursor's state is inside "anytap": windows behind
// one that is unfinished, and of a cursor for all partitions when the read began, its greatest
// value, and the value from which the partitions that are finished go on. "done" then has the
// hashed keys of partitions, without a window:
//
//	"anytap": {
//	  "format": 1, "source": "pullbay", "stream": "reviews",
//	  "finished": [{"window": {"from": "2026-11-02", "to": "2026-11-05"}, "greatest": "2026-11-04"}],
//	  "begun": "2026-11-06T08:00:00Z", "newest": "2026-11-04", "from": "2026-11-03"
//	}
//
// "full": true inside "anytap" says that the unfinished read is a full refresh of a stream that has
// a cursor.
//
// "complete": true inside "anytap" says that the read came to its end; only streams that grow at
// their end keep a position then.
//
// bookmark.go has the types, key.go says what identifies a slice, write.go makes the object, and
// read.go takes it apart.
package state

// Package paging reads the pages of a slice and knows where an interrupted read goes on.
//
//	loop.go        Loop: the retriever; a slice whose window is refused is read in parts (split.go)
//	walk.go        one slice from its first page to its last; page.go has the page in hand
//	sender.go      asks for a page; request.go makes the request's variables, chunks.go asks for a page in several requests
//	prefetch.go    pages that are asked for before their turn; forecast.go says how many, lookahead.go finds the next page while
//	               one still comes in
//	find.go        finds the way of paging where nobody said which it is
//	numbers.go     tokens that count; total.go finds the last page in an answer
//	resume.go      goes on from the position of an earlier run; seek.go looks for a record that moved, moved.go notices that the
//	               list changed
//	sealed.go      keeps secrets that tokens hold out of positions
//	ending.go      judges where a list ends, where the stream is strict: evidence.go reads what a page tells, nolist.go finds answers
//	               that are no page, offsets.go how offsets count, verdict.go has the errors; judging.go the settings
//	remark.go      warns where another list ends against what its answers say
//	guard.go       ends a slice whose pages repeat; remembered.go bounds what it remembers
//	reset.go       starts the pagination of a slice anew; shrink.go makes pages smaller
//	credits.go     keeps within what the run may spend
//	settings.go    the settings of a stream's x-anytap
package paging

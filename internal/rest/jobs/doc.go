// Package jobs reads slices that an API works off as jobs.
//
//	loop.go    Loop: the retriever, and the cursor that yields a slice when its job is done
//	run.go     works off the slices of one read: creates jobs, asks after them, tries again, gives up
//	job.go     one job: what is asked about it, and the download of what it made
//	slots.go   how many jobs the streams of a run may have at a time
package jobs

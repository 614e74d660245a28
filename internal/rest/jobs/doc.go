// Package jobs reads slices that an API works off as jobs: create one, ask after it, download what it made.
package jobs

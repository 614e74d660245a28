package frontend

import (
	"errors"

	"anytap/internal/tap"
)

// The exit codes of all calls. docs/running.md lists them.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2   // the arguments make no call
	ExitTarget      = 3   // a target that was started has failed
	ExitBroken      = 130 // stopped by SIGINT (^C): as a shell tells a death by it
	ExitClosed      = 141 // the reader of stdout has gone: as a shell tells a death by SIGPIPE
	ExitInterrupted = 143 // stopped by SIGTERM: as it tells a death by that
)

// ErrStreamsFailed ends a read in which streams failed. Their errors have been reported one by one.
var ErrStreamsFailed = errors.New("some streams failed")

// ExitCode is the code of a call that ended with err; nil: it went well.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return ExitDone
	case errors.Is(err, ErrClosed):
		return ExitClosed
	case errors.Is(err, tap.ErrInterrupted):
		return ExitInterrupted
	}
	return ExitFailed
}

// OutputFailed is the line that tells why stdout could not be written to, for a protocol whose logs
// go there too. A reader that has gone may have wanted no more.
func OutputFailed(err error) string {
	if errors.Is(err, ErrClosed) {
		return "WARNING " + err.Error()
	}
	return "CRITICAL " + err.Error()
}

// Unreported says whether err is still to be told to the user: it failed the call, and it is not
// the streams' own.
func Unreported(err error) bool {
	return ExitCode(err) == ExitFailed && !errors.Is(err, ErrStreamsFailed)
}

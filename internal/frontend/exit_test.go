package frontend

import (
	"errors"
	"fmt"
	"testing"

	"anytap/internal/tap"
)

func TestExitCodeTellsHowACallEnded(t *testing.T) {
	for name, test := range map[string]struct {
		err        error
		code       int
		unreported bool
	}{
		"all went well":          {nil, ExitDone, false},
		"streams failed":         {ErrStreamsFailed, ExitFailed, false},
		"something else failed":  {errors.New("no such file"), ExitFailed, true},
		"the reader has gone":    {fmt.Errorf("write: %w", ErrClosed), ExitClosed, false},
		"the read was cut short": {tap.ErrInterrupted, ExitInterrupted, false},
	} {
		t.Run(name, func(t *testing.T) {
			if code := ExitCode(test.err); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if got := Unreported(test.err); got != test.unreported {
				t.Errorf("unreported is %t, want %t", got, test.unreported)
			}
		})
	}
}

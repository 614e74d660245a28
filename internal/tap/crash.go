package tap

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// Guard ends the program with one clear line should the goroutine that defers it panic. Every
// goroutine of ours defers it first of all. Nothing goes on after a panic: what was written is
// covered by the last STATE, and locks may be held that others wait for.
func Guard() {
	if v := recover(); v != nil {
		TellCrash(os.Stderr, v)
		os.Exit(1)
	}
}

// TellCrash writes what a user is told of a panic: the fault and its place, no stack. It is called
// while the panic is being recovered from.
func TellCrash(to io.Writer, v any) {
	text := fmt.Sprintf("a %T", v) // a text of somebody else's may hold secrets
	if fault, ok := v.(runtime.Error); ok {
		text = fault.Error()
	}
	fmt.Fprintf(to, "CRITICAL anytap itself is at fault: %s at %s. State that was written is valid. Please report this line and the version (anytap --version), with the command and the manifest or the configuration without its secrets.\n",
		strings.ReplaceAll(text, "\n", " "), placeOfPanic())
}

// placeOfPanic is the innermost function of ours that was running when the panic began.
func placeOfPanic() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	panicking := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicking = true
		case panicking && strings.HasPrefix(f.Function, "anytap/"):
			return fmt.Sprintf("%s, line %d", f.Function, f.Line)
		}
		if !more {
			return "a place that is not known"
		}
	}
}

package tap_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"anytap/internal/tap"
)

func none() map[string]int { return nil }

// TestPanicIsOneLine lets goroutines of a program panic, which is this test once more.
func TestPanicIsOneLine(t *testing.T) {
	t.Parallel()
	panics := map[string]func(){
		"index":   func() { var list []int; _ = list[len(os.Args)] },
		"nil map": func() { none()["a"] = 1 },
		"a text":  func() { panic("SECRET") },
		"error":   func() { panic(errors.New("SECRET")) },
	}
	if name := os.Getenv("ANYTAP_TEST_PANIC"); name != "" {
		go func() {
			defer tap.Guard()
			panics[name]()
		}()
		select {}
	}
	for name := range panics {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestPanicIsOneLine$")
		cmd.Env = append(os.Environ(), "ANYTAP_TEST_PANIC="+name)
		out, err := cmd.CombinedOutput()
		exit, ok := errors.AsType[*exec.ExitError](err)
		text := string(out)
		if !ok || exit.ExitCode() != 1 {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.HasPrefix(text, "CRITICAL anytap itself is at fault: ") || strings.Count(text, "\n") != 1 || !strings.Contains(text, "at anytap/internal/tap_test.TestPanicIsOneLine") {
			t.Errorf("%s: %s", name, text)
		}
		for _, never := range []string{"goroutine", ".go:", "SECRET"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: %q in %s", name, never, text)
			}
		}
	}
}

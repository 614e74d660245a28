package config

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"anytap/internal/value"
)

// storing is the variable that names the configuration a process of TestCrashWhileATokenIsStored
// changes without end.
const storing = "ANYTAP_TEST_STORING"

// TestCrashWhileATokenIsStored kills a process that reserves a place and stores rotated tokens, at
// any moment. The configuration is whole, with tokens of the same turn.
func TestCrashWhileATokenIsStored(t *testing.T) {
	if file := os.Getenv(storing); file != "" {
		storeForEver(t, file)
		return
	}
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "config.json")
	must(t, os.WriteFile(file, []byte(`{"refresh_token":0,"access_token":0}`), 0o600))
	turns := int64(0)
	for round := range 15 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestCrashWhileATokenIsStored$")
		cmd.Env = append(os.Environ(), storing+"="+file)
		must(t, cmd.Start())
		for deadline := time.Now().Add(20 * time.Second); tokenOf(t, file) == turns && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(round*137) * time.Microsecond)
		must(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		turn := tokenOf(t, file)
		if turn <= turns {
			t.Fatalf("round %d: the tokens are of turn %d, and were of %d", round, turn, turns)
		}
		turns = turn
	}
}

// tokenOf is the turn that the tokens of a whole configuration are of.
func tokenOf(t *testing.T, file string) int64 {
	t.Helper()
	text := mustRead(t, file)
	v, err := value.DecodeString(text)
	d, ok := v.(*value.Dict)
	if err != nil || !ok {
		t.Fatalf("the configuration is %q, %v", text, err)
	}
	turn := value.Member[int64](d, "refresh_token")
	if d.Len() != 2 || value.Member[int64](d, "access_token") != turn {
		t.Fatalf("the configuration is %q", text)
	}
	return turn
}

func storeForEver(t *testing.T, file string) {
	t.Helper()
	turn := tokenOf(t, file)
	c := configured(file, "refresh_token", turn, "access_token", turn)
	for {
		free, err := c.Reserve([]string{"refresh_token", "access_token"})
		must(t, err)
		turn++
		if err := c.Store(value.DictOf("refresh_token", turn, "access_token", turn)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		free()
	}
}

package main

import (
	"bytes"
	"testing"

	"anytap/internal/cli"
)

// TestManualHasEachCommand wants a page of each command that help lists, with its flags.
func TestManualHasEachCommand(t *testing.T) {
	t.Parallel()
	pages, err := manual()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cli.Command().Commands() {
		if c.IsAvailableCommand() && !bytes.Contains(named(pages, "man/anytap-"+c.Name()+".1"), []byte(`\fB--config\fP`)) {
			t.Errorf("the page of %s does not show its flags", c.Name())
		}
	}
	if page := named(pages, "man/anytap.1"); !bytes.HasPrefix(page, []byte(".nh\n.TH")) || bytes.Contains(page, []byte("1980")) {
		t.Errorf("not a page:\n%.300s", page)
	}
}

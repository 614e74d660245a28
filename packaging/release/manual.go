package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"anytap/internal/cli"
)

// manual gives the pages for man: one of each command.
func manual() ([]file, error) {
	var pages []file
	var add func(c *cobra.Command) error
	add = func(c *cobra.Command) error {
		if !c.IsAvailableCommand() && c.HasParent() {
			return nil
		}
		var page bytes.Buffer
		header := &doc.GenManHeader{Section: "1", Date: &epoch, Source: "anytap", Manual: "anytap"}
		c.DisableAutoGenTag = true
		if err := doc.GenMan(c, header, &page); err != nil {
			return fmt.Errorf("page of %s: %w", c.CommandPath(), err)
		}
		// The same sources give the same bytes: a page has no date.
		text := bytes.Replace(page.Bytes(), []byte(epoch.Format(`"Jan 2006"`)), []byte(`""`), 1)
		name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
		pages = append(pages, file{name: path.Join("man", name), data: text, mode: 0o644})
		for _, below := range c.Commands() {
			if err := add(below); err != nil {
				return err
			}
		}
		return nil
	}
	return pages, add(cli.Command())
}

package cli

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"anytap/internal/config"
	"anytap/internal/files"
	"anytap/internal/statefile"
)

// stateCommand looks into state files and changes them.
func (c *call) stateCommand() *cobra.Command {
	state := &cobra.Command{
		Use:   "state",
		Short: "Show, change, compare and merge state files",
		Long: `state works on the state files of both protocols: Singer's (an object with bookmarks) and all forms of Airbyte's.
A file that is changed keeps its form, and is replaced in one step.`,
		Example: "  anytap state show state.json",
		Args:    noCommand,
		RunE: func(*cobra.Command, []string) error {
			return usage("state needs one of show, set, reset, diff, merge (see anytap state --help)")
		},
	}
	var output string
	merge := c.stateVerb("merge A B…", "Put several state files together", "anytap state merge monday.json tuesday.json --output all.json", 2,
		func(args []string) error { return c.stateMerge(args, output) })
	merge.Long = "merge takes the state of each stream from the last file that has it, and of each partition from the last that has that one.\nIt prints the result, in the form of the first file."
	merge.Flags().StringVarP(&output, "output", "o", "", "file that takes the result; stdout if not given")
	state.AddCommand(
		c.stateVerb("show FILE", "Say which streams a state file has, and where they go on", "anytap state show state.json", 1, c.stateShow),
		c.stateVerb("set FILE STREAM FIELD=VALUE…", "Let a stream go on from a value of its cursor field", "anytap state set state.json orders updated_at=2026-01-01T00:00:00Z", 3, c.stateSet),
		c.stateVerb("reset FILE STREAM…", "Let streams begin anew", "anytap state reset state.json orders", 2, c.stateReset),
		c.stateVerb("diff A B", "Say what differs between two state files; the exit code is 1 if something does", "anytap state diff old.json new.json", 2, c.stateDiff),
		merge,
	)
	return state
}

// stateVerb is a command that takes at least so many arguments; see takes.
func (c *call) stateVerb(use, short, example string, least int, run func([]string) error) *cobra.Command {
	name, _, _ := strings.Cut(use, " ")
	return &cobra.Command{
		Use: use, Short: short, Example: "  " + example,
		Args: func(_ *cobra.Command, args []string) error {
			if !takes(use, least, len(args)) {
				return usage("state %s takes %s, for example: %s", name, strings.TrimPrefix(use, name+" "), example)
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return run(args) },
	}
}

// readStateFile reads a state file of either form.
func readStateFile(path string) (*statefile.File, error) {
	v, err := config.ReadFile(path, "state")
	if err != nil {
		return nil, err
	}
	return statefile.Parse(path, v)
}

// changeState changes a state file that no run is using.
func (c *call) changeState(path string, change func(*statefile.File) error) error {
	lock, err := lockState(path)
	if err != nil {
		return err
	}
	defer lock.Free()
	f, err := readStateFile(path)
	if err == nil {
		err = change(f)
	}
	if err != nil {
		return err
	}
	return f.Save()
}

// lockState locks a state file, or says who has it.
func lockState(path string) (*files.Lock, error) {
	lock, err := files.TakeLock(path)
	if locked, ok := errors.AsType[*files.LockedError](err); ok {
		return nil, fmt.Errorf("%w: wait until it has ended, or use another state file", locked)
	} else if err != nil {
		return nil, fmt.Errorf("lock the state file: %w", err)
	}
	return lock, nil
}

func (c *call) stateShow(args []string) error {
	f, err := readStateFile(args[0])
	if err != nil {
		return err
	}
	all := f.Summaries()
	if len(all) == 0 {
		_, err := fmt.Fprintf(c.stdout, "%s has the state of no stream\n", f.Path)
		return err
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "stream\tpartitions\tcursor\tposition")
	for _, s := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Stream, orDash(s.Partitions), orDash(s.Cursor), orDash(s.Position))
	}
	return table.Flush()
}

// orDash is a value as a text, or a dash where there is none.
func orDash[T comparable](v T) string {
	var none T
	if v == none {
		return "-"
	}
	return fmt.Sprint(v)
}

func (c *call) stateSet(args []string) error {
	return c.changeState(args[0], func(f *statefile.File) error {
		stream := args[1]
		before := statefile.Summarize(stream, f.Get(stream))
		for _, given := range args[2:] {
			field, text, ok := strings.Cut(given, "=")
			if !ok || field == "" {
				return usage("%q is no FIELD=VALUE, expected for example updated_at=2026-01-01", given)
			}
			if err := f.SetCursor(stream, field, text); err != nil {
				return err
			}
		}
		after := statefile.Summarize(stream, f.Get(stream))
		return c.sayChange(statefile.Change{Stream: stream, Before: &before, After: &after})
	})
}

func (c *call) stateReset(args []string) error {
	return c.changeState(args[0], func(f *statefile.File) error {
		for _, stream := range args[1:] {
			if err := f.Has(stream); err != nil {
				return err
			}
			before := statefile.Summarize(stream, f.Get(stream))
			f.Remove(stream)
			if err := c.sayChange(statefile.Change{Stream: stream, Before: &before}); err != nil {
				return err
			}
		}
		return nil
	})
}

// sayChange says how the state of a stream has changed.
func (c *call) sayChange(change statefile.Change) error {
	say := func(sign string, s *statefile.Summary) error {
		if s == nil {
			return nil
		}
		_, err := fmt.Fprintf(c.stdout, "%s %s: %s\n", sign, change.Stream, s)
		return err
	}
	return errors.Join(say("-", change.Before), say("+", change.After))
}

func (c *call) stateDiff(args []string) error {
	a, err := readStateFile(args[0])
	if err != nil {
		return err
	}
	b, err := readStateFile(args[1])
	if err != nil {
		return err
	}
	for _, change := range a.Diff(b) {
		c.code = 1
		if err := c.sayChange(change); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) stateMerge(args []string, output string) error {
	all, err := readStateFile(args[0])
	for _, path := range args[1:] {
		var later *statefile.File
		if err == nil {
			later, err = readStateFile(path)
		}
		if err != nil {
			return err
		}
		if later.Airbyte != all.Airbyte && len(later.Streams()) > 0 && len(all.Streams()) > 0 {
			return fmt.Errorf("%s and %s have the forms of two protocols, expected files of one", all.Path, later.Path)
		}
		all.Merge(later)
	}
	if output != "" {
		all.Path = output
		return all.Save()
	}
	_, err = c.stdout.Write(all.Text())
	return err
}

package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"anytap/internal/files"
	"anytap/internal/frontend"
	"anytap/internal/registry"
)

// connectorsCommand finds and gets connectors of the registry. Its answers go to stdout.
func (c *call) connectorsCommand() *cobra.Command {
	all := &cobra.Command{
		Use:     "connectors",
		Short:   "Find, get and update connectors of Airbyte's registry",
		Example: "  anytap connectors search poke\n  anytap --manifest-path source-pokeapi --config config.yaml",
		Args:    noCommand,
		RunE: func(*cobra.Command, []string) error {
			return usage("connectors needs a command: search, info, get or update")
		},
	}
	command := func(use, short, example string, needs int, run func(context.Context, *registry.Registry, []string) error) *cobra.Command {
		return &cobra.Command{
			Use: use, Short: short, Example: "  anytap connectors " + example,
			Args: func(cmd *cobra.Command, args []string) error {
				if !takes(use, needs, len(args)) {
					return usage("connectors %s is called as: anytap connectors %s", cmd.Name(), use)
				}
				return nil
			},
			RunE: func(cmd *cobra.Command, args []string) error {
				r, err := c.openRegistry()
				if err != nil {
					return err
				}
				defer r.Close()
				return run(cmd.Context(), r, args)
			},
		}
	}
	var output string
	get := command("get NAME[@VERSION]", "Fetch a connector, lock it, and print the path of its manifest", "get source-pokeapi --output pokeapi", 1,
		func(ctx context.Context, r *registry.Registry, args []string) error {
			return c.getConnector(ctx, r, args[0], output)
		})
	get.Flags().StringVarP(&output, "output", "o", "", "folder to put its files into; they are not locked then")
	all.AddCommand(
		command("search WORD…", "List the sources whose name or title has all the words", "search github", 1, c.searchConnectors),
		command("info NAME[@VERSION]", "Describe a connector: whether it runs here, its settings and streams", "info source-pokeapi", 1, c.describeConnector),
		get,
		command("update [NAME[@VERSION]…]", "Lock the newest versions, of all connectors that are locked or of these", "update", 0, c.updateConnectors),
	)
	return all
}

// searchConnectors prints a table of what the words find. Those that run here come first.
func (c *call) searchConnectors(ctx context.Context, r *registry.Registry, words []string) error {
	list, err := r.List(ctx, false)
	if err != nil {
		return err
	}
	found := slices.DeleteFunc(slices.Clone(list), func(l registry.Listed) bool {
		return slices.ContainsFunc(words, func(word string) bool {
			return !strings.Contains(strings.ToLower(l.Name+" "+l.Title), strings.ToLower(word))
		})
	})
	if len(found) == 0 {
		c.code = frontend.ExitFailed
		return fmt.Errorf("none of the %d sources of %s has %q in its name or title%s", len(list), r.Base, strings.Join(words, " "), registry.DidYouMean(words[0], list))
	}
	slices.SortFunc(found, func(a, b registry.Listed) int {
		if a.Runs() != b.Runs() {
			return map[bool]int{true: -1, false: 1}[a.Runs()]
		}
		return cmp.Compare(a.Name, b.Name)
	})
	t := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tVERSION\tRUNS HERE\tTITLE")
	for _, l := range found {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", l.Name, l.Version, runsHere(l), l.Title)
	}
	return t.Flush()
}

// runsHere says in a few words whether a connector runs.
func runsHere(l registry.Listed) string {
	switch {
	case !l.Runs():
		return "no (" + cmp.Or(l.Language, "no manifest") + ")"
	case l.Components:
		return "in part (has Python code)"
	}
	return "yes"
}

// getConnector fetches a connector. With a folder its files are put there, else it is locked.
func (c *call) getConnector(ctx context.Context, r *registry.Registry, name, folder string) error {
	ref, err := registry.ParseReference(name)
	if err != nil {
		return usage("%v", err)
	}
	if folder != "" {
		found, err := r.Fetch(ctx, ref)
		if err != nil {
			return err
		}
		return c.copyConnector(found, folder)
	}
	found, err := r.Get(ctx, ref, c.lockPath())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stderr, "%s: locked in %s\n", found, c.lockPath())
	_, err = fmt.Fprintln(c.stdout, found.Manifest())
	return err
}

// copyConnector puts the files of a connector into a folder. Files that are there and differ stay.
func (c *call) copyConnector(found registry.Connector, folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for _, name := range []string{registry.ManifestFile, registry.ComponentsFile} {
		text, err := files.Read(filepath.Join(found.Folder, name), files.Document)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		to := filepath.Join(folder, name)
		if there, err := files.Read(to, files.Document); err == nil && !bytes.Equal(there, text) {
			return fmt.Errorf("%s is there already and differs from that of %s: remove it, or name another folder", to, found)
		}
		if err := os.WriteFile(to, text, 0o666); err != nil { //nolint:gosec // a file of the user's project, by the umask
			return err
		}
	}
	fmt.Fprintf(c.stderr, "%s\n", found)
	_, err := fmt.Fprintln(c.stdout, filepath.Join(folder, registry.ManifestFile))
	return err
}

// updateConnectors locks newer versions and says what changed.
func (c *call) updateConnectors(ctx context.Context, r *registry.Registry, names []string) error {
	if c.offline {
		return usage("connectors update asks the registry: leave out --offline")
	}
	var refs []registry.Reference
	for _, name := range names {
		ref, err := registry.ParseReference(name)
		if err != nil {
			return usage("%v", err)
		}
		refs = append(refs, ref)
	}
	changes, err := r.Update(ctx, c.lockPath(), refs)
	for _, change := range changes {
		before, after := change.Before, change.After
		switch {
		case before == after:
			fmt.Fprintf(c.help, "%s: no change\n", after)
		case before.SHA256 == "":
			fmt.Fprintf(c.help, "%s: locked\n", after)
		case before.Version == after.Version:
			fmt.Fprintf(c.help, "%s: its content has changed; the new one is locked\n", after)
		default:
			fmt.Fprintf(c.help, "%s: %s → %s\n", after.Name, before.Version, after.Version)
		}
	}
	if err == nil && len(changes) == 0 {
		fmt.Fprintf(c.stderr, "%s locks no connector\n", c.lockPath())
	}
	return err
}

package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"anytap/internal/sampleapi"
)

// addCompletions tells shells what may stand where: values of flags, files by their endings, and
// nothing where nothing can stand.
func (c *call) addCompletions(root *cobra.Command) error {
	if err := addFlagCompletions(root); err != nil {
		return err
	}
	c.addArgumentCompletions(root)
	return nil
}

func addFlagCompletions(root *cobra.Command) error {
	values := map[string][]cobra.Completion{"as-of": nil, "registry": nil, "allow-hosts": nil}
	for _, c := range choices {
		values[c.flag] = c.offered
	}
	for flag, offered := range values {
		if err := root.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(offered, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			return fmt.Errorf("completion of --%s: %w", flag, err)
		}
	}
	if err := root.RegisterFlagCompletionFunc("manifest-files", cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)); err != nil {
		return fmt.Errorf("completion of --manifest-files: %w", err)
	}
	for flag, endings := range map[string][]cobra.Completion{
		"lock":   {"lock"},
		"config": {"json", "yaml", "yml"}, "catalog": {"json"}, "properties": {"json"}, "state": {"json"},
		"manifest-path": {"yaml", "yml"}, "manifest": {"yaml", "yml"},
		"ca-cert": {"pem", "crt", "cer"}, "client-cert": {"pem", "crt", "cer"}, "client-key": {"pem", "key"},
	} {
		if err := root.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(endings, cobra.ShellCompDirectiveFilterFileExt)); err != nil {
			return fmt.Errorf("completion of --%s: %w", flag, err)
		}
	}
	return nil
}

func (c *call) addArgumentCompletions(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "connectors":
			for _, inner := range cmd.Commands() {
				inner.ValidArgsFunction = c.completeConnectors
			}
		case "init":
			cmd.ValidArgsFunction = c.completeConnectors
		case "demo":
			var systems []cobra.Completion
			for _, system := range sampleapi.Systems() {
				systems = append(systems, cobra.Completion(system))
			}
			cmd.ValidArgsFunction = cobra.FixedCompletions(systems, cobra.ShellCompDirectiveNoFileComp)
		case "check-manifest":
			cmd.ValidArgsFunction = cobra.FixedCompletions([]cobra.Completion{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
		case "state":
			for _, inner := range cmd.Commands() {
				inner.ValidArgsFunction = cobra.FixedCompletions([]cobra.Completion{"json"}, cobra.ShellCompDirectiveFilterFileExt)
			}
		case "spec", "check", "discover", "read", "manifest", "preview", "run":
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		case "completion":
			cmd.Args = func(_ *cobra.Command, args []string) error { return noArguments(args) }
			cmd.RunE = func(*cobra.Command, []string) error {
				return usage("completion needs a shell: bash, zsh, fish or powershell")
			}
		}
	}
}

// completeConnectors offers the names of the list that was fetched last. It makes no request.
func (c *call) completeConnectors(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	c.offline = true
	r, err := c.openRegistry()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	list, _ := r.List(cmd.Context(), false) // without a list there is nothing to offer
	var names []cobra.Completion
	for _, l := range list {
		names = append(names, l.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

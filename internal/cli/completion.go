package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"anytap/internal/sampleapi"
)

// addCompletions tells shells what may stand where: values of flags, files by their endings, and
// nothing where nothing can stand.
func addCompletions(root *cobra.Command) error {
	if err := addFlagCompletions(root); err != nil {
		return err
	}
	addArgumentCompletions(root)
	return nil
}

func addFlagCompletions(root *cobra.Command) error {
	values := map[string][]cobra.Completion{"as-of": nil}
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
		"config": {"json", "yaml", "yml"}, "catalog": {"json"}, "properties": {"json"}, "state": {"json"},
		"manifest-path": {"yaml", "yml"}, "manifest": {"yaml", "yml"},
	} {
		if err := root.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(endings, cobra.ShellCompDirectiveFilterFileExt)); err != nil {
			return fmt.Errorf("completion of --%s: %w", flag, err)
		}
	}
	return nil
}

func addArgumentCompletions(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "demo":
			var systems []cobra.Completion
			for _, system := range sampleapi.Systems() {
				systems = append(systems, cobra.Completion(system))
			}
			cmd.ValidArgsFunction = cobra.FixedCompletions(systems, cobra.ShellCompDirectiveNoFileComp)
		case "check-manifest":
			cmd.ValidArgsFunction = cobra.FixedCompletions([]cobra.Completion{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
		case "spec", "check", "discover", "read", "manifest":
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		case "completion":
			cmd.Args = func(_ *cobra.Command, args []string) error { return noArguments(args) }
			cmd.RunE = func(*cobra.Command, []string) error {
				return usage("completion needs a shell: bash, zsh, fish or powershell")
			}
		}
	}
}

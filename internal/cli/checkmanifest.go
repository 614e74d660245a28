package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"anytap/internal/components"
	"anytap/internal/manifest"
)

// checkManifestCommand lists what a manifest has wrong or needs that is not run here.
func (c *call) checkManifestCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "check-manifest MANIFEST",
		Short:   "List every problem of a low-code manifest, with file, line, column and path",
		Example: "  anytap check-manifest manifest.yaml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("check-manifest takes one manifest, for example: anytap check-manifest manifest.yaml")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			problems, err := checkManifest(args[0], data)
			if err != nil {
				return err
			}
			for _, p := range problems {
				fmt.Fprintln(c.stderr, p.Error())
			}
			if python := filepath.Join(filepath.Dir(args[0]), PythonFile); fileExists(python) {
				fmt.Fprintf(c.stderr, "%s: is Python code, which is not run\n", python)
			}
			if errs := problems.Errors(); len(errs) > 0 {
				c.code = 1
			}
			fmt.Fprintf(c.stderr, "%s: %d problems, %d warnings\n", args[0], len(problems.Errors()), len(problems.Warnings()))
			return nil
		},
	}
}

func checkManifest(path string, data []byte) (manifest.Problems, error) {
	root, err := manifest.Parse(path, data)
	if err != nil {
		if problems := manifest.AsProblems(err); problems != nil {
			return problems, nil
		}
		return nil, err
	}
	return components.CheckManifest(root)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"anytap/internal/components"
	"anytap/internal/files"
	"anytap/internal/frontend"
	"anytap/internal/manifest"
)

// checkManifestCommand lists what is wrong with a manifest, and what it needs that anytap does not
// run. It exits with 1 on an error.
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
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := c.manifestFile(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return c.checkManifest(path)
		},
	}
}

func (c *call) checkManifest(path string) error {
	data, err := files.Read(path, files.Document)
	if err != nil {
		return err
	}
	problems, err := problemsOf(path, data)
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(c.stderr, p.Error())
	}
	if python := filepath.Join(filepath.Dir(path), PythonFile); fileExists(python) {
		fmt.Fprintf(c.stderr, "%s: is Python code, which is not run\n", python)
	}
	errs, warnings := problems.Errors(), problems.Warnings()
	if len(errs) > 0 {
		c.code = frontend.ExitFailed
	}
	fmt.Fprintf(c.stderr, "%s: %s, %s\n", path, counted(len(errs), "problem"), counted(len(warnings), "warning"))
	return nil
}

// problemsOf finds the problems of a manifest. An error that is no problem of the manifest comes
// apart from them.
func problemsOf(path string, data []byte) (manifest.Problems, error) {
	root, err := manifest.Parse(path, data)
	if err != nil {
		if problems := manifest.AsProblems(err); problems != nil {
			return problems, nil
		}
		return nil, err
	}
	return components.CheckManifest(root)
}

// counted is a number of things: "1 problem", "2 problems".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

package initialize

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/joho/godotenv"

	"anytap/internal/files"
	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// Files are what is written for a configuration.
type Files struct {
	Config    string // path of the configuration, in YAML
	Comment   string // lines above it
	Values    *value.Dict
	Further   string // lines below it, comments
	Schema    *value.Dict
	Variables []Variable
	Replace   bool // a configuration that is there already is replaced
}

// VariablesFile is where variables are written: .env beside the configuration.
func (f Files) VariablesFile() string { return filepath.Join(filepath.Dir(f.Config), ".env") }

// SchemaFile is where editors find the settings that there are.
func (f Files) SchemaFile() string {
	return strings.TrimSuffix(f.Config, filepath.Ext(f.Config)) + ".schema.json"
}

// CheckFree is an error where a configuration is in the way.
func (f Files) CheckFree() error {
	if _, err := os.Lstat(f.Config); err == nil && !f.Replace {
		return fmt.Errorf("%s is there already: name another file with --config, or --force replaces it", f.Config)
	}
	return nil
}

// Write writes the files, which only their owner may read. The variables come first, so that the
// configuration never refers to what is not there.
func (f Files) Write() error {
	if err := f.CheckFree(); err != nil {
		return err
	}
	text, err := yaml11.Write(f.Values)
	if err != nil {
		return err
	}
	if err := f.writeVariables(); err != nil {
		return err
	}
	modeline := ""
	if f.Schema != nil {
		schema := append(value.Append(nil, f.Schema), '\n')
		if err := writeOwn(f.SchemaFile(), schema); err != nil {
			return err
		}
		modeline = "# yaml-language-server: $schema=" + filepath.Base(f.SchemaFile()) + "\n"
	}
	return writeOwn(f.Config, []byte(modeline+comment(f.Comment)+string(text)+comment(f.Further)))
}

func comment(lines string) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		b.WriteString(strings.TrimRight("# "+strings.TrimRight(line, "\n"), " ") + "\n")
	}
	return b.String()
}

// writeVariables adds variables to the file of them.
func (f Files) writeVariables() error {
	if len(f.Variables) == 0 {
		return nil
	}
	text, err := os.ReadFile(f.VariablesFile())
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	for _, v := range f.Variables {
		line, err := variableLine(v)
		if err != nil {
			return err
		}
		text = append(text, line...)
	}
	return writeOwn(f.VariablesFile(), text)
}

// needsNoQuotes matches what every reader of such files takes as it stands.
var needsNoQuotes = regexp.MustCompile(`^[A-Za-z0-9_./:@+=~,-]+$`)

// variableLine is a line that gives a variable.
func variableLine(v Variable) (string, error) {
	switch {
	case needsNoQuotes.MatchString(v.Value):
		return v.Name + "=" + v.Value + "\n", nil
	case !strings.ContainsAny(v.Value, "'\n\r"):
		return v.Name + "='" + v.Value + "'\n", nil
	}
	line, err := godotenv.Marshal(map[string]string{v.Name: v.Value})
	return line + "\n", err
}

// writeOwn writes a file that only its owner may read, also where others could read the one before.
func writeOwn(path string, text []byte) error { return files.WriteAs(path, text, 0o600) }

// Variables reads a file of variables; one that is not there has none.
func Variables(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	known, err := godotenv.UnmarshalBytes(text)
	if err != nil { // its text has secrets
		return nil, fmt.Errorf("%s is no file of variables, NAME=value in each line: mend it first", path)
	}
	return known, nil
}

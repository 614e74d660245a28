package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/joho/godotenv"

	"anytap/internal/files"
)

// variables are those of a file, read when the first one is looked up.
type variables struct {
	once sync.Once
	set  map[string]string
	path string // empty: there is no such file
	err  error
}

// lookUp finds a variable: in the environment, or in the file of variables.
func (g *Given) lookUp(name string) (text string, ok bool, err error) {
	if g.Lookup != nil {
		if text, ok = g.Lookup(name); ok {
			return text, true, nil
		}
	}
	g.dotenv.once.Do(func() { g.dotenv.read(g.EnvFile, g.dotenvPath()) })
	text, ok = g.dotenv.set[name]
	return text, ok, g.dotenv.err
}

// dotenvPath is where a file of variables is looked for that nobody names.
func (g *Given) dotenvPath() string {
	for _, path := range g.Files {
		if path != Environment && !files.Once(path) {
			return filepath.Join(filepath.Dir(path), ".env")
		}
	}
	return ".env"
}

// whereVariablesAre ends a message about a variable that is missing.
func (g *Given) whereVariablesAre() string {
	if g.dotenv.path == "" {
		return " in the environment, and there is no " + g.dotenvPath()
	}
	return ", neither in the environment nor in " + g.dotenv.path
}

func (v *variables) read(named, usual string) {
	v.path = named
	if named == "" {
		v.path = usual
		if info, err := os.Stat(usual); err != nil || info.IsDir() { // some keep Python's packages in a folder of that name
			v.path = ""
			return
		}
	}
	data, err := files.Read(v.path, mostOfFile)
	if err != nil {
		v.err = fmt.Errorf("read the variables: %w", err)
		return
	}
	if v.set, err = godotenv.UnmarshalBytes(data); err != nil { // the error quotes the file, where secrets are
		v.err = fmt.Errorf("%s:%d: expected a line of the form NAME=value", v.path, firstBad(data))
	}
}

// firstBad is the number of the first line that can not be read: the one behind the longest
// beginning of the file that can be.
func firstBad(data []byte) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	good, goodEnd, end := 0, 0, 0
	for i, line := range lines {
		end += len(line)
		if _, err := godotenv.UnmarshalBytes(data[goodEnd:end]); err == nil {
			good, goodEnd = i+1, end
		} else if i-good > mostLinesOfValue {
			break
		}
	}
	return min(good+1, len(lines))
}

// mostLinesOfValue is how many lines a quoted value may have for its end to be found.
const mostLinesOfValue = 200

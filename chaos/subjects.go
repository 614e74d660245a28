package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// subject is a manifest that works, with a configuration.
type subject struct {
	name         string
	text, config []byte
	// waits reports whether a read takes long as it is, since the manifest says so. It works in a
	// folder.
	waits func(folder string) bool
}

// waiting runs a read as it is, once.
func (s *subject) waiting() func(string) bool {
	var once sync.Once
	long := false
	text, config := s.text, s.config
	return func(folder string) bool {
		once.Do(func() {
			begun := time.Now()
			m := mutant{manifest: subject{config: config, waits: func(string) bool { return false }}, text: text}
			m.judge(context.Background(), folder, &tallied{})
			long = time.Since(begun) > longest/4
		})
		return long
	}
}

// subjects are the public manifests of the parity harness and of what lies beside it, where they
// are there, and those of this repository. Their APIs are nowhere.
func (l *lab) subjects() (all []subject, err error) {
	patterns := []string{filepath.Join("testdata", "*.yaml"), filepath.Join("..", "testdata", "*", "*.yaml"), filepath.Join("..", "streams", "*.yaml")}
	if parity := parityFolder(); parity != "" {
		patterns = append(patterns, filepath.Join(parity, "manifests", "*.yaml"), filepath.Join(parity, "..", "frontier", "manifests", "*.yaml"))
	} else {
		fmt.Println("public manifests: skipped, ../shared/parity is not there")
	}
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			s := subject{name: strings.TrimSuffix(filepath.Base(file), ".yaml")}
			if !strings.Contains(s.name, l.only) {
				continue
			}
			if s.text, err = os.ReadFile(file); err != nil {
				return nil, err
			}
			config, err := configOf(filepath.Join(filepath.Dir(file), "..", "goldens", s.name+".json.gz"))
			if err != nil {
				return nil, err
			}
			config["anytap"] = map[string]any{"max_retries": 0}
			if s.config, err = json.Marshal(config); err != nil {
				return nil, err
			}
			s.text, s.config = elsewhere(s.text), elsewhere(s.config)
			s.waits = s.waiting()
			all = append(all, s)
		}
	}
	return all, nil
}

// elsewhere is a text whose addresses lead nowhere.
func elsewhere(text []byte) []byte {
	return []byte(strings.NewReplacer("https://", "http://"+nowhere+"/", "http://", "http://"+nowhere+"/").Replace(string(text)))
}

// configOf is the configuration in a golden file; an empty one where there is none.
func configOf(golden string) (map[string]any, error) {
	config := map[string]any{}
	file, err := os.Open(golden)
	if os.IsNotExist(err) {
		return config, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	text, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	var held struct{ Config map[string]any }
	if err := json.NewDecoder(text).Decode(&held); err != nil {
		return nil, fmt.Errorf("%s: %w", golden, err)
	}
	if held.Config != nil {
		config = held.Config
	}
	return config, nil
}

package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// files writes what the program reads, and gives its arguments.
func (s *schedule) files(p plan) ([]string, error) {
	base := s.address()
	if p.base != "" {
		base = p.base
	}
	settings := map[string]any{"concurrency": p.workers, "max_retries": p.retries, "checkpoint_records": p.part, "request_timeout": requestTimeout.Seconds()}
	if p.cached {
		settings["cache"] = map[string]any{"dir": filepath.Join(s.folder, "cache"), "ttl": 3600}
	}
	config := maps.Clone(s.backend.config)
	config["base_url"] = base
	s.keepTokens(config)
	if s.backend.manifest != "" {
		config["anytap"] = settings
	} else {
		maps.Copy(config, settings)
	}
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	args := []string{}
	if s.protocol == "airbyte" {
		args = append(args, "read")
	}
	state := s.judge.state()
	catalog, err := json.Marshal(s.catalog())
	if err != nil {
		return nil, err
	}
	for _, f := range []struct {
		flag, name string
		data       []byte
	}{
		{"--config", "config.json", []byte(s.placed(string(text), base))},
		{"--manifest-path", "manifest.yaml", []byte(s.placed(s.backend.manifest, base))},
		{"--catalog", "catalog.json", catalog}, {"--state", "state.json", state},
	} {
		if len(f.data) == 0 {
			continue
		}
		path := filepath.Join(s.folder, f.name)
		if err := os.WriteFile(path, f.data, 0o600); err != nil {
			return nil, err
		}
		args = append(args, f.flag, path)
	}
	return args, nil
}

// keepTokens takes over what the last run wrote into its configuration: tokens.
func (s *schedule) keepTokens(config map[string]any) {
	var written struct{ Auth map[string]any }
	text, err := os.ReadFile(filepath.Join(s.folder, "config.json"))
	auth, ok := config["auth"].(map[string]any)
	if err != nil || !ok {
		return
	}
	if err := json.Unmarshal(text, &written); err != nil {
		s.judge.fault("the configuration is damaged: %v", err)
	}
	auth = maps.Clone(auth)
	for name, v := range written.Auth {
		if name != "token_url" {
			auth[name] = v
		}
	}
	config["auth"] = auth
}

// placed puts the proxy's address into a text.
func (s *schedule) placed(text, base string) string {
	if s.backend.host != "" {
		text = strings.NewReplacer("http://"+s.backend.host, base, s.backend.host, strings.SplitN(base, "://", 2)[1]).Replace(text)
	}
	return strings.ReplaceAll(text, "BASE", base)
}

// catalog selects the kind's streams.
func (s *schedule) catalog() any {
	var entries []any
	for _, name := range s.kind.streams {
		if s.protocol == "singer" {
			metadata := map[string]any{"selected": true}
			if s.full {
				metadata["replication-method"] = "FULL_TABLE"
			}
			entries = append(entries, map[string]any{"tap_stream_id": name, "stream": name,
				"metadata": []any{map[string]any{"breadcrumb": []any{}, "metadata": metadata}}})
			continue
		}
		mode := "incremental"
		if s.full {
			mode = "full_refresh"
		}
		entries = append(entries, map[string]any{"stream": map[string]any{"name": name}, "sync_mode": mode, "destination_sync_mode": "append"})
	}
	return map[string]any{"streams": entries}
}

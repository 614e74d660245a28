package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed testdata/model.yaml
var modelManifest string

// modelStreams are the streams of the manifest for the model API.
var modelStreams = []string{
	"page", "offset", "cursor", "next_address", "link", "search", "list", "children", "windows", "windows_by_cursor", "list_in_windows",
	"children_in_windows", "children_one_cursor", "feed", "csv", "ndjson", "token", "jobs",
}

// quietFaults are those whose answers end a list in a manifest's streams, as they do in the
// reference runtime: an answer of 200 without the place of the records is an empty page there.
var quietFaults = []string{"html", "empty", "short"}

// manifestKinds are streams of low-code manifests, on the model API.
func manifestKinds() []*kind {
	var all []*kind
	for _, stream := range modelStreams {
		renewed := stream == "jobs" // exports are made anew
		onePage, shared := stream == "csv" || stream == "ndjson", stream == "children_one_cursor"
		all = append(all, &kind{name: "manifest " + stream, renewed: renewed, onePage: onePage, shared: shared, streams: []string{stream}, spared: spared(quietFaults...), start: func() (*backend, error) {
			return modelBackend(map[string]any{"key": modelKey}, modelManifest)
		}})
	}
	return all
}

// publicNames are the public manifests that are read, chosen for their paginators, routers and
// cursors.
var publicNames = []string{
	"source-aircall", "source-ashby", "source-brex", "source-capsule-crm", "source-gitbook", "source-invoiced", "source-mailersend",
	"source-opsgenie", "source-paystack", "source-recruitee", "source-shippo", "source-zoho-billing", "source-jotform",
}

// publicKinds are public manifests, on the mock APIs of the parity harness in a folder. They are
// served by a Python with PyYAML (CHAOS_PYTHON) until stop is called.
func publicKinds(parity string) (kinds []*kind, stop func(), err error) {
	python := os.Getenv("CHAOS_PYTHON")
	if python == "" {
		python = "python3"
	}
	cmd := exec.Command(python, append([]string{"public.py", parity}, publicNames...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	stop = func() {
		_ = in.Close() // it ends with its input
		_ = cmd.Wait()
	}
	lines := bufio.NewReader(out)
	for range publicNames {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			stop()
			return nil, nil, fmt.Errorf("public manifests can not be served (%s needs PyYAML, CHAOS_PYTHON names another): %w", python, err)
		}
		var served struct {
			Name, Host, Manifest, Now string
			Config                    json.RawMessage
			Streams                   []string
		}
		if err := json.Unmarshal(line, &served); err != nil {
			stop()
			return nil, nil, err
		}
		kinds = append(kinds, &kind{name: "public " + served.Name, streams: served.Streams, spared: spared(quietFaults...), public: true, start: func() (*backend, error) {
			b := &backend{url: "http://" + served.Host, manifest: served.Manifest, now: served.Now, stop: func() {}, host: served.Host}
			return b, json.Unmarshal(served.Config, &b.config)
		}})
	}
	return kinds, stop, nil
}

// parityFolder is where the parity harness is; empty: nowhere.
func parityFolder() string {
	folder := os.Getenv("CHAOS_PARITY")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "parity")
	}
	if _, err := os.Stat(filepath.Join(folder, "mockapi.py")); err != nil {
		return ""
	}
	return strings.TrimSuffix(folder, "/")
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// build compiles the program of the working folder for a target. It overrides every variable of the
// environment that would change the binary.
func build(ctx context.Context, t target, v version) ([]byte, error) {
	folder, err := os.MkdirTemp("", "anytap-release-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // the system cleans its temporary folder
	out := filepath.Join(folder, t.executable())
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version="+v.text, "-o", out, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOEXPERIMENT=", "GOOS="+t.os, "GOARCH="+t.arch, "GOAMD64=v1", "GOARM64=v8.0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, said)
	}
	return os.ReadFile(out)
}

// shells are those with completions. Each looks for a file of its own name.
var shells = []struct{ name, file string }{
	{"bash", "anytap.bash"}, {"zsh", "_anytap"}, {"fish", "anytap.fish"}, {"powershell", "anytap.ps1"},
}

// documents are the files that every archive has beside the program: texts, Meltano's definitions,
// pages for man, and completions.
func documents(ctx context.Context) ([]file, error) {
	var all []file
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md", "packaging/plugins/extractors/anytap.yml", "packaging/plugins/extractors/manifest.yml"} {
		data, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			return nil, fmt.Errorf("run this in the repository's folder: %w", err)
		}
		all = append(all, file{name: strings.TrimPrefix(name, "packaging/"), data: data, mode: 0o644})
	}
	pages, err := manual()
	if err != nil {
		return nil, err
	}
	all = append(all, pages...)
	program, err := build(ctx, target{os: runtime.GOOS, arch: runtime.GOARCH}, version{text: "dev"})
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "anytap-release-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	here := filepath.Join(folder, target{os: runtime.GOOS}.executable())
	if err := os.WriteFile(here, program, 0o755); err != nil {
		return nil, err
	}
	for _, shell := range shells {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, here, "completion", shell.name)
		cmd.Stdout = &out
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("completion for %s: %w", shell.name, err)
		}
		all = append(all, file{name: path.Join("completions", shell.file), data: out.Bytes(), mode: 0o644})
	}
	return all, nil
}

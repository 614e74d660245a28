package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// target is a platform that is released.
type target struct {
	os, arch string   // GOOS and GOARCH
	wheel    []string // the platform tags of the Python wheel
}

// targets are all platforms. The binary is static, so that one wheel serves glibc and musl. macOS
// 12 is the oldest that Go supports.
var targets = []target{
	{"linux", "amd64", []string{"manylinux2014_x86_64", "manylinux_2_17_x86_64", "musllinux_1_1_x86_64"}},
	{"linux", "arm64", []string{"manylinux2014_aarch64", "manylinux_2_17_aarch64", "musllinux_1_1_aarch64"}},
	{"darwin", "amd64", []string{"macosx_12_0_x86_64"}},
	{"darwin", "arm64", []string{"macosx_12_0_arm64"}},
	{"windows", "amd64", []string{"win_amd64"}},
	{"windows", "arm64", []string{"win_arm64"}},
}

func (t target) String() string { return t.os + "/" + t.arch }

// executable is the name of the program's file.
func (t target) executable() string {
	if t.os == "windows" {
		return "anytap.exe"
	}
	return "anytap"
}

// chooseTargets finds the targets of a comma-separated list, and gives all of them for an empty
// one.
func chooseTargets(only string) ([]target, error) {
	if only == "" {
		return targets, nil
	}
	var chosen []target
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(targets, func(t target) bool { return t.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown target %q, expected some of %v", name, targets)
		}
		chosen = append(chosen, targets[i])
	}
	return chosen, nil
}

// version is a release's version in two notations.
type version struct {
	text   string // semantic versioning: 1.2.3-rc.1
	python string // PEP 440: 1.2.3rc1
}

var versionForm = regexp.MustCompile(`^(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?$`)

func parseVersion(text string) (version, error) {
	m := versionForm.FindStringSubmatch(text)
	if m == nil {
		return version{}, fmt.Errorf("version is %q, expected one like 1.2.3 or 1.2.3-rc.1 (alpha, beta, rc)", text)
	}
	python := m[1]
	if m[2] != "" {
		python += map[string]string{"alpha": "a", "beta": "b", "rc": "rc"}[m[2]] + m[3]
	}
	return version{text, python}, nil
}

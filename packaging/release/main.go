// Command release makes what users install: for each platform an archive, a Python wheel and a bill
// of materials, and one file with the checksums of all. The same sources and the same Go give the
// same bytes.
//
//	go run ./packaging/release --version 1.2.3
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// run makes the release that the arguments ask for, and prints the path of each file that it wrote.
func run(ctx context.Context, args []string, stdout io.Writer) error {
	f := flag.NewFlagSet("release", flag.ContinueOnError)
	text := f.String("version", "", "version of the release, for example 1.2.3 or 1.2.3-rc.1")
	out := f.String("out", "dist", "folder of the files")
	only := f.String("targets", "", "comma-separated platforms such as linux/arm64; all of them by default")
	if err := f.Parse(args); err != nil {
		return err
	}
	v, err := parseVersion(*text)
	if err != nil {
		return err
	}
	chosen, err := chooseTargets(*only)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	return release(ctx, v, chosen, *out, stdout)
}

// release builds the targets one after the other, since each build uses all cores.
func release(ctx context.Context, v version, chosen []target, out string, stdout io.Writer) error {
	extra, err := documents(ctx)
	if err != nil {
		return err
	}
	var sums []string
	write := func(name string, data []byte) error {
		path := filepath.Join(out, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
		sums = append(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name))
		_, err := fmt.Fprintln(stdout, path)
		return err
	}
	for _, t := range chosen {
		made, err := t.pack(ctx, v, extra)
		if err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
		for _, m := range made {
			if err := write(m.name, m.data); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(sums, func(a, b string) int { return strings.Compare(a[sha256.Size*2:], b[sha256.Size*2:]) })
	return write("SHA256SUMS", []byte(strings.Join(sums, "")))
}

// pack builds one target and gives its archive, wheel and bill of materials.
func (t target) pack(ctx context.Context, v version, extra []file) ([]file, error) {
	binary, err := build(ctx, t, v)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("anytap_%s_%s_%s", v.text, t.os, t.arch)
	archive, archiver := name+".tar.gz", tarGz
	if t.os == "windows" {
		archive, archiver = name+".zip", zipSorted
	}
	packed, err := archiver(append([]file{{name: t.executable(), data: binary, mode: 0o755}}, extra...))
	if err != nil {
		return nil, err
	}
	wheelName, wheelData, err := wheel(t, v, binary, named(extra, "README.md"), named(extra, "LICENSE"))
	if err != nil {
		return nil, err
	}
	bom, err := billOfMaterials(bytes.NewReader(binary), v)
	if err != nil {
		return nil, err
	}
	return []file{{name: archive, data: packed}, {name: wheelName, data: wheelData}, {name: name + ".cdx.json", data: bom}}, nil
}

// Command plots draws what the bench measured. In this folder, `go run .` reads figures.json, which measure.py wrote. It writes
// an SVG file beside it for each chart, and the tables of ../performance.md.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	data := flag.String("data", "figures.json", "the measured figures")
	out := flag.String("out", ".", "the folder that the SVG files are written to")
	document := flag.String("document", "../performance.md", "the document whose tables are written; none if empty")
	flag.Parse()
	f, err := readFigures(*data)
	if err == nil {
		err = drawAll(f, *out)
	}
	if err == nil && *document != "" {
		err = writeTables(*document, f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "plots:", err)
		os.Exit(1)
	}
}

// drawAll writes every chart that there are figures for, and prints the names of the files.
func drawAll(f *figures, out string) error {
	for _, c := range charts {
		var svg bytes.Buffer
		drawn, err := c.draw(f, &svg)
		if err != nil {
			return fmt.Errorf("%s: %w", c.file, err)
		}
		if !drawn {
			fmt.Printf("%s: no figures\n", c.file)
			continue
		}
		name := filepath.Join(out, c.file)
		if err := os.WriteFile(name, svg.Bytes(), 0o644); err != nil {
			return err
		}
		fmt.Println(name)
	}
	return nil
}

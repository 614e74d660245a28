package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// wheel packs the program as a Python wheel (PyPA's binary distribution format, version 1.0). The
// program is one of its scripts: pip puts it on the path as it is, and no Python runs when it is
// called.
func wheel(t target, v version, binary, readme, licenseText []byte) (name string, data []byte, err error) {
	base := "anytap-" + v.python
	info := base + ".dist-info/"
	tags := make([]string, len(t.wheel))
	for i, platform := range t.wheel {
		tags[i] = "Tag: py3-none-" + platform + "\n"
	}
	files := []file{
		{base + ".data/scripts/" + t.executable(), binary, 0o755},
		{info + "METADATA", metadata(v, readme), 0o644},
		{info + "licenses/LICENSE", licenseText, 0o644},
		{info + "WHEEL", []byte("Wheel-Version: 1.0\nGenerator: anytap-release\nRoot-Is-Purelib: false\n" + strings.Join(tags, "")), 0o644},
	}
	files = append(files, file{info + "RECORD", record(files, info+"RECORD"), 0o644})
	data, err = zipInOrder(files)
	return fmt.Sprintf("%s-py3-none-%s.whl", base, strings.Join(t.wheel, ".")), data, err
}

// license is the project's license as SPDX writes it; its text is the file LICENSE.
const license = "Apache-2.0"

// metadata is the package's core metadata, version 2.4, with the README as its description.
func metadata(v version, readme []byte) []byte {
	return fmt.Appendf(nil, `Metadata-Version: 2.4
Name: anytap
Version: %s
Summary: One static binary that pulls any paginated REST API into any Singer target or Airbyte destination
Keywords: singer,tap,airbyte,source,meltano,elt
License-Expression: %s
License-File: LICENSE
Requires-Python: >=3
Description-Content-Type: text/markdown

%s`, v.python, license, readme)
}

// record lists the files with their hashes and sizes, and at the end itself, without either.
func record(files []file, self string) []byte {
	var b strings.Builder
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		fmt.Fprintf(&b, "%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.data))
	}
	b.WriteString(self + ",,\n")
	return []byte(b.String())
}

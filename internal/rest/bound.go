package rest

import (
	"bytes"
	"fmt"
	"io"
)

// MostHeld is how many bytes of one answer are held in memory at once: of its whole body where that
// is not read as it comes, else of each record, line or other value in it. A few megabytes of gzip
// can be made to unfold to any size.
const MostHeld = 256 << 20

// mostValues bounds how many values a large body may have that is held whole. Each takes far more
// memory than its text, those of XML (mostNodes) most of all: some 400 bytes.
const (
	mostValues = 8 << 20
	mostNodes  = 4 << 20
)

// TooMuch is the fault of an answer that has more of something than MostHeld bytes. It is not asked
// for again.
func TooMuch(what string) error {
	return &Fault{Kind: TooLarge, Err: fmt.Errorf("%s of the answer has more than %d MiB, the most that is held in memory at once: ask for smaller pages, or for fewer fields", what, MostHeld>>20)}
}

// ReadBody reads a body to its end.
func ReadBody(body io.Reader) ([]byte, error) {
	all, err := io.ReadAll(io.LimitReader(body, MostHeld+1))
	switch {
	case err != nil:
		return nil, err
	case len(all) > MostHeld:
		return nil, TooMuch("the body")
	case len(all) > mostValues && bytes.Count(all, []byte(",")) > mostValues:
		return nil, tooMany(mostValues)
	}
	return all, nil
}

func tooMany(most int) error {
	return &Fault{Kind: TooLarge, Err: fmt.Errorf("the answer has more than %d values and can not be read as it comes: ask for smaller pages, or for fewer fields", most)}
}

// CheckXML refuses a document of more elements and attributes than fit in memory.
func CheckXML(document []byte) error {
	if len(document) > mostNodes && bytes.Count(document, []byte("<"))/2+bytes.Count(document, []byte("=")) > mostNodes {
		return tooMany(mostNodes)
	}
	return nil
}

// Bounded passes on what is written, up to MostHeld bytes.
type Bounded struct {
	To   io.Writer
	What string // that is written, for the error
	n    int
}

// Write writes to To.
func (b *Bounded) Write(p []byte) (int, error) {
	if b.n += len(p); b.n > MostHeld {
		return 0, TooMuch(b.What)
	}
	return b.To.Write(p)
}

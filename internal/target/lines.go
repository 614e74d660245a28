package target

import (
	"bytes"
	"sync"
)

// longest is how long a line may be: a state of 25,000 partitions has some megabytes.
const longest = 256 << 20

// lines cuts what is written to it into lines. It is safe for concurrent use.
type lines struct {
	say func(line string)
	mu  sync.Mutex
	cut []byte // the beginning of a line
}

// Write never fails: an output that is not looked at would end the target.
func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(b)
	for {
		line, rest, whole := bytes.Cut(b, []byte("\n"))
		l.cut = append(l.cut, line...)
		if !whole && len(l.cut) <= longest {
			return n, nil
		}
		l.tell()
		if b = rest; !whole {
			return n, nil
		}
	}
}

// end tells a last line that has no end.
func (l *lines) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell()
}

// tell tells the line; callers hold mu.
func (l *lines) tell() {
	if line := bytes.TrimRight(l.cut, "\r"); len(line) > 0 {
		l.say(string(line))
	}
	l.cut = nil
}

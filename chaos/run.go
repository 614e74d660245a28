package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// ending says how a run is ended from outside.
type ending struct {
	how   string        // "": not at all; kill, term, close, block, block and kill
	lines int           // after so many lines of its output
	after time.Duration // or after so long, where lines is 0
	holds time.Duration // how long its output is blocked
	keep  float64       // how much of what was read before counts; 1: all. The rest the consumer lost
}

func (e ending) String() string {
	if e.how == "" {
		return "to the end"
	}
	return fmt.Sprintf("%s after %d lines or %v, %.0f %% kept", e.how, e.lines, e.after, e.keep*100)
}

// message is what the judge reads of a line.
type message struct {
	kind   string // RECORD, STATE, …
	stream string // of a record or an Airbyte state
	id     [sha256.Size]byte
	text   string          // of a record
	state  json.RawMessage // Airbyte: of the stream; Singer: of all
}

// ran is what came of a run.
type ran struct {
	messages []message
	bad      string // the first line that is no message
	code     int
	logs     string // stderr, and the logs and traces of stdout
	took     time.Duration
	hung     bool
	full     bool            // the last line is complete
	config   json.RawMessage // what Airbyte is asked to keep as the configuration; nil: nothing
	peak     int64           // bytes that were resident at most
}

// run starts the program and ends it as is said. It may take limit. address is the API's; another
// word stands for it in records.
func run(cmd *exec.Cmd, e ending, limit time.Duration, address string) (*ran, error) {
	var logs bytes.Buffer
	cmd.Stderr = &logs
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r := &ran{}
	hang := time.AfterFunc(limit, func() {
		r.hung = true
		_ = cmd.Process.Signal(syscall.SIGQUIT) // its goroutines go to the log
		time.Sleep(time.Second)
		_ = cmd.Process.Kill()
	})
	if e.how != "" && e.lines == 0 {
		timer := time.AfterFunc(e.after, func() { e.end(cmd, out) })
		defer timer.Stop()
	}
	in := bufio.NewReaderSize(out, 1<<16)
	var lines [][]byte
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			r.full = len(line) == 0
			break
		}
		lines = append(lines, line)
		if e.how != "" && len(lines) == e.lines {
			e.end(cmd, out)
		}
	}
	err = cmd.Wait()
	hang.Stop()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && !errors.Is(err, os.ErrClosed) {
		return nil, err
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.peak = usage.Maxrss << 10
	}
	r.took, r.code, r.logs = time.Since(begun), cmd.ProcessState.ExitCode(), logs.String()
	for _, line := range lines {
		r.parse(line, address)
	}
	if e.how != "" && e.keep < 1 && r.code != 0 {
		r.messages = r.messages[:int(float64(len(r.messages))*e.keep)]
	}
	return r, nil
}

// end ends a program, or its output.
func (e ending) end(cmd *exec.Cmd, out io.Closer) {
	switch e.how {
	case "kill":
		_ = cmd.Process.Kill() // it may have ended
	case "term":
		_ = cmd.Process.Signal(syscall.SIGTERM)
	case "close":
		_ = out.Close()
	case "block":
		time.Sleep(e.holds)
	case "block and kill":
		time.Sleep(700 * time.Millisecond)
		_ = cmd.Process.Kill()
	}
}

// parse adds what a line says.
func (r *ran) parse(line []byte, address string) {
	var m struct {
		Type    string
		Stream  string
		Record  json.RawMessage
		Value   json.RawMessage
		Control struct {
			Config struct{ Config json.RawMessage } `json:"connectorConfig"`
		}
		State struct {
			Stream struct {
				Descriptor struct{ Name string } `json:"stream_descriptor"`
				State      json.RawMessage       `json:"stream_state"`
			}
		}
	}
	if err := json.Unmarshal(line, &m); err != nil || m.Type == "" {
		if r.bad == "" {
			r.bad = fmt.Sprintf("%.200q", line)
		}
		return
	}
	switch m.Type {
	case "RECORD":
		stream, data := m.Stream, m.Record
		if stream == "" {
			var airbyte struct {
				Stream string
				Data   json.RawMessage
			}
			_ = json.Unmarshal(m.Record, &airbyte) // it was parsed before
			stream, data = airbyte.Stream, airbyte.Data
		}
		text := stream + " " + strings.ReplaceAll(canonical(data), address, "API")
		r.messages = append(r.messages, message{kind: m.Type, stream: stream, id: sha256.Sum256([]byte(text)), text: text})
	case "STATE":
		state := m.Value
		if s := m.State.Stream; s.Descriptor.Name != "" {
			state = s.State
		}
		r.messages = append(r.messages, message{kind: m.Type, stream: m.State.Stream.Descriptor.Name, state: state})
	case "CONTROL":
		r.config = m.Control.Config.Config
	case "LOG", "TRACE":
		r.logs += string(line)
	}
}

// canonical is a JSON value with its members in order.
func canonical(data []byte) string {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return string(data)
	}
	text, _ := json.Marshal(v) // it came from JSON
	return string(text)
}

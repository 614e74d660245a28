package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"anytap/internal/config"
	"anytap/internal/files"
	"anytap/internal/frontend"
	"anytap/internal/singer"
	"anytap/internal/statefile"
	"anytap/internal/tap"
	"anytap/internal/target"
	"anytap/internal/value"
)

// runFlags are the arguments of the run command.
type runFlags struct {
	stateFile string // path: where the state stands that the target has confirmed; need not exist
	target    string // the target's program and arguments, quoted as in a shell
}

// timeToStore is how long a target may take to store what it has, once a run is interrupted.
const timeToStore = 30 * time.Second

// runCommand reads into a Singer target, which it starts.
func (c *call) runCommand() *cobra.Command {
	var given runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Read into a Singer target, and keep the state that it confirms",
		Long: `run starts a Singer target, gives it what is read, and keeps the state that the target has confirmed: it can be
killed at any moment and started again. The state file is locked, so that two runs do not use it at once.

The target's program and arguments are quoted as in a shell. No shell starts it: there are no variables and no pipes.`,
		Example: `  anytap run --config config.json --state-file state.json --target 'target-duckdb --config target.json'`,
		Args:    func(_ *cobra.Command, args []string) error { return noArguments(args) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context(), given) },
	}
	f := cmd.Flags()
	f.StringVar(&given.stateFile, "state-file", "", "file of the state, which is made if it is not there")
	f.StringVar(&given.target, "target", "", "program and arguments of the target")
	c.addReadFlags(f)
	_ = cmd.MarkFlagFilename("state-file", "json") // it fails for flags that there are not
	return cmd
}

func (c *call) run(ctx context.Context, given runFlags) error {
	switch {
	case given.stateFile == "":
		return usage("run needs --state-file, for example --state-file state.json; it need not be there")
	case strings.TrimSpace(given.target) == "":
		return usage("run needs --target, for example --target 'target-duckdb --config target.json'")
	case c.state != "":
		return usage("run takes --state-file in place of --state: the file is read and written")
	case c.protocol == "airbyte":
		return usage("run speaks Singer to its target, not Airbyte")
	}
	connector, err := c.connector(ctx)
	if err != nil {
		return err
	}
	now, err := c.clock()
	if err != nil {
		return err
	}
	command, err := c.singerCommand()
	if err != nil {
		return err
	}
	if c.dryRun {
		if fileExists(given.stateFile) {
			command.State = given.stateFile
		}
		c.code = singer.Run(ctx, command, connector, io.Discard, c.stderr, now)
		return nil
	}
	command.State, c.stdout = given.stateFile, io.Discard // nothing is written there, so that progress is shown
	end := c.follow(&command)
	defer end()
	command.Metrics = false // nobody parses them here
	lock, err := lockState(given.stateFile)
	if err != nil {
		return err
	}
	defer lock.Free()
	files.RemoveLeft(given.stateFile)
	keeper, err := keep(given.stateFile)
	if err != nil {
		return err
	}
	c.stderr = &wholeLines{out: c.stderr}
	p := &pipeline{stateFile: given.stateFile, keeper: keeper, lines: c.stderr, json: command.JSONLogs}
	p.log, _ = singer.Logger(command, c.stderr)
	c.patience(timeToStore)
	c.code, err = p.run(ctx, given.target, func(ctx context.Context, into io.Writer) int {
		return singer.Run(ctx, command, collectForReads(connector), into, c.stderr, now)
	})
	return err
}

// keep reads a state file, and begins to keep it.
func keep(path string) (*statefile.Keeper, error) {
	v, err := config.ReadFile(path, "state-file")
	if errors.Is(err, fs.ErrNotExist) {
		v, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := statefile.Parse(path, v)
	if err != nil {
		return nil, err
	}
	return statefile.NewKeeper(f)
}

// wholeLines lets several goroutines write lines.
type wholeLines struct {
	mu  sync.Mutex
	out io.Writer
}

// Write writes to the output.
func (w *wholeLines) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(b)
}

// pipeline is a read into a target.
type pipeline struct {
	stateFile string
	keeper    *statefile.Keeper
	log       *slog.Logger
	lines     io.Writer // takes what the target prints
	json      bool      // as JSON
	target    *target.Target
	wrong     sync.Once
}

// errTargetEnded ends a read that nobody takes any more.
var errTargetEnded = fmt.Errorf("the target has ended: %w", tap.ErrInterrupted)

// run starts the target, calls read with its input, and waits until it has stored everything. It
// returns the exit code of the call.
func (p *pipeline) run(ctx context.Context, line string, read func(context.Context, io.Writer) int) (code int, err error) {
	o := target.Options{Command: line, Environment: os.Environ(), Confirmed: p.confirmed, Said: p.said}
	p.target, err = target.Start(o)
	if err != nil {
		_, _ = p.keeper.Close()
		return frontend.ExitTarget, fmt.Errorf("start the target: %w", err)
	}
	reading, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		defer tap.Guard()
		<-p.target.Ended()
		stop(errTargetEnded)
	}()
	code = read(reading, p.target.Input)
	early := false
	select {
	case <-p.target.Ended():
		early = true
	default:
		go func() {
			defer tap.Guard()
			p.sayThatItWaits()
		}()
	}
	failed := p.target.Finish(ctx.Done(), timeToStore)
	confirmed, err := p.keeper.Close()
	switch {
	case early && failed == nil:
		return frontend.ExitTarget, fmt.Errorf("%s ended with success before everything was read: is it a Singer target? %s", p.target.Name, p.keeps())
	case ctx.Err() == nil && (failed != nil || code == frontend.ExitClosed):
		return frontend.ExitTarget, fmt.Errorf("%s failed: %s; %s", p.target.Name, orClosed(failed).Error(), p.keeps())
	case failed != nil:
		p.log.Warn("the target failed: "+failed.Error(), "target", p.target.Name)
	case err != nil:
		return max(code, frontend.ExitFailed), err
	case confirmed == 0:
		p.log.Warn("the target has confirmed no state, so that the next run begins where this one did", "target", p.target.Name)
	default:
		p.log.Info("the target has stored what it was given", "target", p.target.Name, "state", p.stateFile)
	}
	return code, nil
}

func orClosed(err error) error {
	if err == nil {
		return errors.New("it closed its input before everything was read")
	}
	return err
}

// keeps says which state there is after a failure.
func (p *pipeline) keeps() string {
	return filepath.Base(p.stateFile) + " has the last state that it confirmed, and the next run goes on from there"
}

// sayThatItWaits logs now and then that the target still works.
func (p *pipeline) sayThatItWaits() {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.log.Info("all is read, waiting for the target to store it", "target", p.target.Name)
		case <-p.target.Ended():
			return
		}
	}
}

// confirmed keeps a state that the target prints.
func (p *pipeline) confirmed(state *value.Dict) {
	if err := p.keeper.Confirm(state); err != nil {
		p.wrong.Do(func() { p.log.Warn(err.Error()) })
	}
}

// said passes on what the target logs.
func (p *pipeline) said(line string) {
	if p.json {
		p.log.Info(line, "target", p.target.Name)
		return
	}
	fmt.Fprintf(p.lines, "%s: %s\n", p.target.Name, line)
}

package cli

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/vbauerster/cupwriter"

	"anytap/internal/frontend"
	"anytap/internal/preview"
)

// previewFlags are the arguments of the preview command.
type previewFlags struct {
	limit  int64
	format string // table or json
}

// previewCommand shows the first records of streams.
func (c *call) previewCommand() *cobra.Command {
	var given previewFlags
	cmd := &cobra.Command{
		Use:   "preview STREAM…",
		Short: "Show the first records of a stream as a table",
		Long: `preview reads the first records of a stream, with as few requests as it takes, and shows them as a table that fits the
terminal. STREAM may be a pattern. --debug shows the requests too. Nothing is kept of it.`,
		Example: `  anytap preview orders --config config.json
  anytap preview 'order*' --limit 3 --config config.json
  anytap preview orders --format json --config config.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("preview needs a stream, for example: anytap preview orders --config config.json")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return c.preview(cmd.Context(), args, given) },
	}
	f := cmd.Flags()
	f.Int64Var(&given.limit, "limit", 10, "how many records of each stream")
	f.StringVar(&given.format, "format", "table", "form of the records: table or json")
	f.StringVar(&c.since, "since", "", "where a stream with a cursor begins: a date, a time, or how long ago (7d, 12h)")
	return cmd
}

func (c *call) preview(ctx context.Context, streams []string, given previewFlags) error {
	switch {
	case given.limit <= 0:
		return usage("--limit is %d, expected a number of records above 0", given.limit)
	case given.format != "table" && given.format != "json":
		return usage("--format is %q, expected one of table, json", given.format)
	case c.given().Empty():
		return usage("preview needs --config, for example: anytap preview %s --config config.json", streams[0])
	}
	connector, err := c.connector(ctx)
	if err != nil {
		return err
	}
	now, err := c.clock()
	if err != nil {
		return err
	}
	choice, err := c.choice()
	if err != nil {
		return err
	}
	choice.Streams, choice.Limit = strings.Split(strings.Join(streams, ","), ","), given.limit
	command := c.previewOf(choice, int(given.limit))
	command.Config, command.JSON = c.given(), given.format == "json"
	c.code = preview.Run(ctx, command, collectForReads(connector), c.stdout, now)
	return nil
}

// previewOf is a look at streams that shows so many rows of each on stdout, and warnings on stderr.
func (c *call) previewOf(choice frontend.Choice, rows int) preview.Command {
	command := preview.Command{Choice: choice, Rows: rows, Width: widthOf(c.stdout)}
	command.Log, command.Secrets = c.logger(slog.LevelWarn)
	return command
}

// widthOf is how many characters a line of a terminal has; 0: it is none.
func widthOf(stream io.Writer) int {
	f, ok := stream.(*os.File)
	if !ok || !isTerminal(f) {
		return 0
	}
	width, _, err := cupwriter.New(f, false).GetTermSize()
	if err != nil || width == 0 {
		return 80 // some terminals do not say
	}
	return width
}

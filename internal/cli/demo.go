package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"anytap/internal/airbyte"
	"anytap/internal/sampleapi"
	"anytap/internal/singer"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// demoCommand reads every stream of the built-in systems from the embedded sample APIs.
func (c *call) demoCommand() *cobra.Command {
	var serve bool
	var faults string
	ports := map[sampleapi.System]*int{}
	cmd := &cobra.Command{
		Use:   "demo [STREAM…]",
		Short: "Read the embedded sample APIs through HTTP: messages on stdout, a summary on stderr",
		Example: `  anytap demo                        # every stream, as Airbyte messages
  anytap demo --protocol singer posts pullbay
  anytap demo --serve                # keep the sample APIs up and print their addresses`,
		RunE: func(cmd *cobra.Command, args []string) error {
			options := sampleapi.Options{Ports: map[sampleapi.System]int{}, Faults: map[sampleapi.System]sampleapi.Faults{}, Businesses: DemoBusinesses}
			for system, port := range ports {
				options.Ports[system] = *port
				var f sampleapi.Faults
				if err := f.Parse(faults); err != nil {
					return usage("--faults: %v", err)
				}
				options.Faults[system] = f
			}
			collectAt(percentOfReads)
			server, err := sampleapi.Start(cmd.Context(), options)
			if err != nil {
				return err
			}
			defer server.Close()
			if serve {
				return c.serve(cmd.Context(), server)
			}
			return c.demo(cmd.Context(), server, args)
		},
	}
	cmd.Flags().BoolVar(&serve, "serve", false, "keep the sample APIs up until interrupted")
	cmd.Flags().StringVar(&faults, "faults", "", "how the sample APIs misbehave, for example \"throttle=5; cut=7\":\n"+strings.TrimSpace(sampleapi.FaultHelp()))
	for _, system := range sampleapi.Systems() {
		ports[system] = cmd.Flags().Int(string(system)+"-port", 0, "port of the sample "+string(system)+" (0: any)")
	}
	return cmd
}

// DemoBusinesses are those of the sample Pullbay: none, a few, some and many reviews.
var DemoBusinesses = []sampleapi.Business{{ID: "b-0"}, {ID: "b-3", Reviews: 3}, {ID: "b-1200", Reviews: 1200}, {ID: "b-25000", Reviews: 25000}}

// SampleConfig is a configuration that reads a system from the sample server. The limit is set
// aside because the sample has none and a demo should not take minutes.
func SampleConfig(server *sampleapi.Running, system sampleapi.System, businesses []sampleapi.Business) *value.Dict {
	config := value.DictOf("source", string(system), "base_url", server.URL(system))
	credentials := server.Credentials(system)
	switch system {
	case sampleapi.HelpScout:
		config.Set("client_id", credentials.ClientID)
		config.Set("client_secret", credentials.ClientSecret)
	case sampleapi.Pullbay:
		config.Set("api_key", credentials.APIKey)
		ids := value.NewList()
		for _, b := range businesses {
			ids.Append(b.ID)
		}
		config.Set("business_ids", ids)
		config.Set("limit", int64(500))
	}
	config.Set("rate_limit", value.DictOf("requests", int64(100000), "per", int64(1)))
	return config
}

func (c *call) serve(ctx context.Context, server *sampleapi.Running) error {
	for _, system := range sampleapi.Systems() {
		config := SampleConfig(server, system, DemoBusinesses)
		fmt.Fprintf(c.stderr, "%s: %s\n  config: %s\n  try:    %s\n", system, server.URL(system), value.Append(nil, config), curlLine(server, system))
	}
	fmt.Fprintf(c.stderr, "%s: any request header %q sets faults for that request\n", "all", sampleapi.FaultHeader)
	<-ctx.Done()
	return nil
}

func curlLine(server *sampleapi.Running, system sampleapi.System) string {
	url, credentials := server.URL(system), server.Credentials(system)
	switch system {
	case sampleapi.HelpScout:
		return fmt.Sprintf("curl -d grant_type=client_credentials -d client_id=%s -d client_secret=%s %s/v2/oauth2/token", credentials.ClientID, credentials.ClientSecret, url)
	case sampleapi.Pullbay:
		return fmt.Sprintf("curl -H 'Authorization: Bearer %s' '%s/v1/app-store/reviews?business_id=%s'", credentials.APIKey, url, DemoBusinesses[1].ID)
	}
	return fmt.Sprintf("curl '%s/posts?_page=1&_limit=2'", url)
}

// demo reads the three systems one after the other; each protocol's front end is given a real configuration file.
func (c *call) demo(ctx context.Context, server *sampleapi.Running, names []string) error {
	now, err := c.clock()
	if err != nil {
		return err
	}
	parts, err := c.demoParts(ctx, server, names)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "anytap-demo-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the system's temporary folder is cleaned in the end
	summary := &demoSummary{server: server}
	for _, part := range parts {
		path := filepath.Join(folder, string(part.system)+".json")
		if err := os.WriteFile(path, value.Append(nil, part.config), 0o600); err != nil {
			return err
		}
		done := func(results []tap.Result) { summary.add(part.system, results) }
		if code := c.demoSystem(ctx, path, part.streams, done, now); code != 0 {
			c.code = code
		}
	}
	return summary.print(c.stderr)
}

// demoPart is what a demo reads of one system.
type demoPart struct {
	system  sampleapi.System
	config  *value.Dict
	streams []string // empty: all
}

// demoParts finds the streams that the names stand for; a name that stands for none is an error.
func (p Program) demoParts(ctx context.Context, server *sampleapi.Running, names []string) ([]demoPart, error) {
	var parts []demoPart
	unknown := slices.Clone(names)
	for _, system := range sampleapi.Systems() {
		config := SampleConfig(server, system, DemoBusinesses)
		streams, err := p.streamNames(ctx, config)
		if err != nil {
			return nil, err
		}
		if wanted, any := wantedOf(system, streams, names); any {
			parts = append(parts, demoPart{system, config, wanted})
		}
		unknown = slices.DeleteFunc(unknown, func(name string) bool {
			_, any := wantedOf(system, streams, []string{name})
			return any
		})
	}
	if len(unknown) > 0 {
		return nil, usage("no sample stream is named %s", strings.Join(unknown, ", "))
	}
	return parts, nil
}

// streamNames are those of a built-in system.
func (p Program) streamNames(ctx context.Context, config *value.Dict) ([]string, error) {
	source, err := p.BuiltIn().Open(ctx, config.Clone(), tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), Discovering: true})
	if err != nil {
		return nil, err
	}
	streams, err := source.Streams(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range streams {
		names = append(names, s.Name)
	}
	return names, nil
}

// wantedOf picks a system's streams among the names given: "posts", "jsonplaceholder/posts", or "jsonplaceholder" for all of
// them. No names at all want everything; no stream in the result means all of the system's.
func wantedOf(system sampleapi.System, streams, names []string) (wanted []string, any bool) {
	for _, name := range names {
		if name == string(system) {
			return nil, true
		}
		name = strings.TrimPrefix(name, string(system)+"/")
		if slices.Contains(streams, name) {
			wanted = append(wanted, name)
		}
	}
	return wanted, len(names) == 0 || len(wanted) > 0
}

func (c *call) demoSystem(ctx context.Context, config string, streams []string, done func([]tap.Result), now func() time.Time) int {
	if c.protocol == "singer" {
		return singer.Run(ctx, singer.Command{Config: []string{config}, Streams: streams, Done: done, Lookup: os.LookupEnv}, c.BuiltIn(), c.stdout, c.stderr, now)
	}
	return airbyte.Run(ctx, airbyte.Command{Verb: "read", Config: config, Streams: streams, Done: done}, c.BuiltIn(), c.stdout, now)
}

// demoSummary is the table that ends a demo.
type demoSummary struct {
	server *sampleapi.Running
	rows   []demoRow
}

type demoRow struct {
	system   sampleapi.System
	result   tap.Result
	requests int
}

func (d *demoSummary) add(system sampleapi.System, results []tap.Result) {
	byPath := d.server.Stats(system).ByPath
	for _, r := range results {
		row := demoRow{system: system, result: r}
		for path, n := range byPath {
			if streamOfPath(path) == r.Stream {
				row.requests += n
			}
		}
		d.rows = append(d.rows, row)
	}
}

// streamOfPath tells which stream a sample API's path serves.
func streamOfPath(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch last := parts[len(parts)-1]; {
	case last == "threads":
		return "conversation_threads"
	case last == "all":
		return "reviews"
	default:
		return last
	}
}

func (d *demoSummary) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "system\tstream\trecords\trequests\tseconds\t")
	var records int64
	requests := 0
	for _, row := range d.rows {
		status := ""
		if row.result.Err != nil {
			status = " failed"
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%.2f%s\t\n", row.system, row.result.Stream, row.result.Records, row.requests, row.result.Seconds, status)
		records += row.result.Records
		requests += row.requests
	}
	fmt.Fprintf(table, "\tall\t%d\t%d\t\t\n", records, requests)
	return table.Flush()
}

// Command engagement-report is a whole pipeline in one command. The anytap tap reads JSONPlaceholder's users, posts and
// comments, a small Singer target loads them into SQLite, and SQL reports who is engaged most.
//
//	go run .                          reads the embedded sample API
//	go run . -config config.json      reads any json-server: {"source": "jsonplaceholder", "base_url": "…"}
//
// It writes engagement.csv and engagement.db, and prints the five most engaged users.
package main

import (
	"database/sql"
	_ "embed"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"text/tabwriter"

	_ "modernc.org/sqlite"
)

//go:embed report.sql
var reportSQL string

func main() {
	config := flag.String("config", "", "configuration of the tap; the embedded sample API if empty")
	tap := flag.String("tap", "", "path of the anytap binary; built from this repository if empty")
	out := flag.String("out", "engagement.csv", "the report")
	db := flag.String("db", "engagement.db", "the database")
	flag.Parse()
	if err := run(*tap, *config, *db, *out, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "engagement-report:", err)
		os.Exit(1)
	}
}

// run loads the database, then writes the report.
func run(tap, config, dbPath, csvPath string, w io.Writer) error {
	db, err := sql.Open("sqlite", dbPath)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := load(db, tapCommand(tap, config)); err != nil {
		return err
	}
	return report(db, csvPath, w)
}

// tapCommand makes the command that reads the three streams. Its logs go to our stderr.
func tapCommand(tap, config string) *exec.Cmd {
	args := []string{"demo", "--protocol", "singer", "jsonplaceholder/users", "jsonplaceholder/posts", "jsonplaceholder/comments"}
	if config != "" {
		args = []string{"--config", config}
	}
	cmd := exec.Command(tap, args...)
	if tap == "" {
		cmd = exec.Command("go", append([]string{"run", "."}, args...)...)
		cmd.Dir = "../.."
	}
	cmd.Stderr = os.Stderr
	return cmd
}

// load runs the tap, and feeds its messages to the target.
func load(db *sql.DB, tap *exec.Cmd) error {
	out, err := tap.StdoutPipe()
	if err != nil {
		return err
	}
	if err := tap.Start(); err != nil {
		return fmt.Errorf("start the tap: %w", err)
	}
	loadErr := (&target{db: db}).run(out)
	if loadErr != nil {
		_, _ = io.Copy(io.Discard, out) // the tap can end only if somebody reads its output
	}
	if err := tap.Wait(); err != nil && loadErr == nil {
		return fmt.Errorf("the tap failed: %w", err)
	}
	return loadErr
}

// report writes the CSV file and prints its first five rows.
func report(db *sql.DB, csvPath string, w io.Writer) error {
	rows, err := db.Query(reportSQL)
	if err != nil {
		return fmt.Errorf("report.sql: %w", err)
	}
	defer rows.Close()
	file, err := os.Create(csvPath)
	if err != nil {
		return err
	}
	defer file.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	csvOut, table := csv.NewWriter(file), tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if err := csvOut.Write(columns); err != nil {
		return err
	}
	fmt.Fprintln(table, "name\te-mail\tcompany\tposts\tcomments\tcomments per post")
	for n := 0; rows.Next(); n++ {
		var name, email, company string
		var posts, comments int
		var perPost float64
		if err := rows.Scan(&name, &email, &company, &posts, &comments, &perPost); err != nil {
			return err
		}
		if err := csvOut.Write([]string{name, email, company, fmt.Sprint(posts), fmt.Sprint(comments), fmt.Sprint(perPost)}); err != nil {
			return err
		}
		if n < 5 {
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%.2f\n", name, email, company, posts, comments, perPost)
		}
	}
	csvOut.Flush()
	if err := csvOut.Error(); err != nil {
		return err
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return rows.Err()
}

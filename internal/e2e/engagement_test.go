package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/sampleapi"
)

const engagementFolder = "examples/engagement-report"

// exampleTime is how long the example may take. The first time, most of it goes into building
// SQLite.
const exampleTime = 10 * time.Minute

// TestEngagementReport runs the example's one command, and once more on an API whose users differ
// more, and compares the report with the API's data. The example needs modules of its own, so it
// runs only when ANYTAP_EXAMPLE_TEST is set (make example).
func TestEngagementReport(t *testing.T) {
	if os.Getenv("ANYTAP_EXAMPLE_TEST") == "" {
		t.Skip("its modules are not the program's: make example runs it")
	}
	if out, err := exampleCommand(t, "mod", "download").CombinedOutput(); err != nil {
		t.Skipf("its modules can not be fetched: %v\n%s", err, out)
	}
	t.Run("one command", func(t *testing.T) {
		checkEngagement(t, sampleapi.New(sampleapi.Options{}))
	})
	t.Run("another API", func(t *testing.T) {
		s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
		for list, ids := range map[string][]string{"posts": {"3", "4", "15", "91", "92", "93"}, "comments": {"6", "7", "8", "131", "132", "250", "251", "499"}} {
			if err := s.server.Remove(s.system, list, ids...); err != nil {
				t.Fatal(err)
			}
		}
		checkEngagement(t, s.server.Server, "-config", s.file(t))
	})
}

// exampleCommand is a call of go in the example's folder.
func exampleCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), exampleTime)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = engagementFolder
	cmd.Env = append(os.Environ(), "GOFLAGS=", "CGO_ENABLED=0")
	cmd.WaitDelay = time.Second
	return cmd
}

// checkEngagement runs the example and compares its CSV file and the five users that it prints.
func checkEngagement(t *testing.T, server *sampleapi.Server, args ...string) {
	t.Helper()
	folder := t.TempDir()
	report := filepath.Join(folder, "engagement.csv")
	cmd := exampleCommand(t, slices.Concat([]string{"run", ".", "-out", report, "-db", filepath.Join(folder, "engagement.db")}, args)...)
	var out, logs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &logs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, logs.Bytes())
	}
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := engagement(t, server)
	if header := "name,email,company,total_posts,total_comments,comments_per_post"; strings.Join(got[0], ",") != header {
		t.Errorf("the columns are %v, want %s", got[0], header)
	}
	if !slices.EqualFunc(got[1:], want, slices.Equal[[]string]) {
		t.Errorf("the report is\n%q\nwant\n%q", got[1:], want)
	}
	printed := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(printed) != 6 {
		t.Fatalf("%d lines, want a title and five users:\n%s", len(printed), out.String())
	}
	for i, row := range want[:5] {
		for _, cell := range row[:5] {
			if !strings.Contains(printed[i+1], cell) {
				t.Errorf("place %d lacks %q: %s", i+1, cell, printed[i+1])
			}
		}
	}
}

// engagement is the report computed from the API's data without SQL.
func engagement(t *testing.T, server *sampleapi.Server) [][]string {
	t.Helper()
	type user struct {
		ID          int
		Name, Email string
		Company     struct{ Name string }
	}
	var users []user
	author, posts, comments := map[int]int{}, map[int]int{}, map[int]int{}
	each(t, server, "users", func(u user) { users = append(users, u) })
	each(t, server, "posts", func(p struct{ ID, UserID int }) {
		author[p.ID] = p.UserID
		posts[p.UserID]++
	})
	each(t, server, "comments", func(c struct{ PostID int }) { comments[author[c.PostID]]++ })
	perPost := func(u user) float64 {
		return math.Round(100*float64(comments[u.ID])/float64(max(posts[u.ID], 1))) / 100
	}
	slices.SortFunc(users, func(a, b user) int {
		return cmp.Or(comments[b.ID]-comments[a.ID], cmp.Compare(perPost(b), perPost(a)), strings.Compare(a.Name, b.Name))
	})
	var rows [][]string
	for _, u := range users {
		rows = append(rows, []string{u.Name, u.Email, u.Company.Name, fmt.Sprint(posts[u.ID]), fmt.Sprint(comments[u.ID]), fmt.Sprint(perPost(u))})
	}
	return rows
}

// each decodes the rows of one of the sample JSONPlaceholder's lists.
func each[T any](t *testing.T, server *sampleapi.Server, list string, do func(T)) {
	t.Helper()
	for r := range server.Truth(sampleapi.JSONPlaceholder, list) {
		var row T
		if err := json.Unmarshal(r.JSON, &row); err != nil {
			t.Fatal(err)
		}
		do(row)
	}
}

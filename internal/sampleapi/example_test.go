package sampleapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"anytap/internal/sampleapi"
)

// A test starts the servers, lets a client read through a misbehaving one, and compares what it got
// with the truth and with what the server counted.
func ExampleStart() {
	servers, err := sampleapi.Start(context.Background(), sampleapi.Options{
		Faults: map[sampleapi.System]sampleapi.Faults{sampleapi.JSONPlaceholder: {Fail: 4}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer servers.Close()

	got := map[int]bool{}
	for page := 1; ; {
		resp, err := http.Get(fmt.Sprintf("%s/posts?_page=%d&_limit=20", servers.URL(sampleapi.JSONPlaceholder), page))
		if err != nil {
			fmt.Println(err)
			return
		}
		var posts []struct{ ID int }
		err = json.NewDecoder(resp.Body).Decode(&posts)
		resp.Body.Close()
		if resp.StatusCode == http.StatusInternalServerError {
			continue // ask again
		}
		if err != nil || len(posts) == 0 {
			break
		}
		for _, post := range posts {
			got[post.ID] = true
		}
		page++
	}

	want := 0
	for range servers.Truth(sampleapi.JSONPlaceholder, "posts") {
		want++
	}
	stats := servers.Stats(sampleapi.JSONPlaceholder)
	fmt.Printf("%d of %d posts, %d requests, %d of them failed\n", len(got), want, stats.Requests, stats.ServerErrors)
	// Output: 100 of 100 posts, 7 requests, 1 of them failed
}

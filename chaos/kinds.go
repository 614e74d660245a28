package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"

	"anytap/internal/cli"
	"anytap/internal/sampleapi"
	"anytap/internal/value"
)

// backend is a running API, and what the program needs to read it.
type backend struct {
	url      string
	config   map[string]any            // base_url is set to the proxy's address
	manifest string                    // text of the manifest; empty: none
	revoke   func()                    // makes the tokens invalid that were given out; nil: there are none
	shake    func(r *rand.Rand) string // switches faults of the API's own on, and says which; nil: there are none
	calm     func()                    // switches them off
	count    int                       // how many records there are; 0: it is not known
	now      string                    // the only time that the API knows; empty: any
	host     string                    // its own host and port, as it stands in answers and configuration; empty: nowhere
	stop     func()
}

// kind is a kind of stream.
type kind struct {
	name    string
	streams []string
	start   func() (*backend, error)
	tls     bool            // reads by TLS
	spared  map[string]bool // faults of which nothing is promised here
	renewed bool            // what is read is made anew for each run
	onePage bool            // all records are on one page
	shared  bool            // one cursor serves for all partitions
	public  bool            // several streams of a manifest that is not ours

	once   sync.Once
	truth  *truth // what a whole read gives
	broken error
}

func spared(names ...string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

// kinds lists all kinds.
func kinds() []*kind {
	all := systemKinds()
	all = append(all, restKinds()...)
	all = append(all, manifestKinds()...)
	for i, k := range all { // one of three reads by TLS
		k.tls = i%3 == 1
	}
	return all
}

// systemKinds are streams of the built-in systems, on their sample APIs.
func systemKinds() []*kind {
	businesses := []sampleapi.Business{{ID: "b-0"}, {ID: "b-1", Reviews: 3}, {ID: "b-2", Reviews: 60}, {ID: "b-3", Reviews: 160}}
	of := func(name string, system sampleapi.System, stream, truth string, settings map[string]any) *kind {
		return &kind{name: name, streams: []string{stream}, start: func() (*backend, error) {
			server, err := sampleapi.Start(context.Background(), sampleapi.Options{Businesses: businesses})
			if err != nil {
				return nil, err
			}
			b := &backend{url: server.URL(system), config: map[string]any{}, stop: server.Close,
				shake: func(r *rand.Rand) string { return shake(server, system, r) },
				calm:  func() { server.SetFaults(system, sampleapi.Faults{}) }}
			if err := json.Unmarshal(value.Append(nil, cli.SampleConfig(server, system, businesses)), &b.config); err != nil {
				return nil, err
			}
			maps.Copy(b.config, settings)
			if _, limited := settings["mailbox"]; !limited {
				for range server.Truth(system, truth) {
					b.count++
				}
			}
			return b, nil
		}}
	}
	posts := func(pagination string) map[string]any {
		return map[string]any{"pagination": pagination, "page_size": 9}
	}
	reviews := func(pagination string) map[string]any { return map[string]any{"pagination": pagination, "limit": 15} }
	return []*kind{
		of("jsonplaceholder page", sampleapi.JSONPlaceholder, "posts", "posts", posts("page")),
		of("jsonplaceholder offset", sampleapi.JSONPlaceholder, "posts", "posts", posts("offset")),
		of("jsonplaceholder cursor", sampleapi.JSONPlaceholder, "posts", "posts", posts("cursor")),
		of("helpscout customers", sampleapi.HelpScout, "customers", "customers", nil),
		of("helpscout threads", sampleapi.HelpScout, "conversation_threads", "conversation_threads", map[string]any{"status": "spam", "mailbox": "85001"}),
		of("pullbay standard", sampleapi.Pullbay, "reviews", "reviews", reviews("standard")),
		of("pullbay managed", sampleapi.Pullbay, "reviews", "reviews_managed", reviews("managed")),
	}
}

// shake switches random faults of a sample API on.
func shake(server *sampleapi.Running, system sampleapi.System, r *rand.Rand) string {
	var f sampleapi.Faults
	settings := []string{
		"fail=4", "fail=5; fail_status=503", "throttle=6; retry_after=1s", "cut=4", "invalid_json=5", "text_type=2", "html=5", "close=2", "redirect=3",
		"gzip=always", "gzip=accepted", "latency=5ms", "token_fail=2", "cursor_at_end=1", "expired_cursor=3", "foreign_cursor=2", "rate=20/1s",
	}
	said := ""
	for range 1 + r.IntN(3) {
		s := settings[r.IntN(len(settings))]
		if err := f.Parse(s); err != nil {
			panic(err)
		}
		said += s + "; "
	}
	server.SetFaults(system, f)
	return said
}

// modelBackend starts the model API for a configuration.
func modelBackend(config map[string]any, manifest string) (*backend, error) {
	m := startModel()
	return &backend{url: m.URL, config: config, manifest: manifest, stop: m.Close, count: itemCount, revoke: m.revoke}, nil
}

// restKinds are streams of "source: rest", in every way of paging.
func restKinds() []*kind {
	type object = map[string]any
	of := func(name string, stream object, top object) *kind {
		streams := []object{}
		if stream["parent"] != nil {
			streams = append(streams, object{"name": "groups", "path": "/groups", "primary_key": "id", "pagination": object{"type": "page", "size_param": "size", "page_size": 4}})
		}
		stream["name"], stream["primary_key"] = "items", "id"
		streams = append(streams, stream)
		config := object{"source": "rest", "auth": object{"type": "bearer", "token": modelKey}, "streams": streams}
		maps.Copy(config, top)
		return &kind{name: "rest " + name, streams: []string{"items"}, start: func() (*backend, error) { return modelBackend(config, "") }}
	}
	page := object{"type": "page", "size_param": "size", "page_size": 20}
	cursor := object{"type": "cursor", "cursor_path": "meta.next", "size_param": "size", "page_size": 20}
	window := object{"replication_key": "updated_at", "replication_param": "from", "end_param": "to", "start_value": "2026-01-01T00:00:00Z", "window_days": 5}
	with := func(o object, more object) object {
		all := maps.Clone(o)
		maps.Copy(all, more)
		return all
	}
	oauth := object{"type": "oauth2", "token_url": "BASE/token", "client_id": "chaos", "client_secret": "chaos-secret"}
	groups := []any{1, 2, 3, 4, 5, 6, 7, 8, 9}
	csv := of("csv", object{"path": "/csv", "pagination": object{"type": "none"}}, nil)
	csv.spared, csv.onePage = spared("short", "empty"), true // nothing tells that a row is not whole
	ndjson := of("ndjson", object{"path": "/ndjson", "pagination": object{"type": "offset", "size_param": "limit", "page_size": 20}}, nil)
	ndjson.spared = spared("empty") // no line is a page without records
	return []*kind{
		of("page", object{"path": "/page", "pagination": page}, nil),
		of("offset", object{"path": "/offset", "pagination": object{"type": "offset", "size_param": "limit", "page_size": 20}}, nil),
		of("cursor", object{"path": "/cursor", "pagination": cursor}, nil),
		of("last key", object{"path": "/lastkey", "pagination": object{"type": "cursor", "param": "starting_after", "cursor_field": "id", "has_more_path": "has_more"}}, nil),
		of("next url", object{"path": "/next", "pagination": object{"type": "next_url", "cursor_path": "next"}}, nil),
		of("link header", object{"path": "/link", "pagination": object{"type": "link_header"}}, nil),
		of("found page", object{"path": "/page"}, nil),
		of("found cursor", object{"path": "/cursor"}, nil),
		of("found link", object{"path": "/link"}, nil),
		of("body", object{"path": "/search", "method": "POST", "body": object{"size": 20}, "pagination": object{"type": "page", "in": "body", "page_size": 20}}, nil),
		of("values", object{"path": "/page", "params": object{"group": "{value}"}, "values": groups, "pagination": page}, nil),
		of("children", object{"path": "/groups/{parent.id}/all", "parent": object{"stream": "groups"}, "pagination": page}, nil),
		of("windows", with(window, object{"path": "/page", "pagination": page}), nil),
		of("windows by cursor", with(window, object{"path": "/cursor", "pagination": cursor}), nil),
		of("children in windows", with(window, object{"path": "/groups/{parent.id}/all", "window_days": 12, "parent": object{"stream": "groups"}, "pagination": page}), nil),
		of("newest first", object{"path": "/newest", "replication_key": "updated_at", "start_value": "2026-01-01T00:00:00Z", "newest_first": true, "pagination": page}, nil),
		of("filtered here", object{"path": "/cursor", "replication_key": "updated_at", "start_value": "2026-01-01T00:00:00Z", "filter_here": true, "pagination": cursor}, nil),
		ndjson,
		csv,
		of("client credentials", object{"path": "/cursor", "pagination": cursor}, object{"auth": oauth}),
		of("refresh token", object{"path": "/page", "pagination": page}, object{"auth": with(oauth, object{"refresh_token": "refresh-0"})}),
	}
}

func (k *kind) String() string { return fmt.Sprintf("%s (tls %v)", k.name, k.tls) }

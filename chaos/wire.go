package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/collectors"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// wire is a Toxiproxy before a gremlin.
type wire struct {
	proxy *toxiproxy.Proxy

	mu     sync.Mutex
	healed int // counts the runs, so that the end of a fault does not end one of the next run
}

func startWire(upstream string) (*wire, error) {
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	server.Metrics.ProxyMetrics = collectors.NewProxyMetricCollectors()
	w := &wire{proxy: toxiproxy.NewProxy(server, "wire", "127.0.0.1:0", upstream)}
	return w, w.proxy.Start()
}

// address is where the program connects to.
func (w *wire) address() string { return w.proxy.Listen }

func (w *wire) stop() { w.proxy.Stop() }

// heal ends all faults.
func (w *wire) heal() {
	w.mu.Lock()
	w.healed++
	w.mu.Unlock()
	w.proxy.Toxics.ResetToxics(context.Background())
	w.up()
}

func (w *wire) up() {
	_ = w.proxy.Update(&toxiproxy.Proxy{Listen: w.proxy.Listen, Upstream: w.proxy.Upstream, Enabled: true})
}

// toxics are the attributes of Toxiproxy's toxics, by the names of faults.
var toxics = map[string]string{
	"reset":         `{"type":"reset_peer","attributes":{"timeout":0}}`,
	"reset request": `{"type":"reset_peer","stream":"upstream","attributes":{"timeout":0}}`,
	"timeout":       `{"type":"timeout","attributes":{"timeout":400}}`,
	"slicer":        `{"type":"slicer","attributes":{"average_size":300,"size_variation":200,"delay":2000}}`,
	"bandwidth":     `{"type":"bandwidth","attributes":{"rate":40}}`,
	"limit":         `{"type":"limit_data","attributes":{"bytes":%d}}`,
	"latency":       `{"type":"latency","attributes":{"latency":60,"jitter":50}}`,
	"slow close":    `{"type":"slow_close","attributes":{"delay":300}}`,
}

// strike begins a fault of the wire, which ends by itself; false: it is none of the wire.
func (w *wire) strike(s strike) bool {
	toxic, known := toxics[s.fault]
	if !known && s.fault != "down" {
		return false
	}
	w.mu.Lock()
	run := w.healed
	w.mu.Unlock()
	end := func(how func()) {
		time.AfterFunc(s.lasts(), func() {
			w.mu.Lock()
			over := w.healed != run
			w.mu.Unlock()
			if !over {
				how()
			}
		})
	}
	if s.fault == "down" {
		go w.proxy.Stop() // it waits for connections, this one among them
		end(w.up)
		return true
	}
	if s.fault == "limit" {
		toxic = fmt.Sprintf(toxic, 120+s.arg*500)
	}
	if _, err := w.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err == nil { // else it is there already
		end(func() { w.proxy.Toxics.ResetToxics(context.Background()) })
	}
	return true
}

package sampleapi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Running is a Server whose systems listen, each on its own port of 127.0.0.1.
type Running struct {
	*Server
	urls    map[System]string
	servers []*http.Server
	serving sync.WaitGroup
	closing sync.Once
}

// Start listens and serves until Close, or until ctx ends. An error names the system whose port is
// not free.
func Start(ctx context.Context, opt Options) (*Running, error) {
	r := &Running{Server: New(opt), urls: map[System]string{}}
	for _, system := range Systems() {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(opt.Ports[system]))
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			r.Close()
			return nil, fmt.Errorf("sample api of %s: %w", system, err)
		}
		server := &http.Server{Handler: r.sites[system], ReadHeaderTimeout: 10 * time.Second}
		r.urls[system] = "http://" + l.Addr().String()
		r.servers = append(r.servers, server)
		r.serving.Go(func() {
			_ = server.Serve(l) // always http.ErrServerClosed, after Close
		})
	}
	context.AfterFunc(ctx, r.Close)
	return r, nil
}

// URL is a system's address, such as http://127.0.0.1:41234, without a slash.
func (r *Running) URL(system System) string { return r.urls[system] }

// Close stops all listeners and connections, even those with an answer in progress, and waits for
// the listeners to end. It may be called more than once.
func (r *Running) Close() {
	r.closing.Do(func() {
		for _, site := range r.sites {
			close(site.done)
		}
		for _, server := range r.servers {
			_ = server.Close() // nothing can be done about an error
		}
	})
	r.serving.Wait()
}

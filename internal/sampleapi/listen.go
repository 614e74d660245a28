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
	files   string // address of the registry
	control string // address that adds records
	servers []*http.Server
	serving sync.WaitGroup
	closing sync.Once
}

// Start listens and serves until Close, or until ctx ends. An error names the system whose port is
// not free.
func Start(ctx context.Context, opt Options) (*Running, error) {
	r := &Running{Server: New(opt), urls: map[System]string{}}
	for _, system := range Systems() {
		url, err := r.listen(ctx, opt.Ports[system], r.sites[system])
		if err != nil {
			r.Close()
			return nil, fmt.Errorf("sample api of %s: %w", system, err)
		}
		r.urls[system] = url
	}
	mux := http.NewServeMux()
	mux.Handle("/", registryHandler())
	mux.Handle(controlPath, r.controlHandler())
	url, err := r.listen(ctx, opt.RegistryPort, mux)
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("sample registry: %w", err)
	}
	r.files, r.control = url+registryPath, url+controlPath
	context.AfterFunc(ctx, r.Close)
	return r, nil
}

// listen serves on a port; 0: any free one. It gives the server's address.
func (r *Running) listen(ctx context.Context, port int, handler http.Handler) (url string, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	r.servers = append(r.servers, server)
	r.serving.Go(func() {
		_ = server.Serve(l) // always http.ErrServerClosed, after Close
	})
	return "http://" + l.Addr().String(), nil
}

// Registry is the address of the registry of connectors, as --registry takes it.
func (r *Running) Registry() string { return r.files }

// Control is the address that adds records, with a slash at its end. What follows is the system and
// the list as Append takes it: POST …/append/jsonplaceholder/posts?n=3.
func (r *Running) Control() string { return r.control }

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

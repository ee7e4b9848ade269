package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	drainTimeout  = 500 * time.Millisecond
	maxConns      = 1024 // a port
	maxSourceConn = 256  // a port and client address, so that one agent cannot shut the others out
)

// beacon stands where the gateway will: agents find a proxy that answers, and that allows them nothing.
type beacon struct {
	proxy, sentinel, health net.Listener
	draining                atomic.Bool
}

func beaconCommand(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("beacon", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	proxy := flags.String("proxy", ":3128", "")
	sentinel := flags.String("sentinel", ":3129", "")
	health := flags.String("health", ":8080", "")
	if err := flags.Parse(args); err != nil {
		return fail(exitUsage, "UsageInvalid", "beacon: %w", err)
	}
	if flags.NArg() > 0 {
		return fail(exitUsage, "UsageInvalid", "beacon takes no arguments, got %q", flags.Arg(0))
	}
	var b beacon
	for _, port := range []struct {
		address  string
		listener *net.Listener
	}{{*proxy, &b.proxy}, {*sentinel, &b.sentinel}, {*health, &b.health}} {
		listener, err := net.Listen("tcp", port.address)
		if err != nil {
			return fail(exitFailed, "PortUnavailable", "%w", err)
		}
		*port.listener = bounded(listener, maxConns, maxSourceConn)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	l := newLog(stdout)
	l.line("info", "serving", map[string]any{
		"proxy": b.proxy.Addr().String(), "sentinel": b.sentinel.Addr().String(), "health": b.health.Addr().String(),
	})
	err := b.serve(ctx)
	l.line("info", "stopped", nil)
	return err
}

// serve runs until the context ends, then lets answers in progress finish for at most drainTimeout.
func (b *beacon) serve(ctx context.Context) error {
	servers := []*http.Server{server(http.HandlerFunc(deny)), server(http.HandlerFunc(b.healthz))}
	failed := make(chan error, 3)
	go func() { failed <- servers[0].Serve(b.proxy) }()
	go func() { failed <- servers[1].Serve(b.health) }()
	go func() { failed <- hangUp(b.sentinel) }()

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed: // a listener that broke: better restarted than half alive
	}
	b.draining.Store(true)
	_ = b.sentinel.Close()
	deadline, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(deadline) != nil {
			_ = s.Close()
		}
	}
	return err
}

// server has a bound on everything that a client could spin out.
func server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       30 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
}

// deny answers CONNECT, absolute-form and any other request alike.
func deny(w http.ResponseWriter, r *http.Request) {
	destination := r.Host
	if len(destination) > 255 {
		destination = destination[:255]
	}
	w.Header().Set("Connection", "close") // a request body is not worth reading
	answer(w, http.StatusForbidden, map[string]any{
		"reason":      "NoDestinationAllowed",
		"message":     "this proxy allows no destination",
		"destination": destination,
	})
}

func (b *beacon) healthz(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != "/health":
		answer(w, http.StatusNotFound, map[string]any{"reason": "NotFound", "message": "only /health is served here"})
	case b.draining.Load():
		answer(w, http.StatusServiceUnavailable, map[string]any{"status": "draining"})
	default:
		answer(w, http.StatusOK, map[string]any{"status": "ok"})
	}
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// hangUp accepts and closes. Whoever gets this far is not filtered, which is all that the sentinel port is for.
func hangUp(listener net.Listener) error {
	for {
		connection, err := listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		_ = connection.Close()
	}
}

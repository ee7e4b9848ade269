package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// connectTimeout bounds one attempt. Engines that drop packets instead of refusing them cost this much a round.
const connectTimeout = 300 * time.Millisecond

type verdict int

const (
	closed   verdict = iota // refused, unreachable, forbidden, or silent: nothing gets through
	open                    // a connection was made
	unproven                // any other error says nothing about the packet filter
)

// dialer makes the connections; tests hand in one that fails in chosen ways.
type dialer func(ctx context.Context, address netip.AddrPort) error

// dial connects and hangs up at once.
func dial(ctx context.Context, address netip.AddrPort) error {
	d := net.Dialer{Timeout: connectTimeout}
	connection, err := d.DialContext(ctx, "tcp", address.String())
	if err != nil {
		return err
	}
	return connection.Close()
}

// judge decides what a connection attempt shows. Only errors that come from the way to the target count as closed; a
// shortage on our side (no file descriptors, no local port) or a reset by something that answered proves nothing.
func judge(err error) verdict {
	if err == nil {
		return open
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		switch errno {
		case syscall.ECONNREFUSED, syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EPERM, syscall.EACCES:
			return closed
		default:
			return unproven
		}
	}
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return closed
	}
	return unproven
}

// round is what one look at all targets showed. Its lists are nil where there is nothing to say, so that two rounds
// compare and print easily.
type round struct {
	Open       []string `json:"open,omitempty"`       // closed targets that let us in
	Unproven   []string `json:"unproven,omitempty"`   // closed targets whose error proves nothing, with that error
	Unanswered []string `json:"unanswered,omitempty"` // the open target, when it does not answer
}

func (r round) isolated() bool { return len(r.Open) == 0 && len(r.Unproven) == 0 }

// look tries all targets at the same time.
func (t targets) look(ctx context.Context, connect dialer) round {
	errs := make([]error, len(t.closed))
	var openErr error
	var group sync.WaitGroup
	for i, address := range t.closed {
		group.Go(func() { errs[i] = connect(ctx, address) })
	}
	if t.open.IsValid() {
		group.Go(func() { openErr = connect(ctx, t.open) })
	}
	group.Wait()

	var r round
	for i, address := range t.closed {
		switch judge(errs[i]) {
		case closed:
		case open:
			r.Open = append(r.Open, address.String())
		case unproven:
			r.Unproven = append(r.Unproven, address.String()+": "+errs[i].Error())
		}
	}
	if t.open.IsValid() && judge(openErr) != open {
		r.Unanswered = append(r.Unanswered, t.open.String())
	}
	return r
}

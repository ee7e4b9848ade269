package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"reflect"
	"syscall"
	"testing"
)

func TestOnlyErrorsOfTheWayCountAsClosed(t *testing.T) {
	connect := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errno)}
	}
	for _, test := range []struct {
		err  error
		want verdict
	}{
		{nil, open},
		{connect(syscall.ECONNREFUSED), closed},
		{connect(syscall.ETIMEDOUT), closed},
		{connect(syscall.EHOSTUNREACH), closed},
		{connect(syscall.ENETUNREACH), closed},
		{connect(syscall.EPERM), closed},
		{connect(syscall.EACCES), closed},
		{&net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}, closed},
		{connect(syscall.ECONNRESET), unproven},
		{connect(syscall.EMFILE), unproven},
		{connect(syscall.EADDRNOTAVAIL), unproven},
		{connect(syscall.EINVAL), unproven},
		{&net.OpError{Op: "dial", Net: "tcp", Err: context.Canceled}, unproven},
		{errors.New("something else"), unproven},
	} {
		if got := judge(test.err); got != test.want {
			t.Errorf("%v: %d, expected %d", test.err, got, test.want)
		}
	}
}

func TestALookAtRealPorts(t *testing.T) {
	listening := listen(t)
	silent := deaf(t)
	refused := netip.MustParseAddrPort(refusing(t))

	got := targets{closed: []netip.AddrPort{listening, refused, silent}, open: listening}.look(t.Context(), dial)
	if want := (round{Open: []string{listening.String()}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, expected %+v", got, want)
	}
	got = targets{closed: []netip.AddrPort{refused, silent}, open: refused}.look(t.Context(), dial)
	if want := (round{Unanswered: []string{refused.String()}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, expected %+v", got, want)
	}
}

func TestALookKeepsWhatProvesNothing(t *testing.T) {
	address := netip.MustParseAddrPort("10.0.0.1:3129")
	got := targets{closed: []netip.AddrPort{address}}.look(t.Context(), func(context.Context, netip.AddrPort) error {
		return fmt.Errorf("dial: %w", syscall.EMFILE)
	})
	if want := []string{"10.0.0.1:3129: dial: too many open files"}; !reflect.DeepEqual(got.Unproven, want) || got.isolated() {
		t.Errorf("%+v, expected %v and not isolated", got, want)
	}
}

// listen is a port that accepts.
func listen(t *testing.T) netip.AddrPort {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go hangUp(listener)
	return netip.MustParseAddrPort(listener.Addr().String())
}

// refusing is a port on which nothing listens: it stays reserved, since it is bound.
func refusing(t *testing.T) string {
	t.Helper()
	return bind(t, -1).String()
}

// deaf is a port that answers nothing, like one behind a filter that drops: its backlog is full.
func deaf(t *testing.T) netip.AddrPort {
	t.Helper()
	address := bind(t, 0)
	for range 8 {
		connection, err := net.DialTimeout("tcp", address.String(), connectTimeout)
		if err != nil {
			return address
		}
		t.Cleanup(func() { connection.Close() })
	}
	t.Fatal("the backlog never filled")
	return address
}

// bind makes a socket that does not accept; with a backlog below 0 it does not even listen.
func bind(t *testing.T, backlog int) netip.AddrPort {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if backlog >= 0 {
		if err := syscall.Listen(fd, backlog); err != nil {
			t.Fatal(err)
		}
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	inet := name.(*syscall.SockaddrInet4)
	return netip.AddrPortFrom(netip.AddrFrom4(inet.Addr), uint16(inet.Port))
}

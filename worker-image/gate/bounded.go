package main

import (
	"net"
	"net/netip"
	"sync"
)

// bounded closes connections beyond a total and beyond a share for each client address, as soon as they are accepted.
func bounded(inner net.Listener, total, perSource int) net.Listener {
	return &boundedListener{Listener: inner, total: total, perSource: perSource, count: map[netip.Addr]int{}}
}

type boundedListener struct {
	net.Listener
	total, perSource int

	mutex sync.Mutex
	sum   int
	count map[netip.Addr]int
}

func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		connection, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		source := netip.MustParseAddrPort(connection.RemoteAddr().String()).Addr()
		if l.take(source) {
			return &boundedConn{Conn: connection, release: sync.OnceFunc(func() { l.give(source) })}, nil
		}
		_ = connection.Close()
	}
}

func (l *boundedListener) take(source netip.Addr) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.sum >= l.total || l.count[source] >= l.perSource {
		return false
	}
	l.sum++
	l.count[source]++
	return true
}

func (l *boundedListener) give(source netip.Addr) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.sum--
	l.count[source]--
	if l.count[source] == 0 {
		delete(l.count, source)
	}
}

type boundedConn struct {
	net.Conn
	release func()
}

func (c *boundedConn) Close() error {
	c.release()
	return c.Conn.Close()
}

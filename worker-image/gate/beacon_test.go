package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

// started is a beacon that runs until the test ends.
func started(t *testing.T) *beacon {
	t.Helper()
	var b beacon
	for _, listener := range []*net.Listener{&b.proxy, &b.sentinel, &b.health} {
		inner, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		*listener = bounded(inner, 8, 4)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return &b
}

func TestTheProxyAllowsNoDestination(t *testing.T) {
	b := started(t)
	proxy := &url.URL{Scheme: "http", Host: b.proxy.Addr().String()}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}

	response, err := client.Get("http://example.com/") // absolute-form
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	expectDenied(t, response, "example.com")

	_, err = client.Get("https://example.com/") // CONNECT
	if err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("%v, expected Forbidden", err)
	}

	for _, request := range []string{
		"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254:80\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: 169.254.169.254:80\r\n\r\n",
		"POST http://169.254.169.254:80/ HTTP/1.1\r\nHost: 169.254.169.254:80\r\nContent-Length: 100000\r\n\r\n",
	} {
		connection, err := net.Dial("tcp", b.proxy.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(connection, request)
		response, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Fatalf("%q: %v", request, err)
		}
		expectDenied(t, response, "169.254.169.254:80")
		connection.Close()
	}
}

func expectDenied(t *testing.T, response *http.Response, destination string) {
	t.Helper()
	var body map[string]string
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusForbidden || body["reason"] != "NoDestinationAllowed" || body["destination"] != destination {
		t.Errorf("%d %v", response.StatusCode, body)
	}
}

func TestTheSentinelAcceptsAndCloses(t *testing.T) {
	b := started(t)
	connection, err := net.Dial("tcp", b.sentinel.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_ = connection.SetReadDeadline(time.Now().Add(5 * time.Second))
	if n, err := connection.Read(make([]byte, 1)); n != 0 || !(errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)) {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestHealth(t *testing.T) {
	b := started(t)
	for path, status := range map[string]int{"/health": 200, "/": 404, "/healthz": 404} {
		response, err := http.Get("http://" + b.health.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != status || response.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, response.StatusCode, response.Header.Get("Content-Type"))
		}
	}
}

// A client that opens connections and sends nothing holds only its own share of them.
func TestASilentClientHoldsOnlyItsShare(t *testing.T) {
	b := started(t)
	for range 4 {
		connection, err := net.Dial("tcp", b.proxy.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
	}
	extra, err := net.Dial("tcp", b.proxy.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer extra.Close()
	_ = extra.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := extra.Read(make([]byte, 1)); errors.Is(err, context.DeadlineExceeded) || err == nil {
		t.Errorf("the connection beyond the share was kept: %v", err)
	}
	other := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	connection, err := other.Dial("tcp", b.proxy.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectDenied(t, response, "example.com")
}

func TestAShareThatIsGivenBackCanBeTakenAgain(t *testing.T) {
	b := started(t)
	for i := range 50 {
		response, err := http.Get("http://" + b.health.Addr().String() + "/health")
		if err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
		response.Body.Close()
		http.DefaultClient.CloseIdleConnections()
	}
}

func TestABeaconStopsWithinASecondOfSIGTERM(t *testing.T) {
	command, _ := gate(t, nil, "beacon", "--proxy", "127.0.0.1:0", "--sentinel", "127.0.0.1:0", "--health", "127.0.0.1:0")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var serving map[string]string
	if err := json.Unmarshal(first, &serving); err != nil {
		t.Fatal(err)
	}
	silent, err := net.Dial("tcp", serving["proxy"]) // has sent nothing, so there is no answer to wait for
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	told := time.Now()
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	last, _ := lines.ReadString('\n') // not the end of the process: the race detector puts a second of its own before it
	if took := time.Since(told); took >= time.Second || !strings.Contains(last, `"stopped"`) {
		t.Errorf("said %q after %v", last, took)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("%v; stderr %s", err, stderr.String())
	}
}

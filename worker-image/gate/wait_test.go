package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	sentinel = netip.MustParseAddrPort("10.0.0.1:3129")
	proxy    = netip.MustParseAddrPort("10.0.0.1:3128")
)

// script is a network whose answers change from look to look, and a clock that only pauses move. The last answers stay.
type script struct {
	sentinel, proxy []error
	looks           int
	clock           time.Time
	end             func(looks int) bool // when the pod is told to stop
}

func (s *script) run(t *testing.T, withProxy bool) (state, []map[string]any) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	w := waiter{
		targets: targets{closed: []netip.AddrPort{sentinel}},
		log:     newLog(&out),
		connect: func(_ context.Context, address netip.AddrPort) error {
			answers := s.sentinel
			if address == proxy {
				answers = s.proxy
			}
			return answers[min(s.looks, len(answers)-1)]
		},
		pause: func(_ context.Context, d time.Duration) {
			s.looks++
			s.clock = s.clock.Add(d)
			if s.end != nil && s.end(s.looks) {
				cancel()
			}
			if s.looks > 100_000 {
				t.Fatal("the gate never ends")
			}
		},
		now: func() time.Time { return s.clock },
	}
	if withProxy {
		w.targets.open = proxy
	}
	s.clock = time.Unix(1_800_000_000, 0)
	last, _ := w.wait(ctx)

	var lines []map[string]any
	for scanner := bufio.NewScanner(&out); scanner.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return last, lines
}

func TestThreeRefusalsRunningOpenTheGate(t *testing.T) {
	refused, accepted, strange := error(syscall.ECONNREFUSED), error(nil), error(syscall.EMFILE)
	for _, test := range []struct {
		name            string
		sentinel, proxy []error
		looks           int // before the one that opens the gate
	}{
		{"closed from the start", []error{refused}, nil, 2},
		{"open, then closed", []error{accepted, refused}, nil, 3},
		{"open once more between", []error{refused, refused, accepted, refused}, nil, 5},
		{"an error that proves nothing starts the count anew", []error{refused, refused, strange, refused}, nil, 5},
		{"the proxy answers", []error{refused}, []error{accepted}, 2},
		{"the proxy comes late", []error{refused}, []error{refused, refused, refused, refused, accepted}, 4},
		{"the proxy is away in the last look", []error{refused}, []error{accepted, accepted, refused, accepted}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := script{sentinel: test.sentinel, proxy: test.proxy}
			last, lines := s.run(t, test.proxy != nil)
			if last.State != "isolated" || s.looks != test.looks {
				t.Errorf("%s after %d looks, expected isolated after %d", last.State, s.looks, test.looks)
			}
			if end := lines[len(lines)-1]; end["event"] != "isolated" {
				t.Errorf("the last line is %v", end)
			}
		})
	}
}

func TestWithoutAnEngineTheGateNeverEnds(t *testing.T) {
	s := script{sentinel: []error{nil}, proxy: []error{nil}}
	s.end = func(int) bool { return s.clock.Sub(time.Unix(1_800_000_000, 0)) > time.Hour }
	last, lines := s.run(t, true)
	if want := (state{"waiting", round{Open: []string{"10.0.0.1:3129"}}}); !reflect.DeepEqual(last, want) {
		t.Errorf("%+v, expected %+v", last, want)
	}
	// One line at once, then one each 10 s at most.
	if len(lines) < 300 || len(lines) > 361 {
		t.Errorf("%d lines in an hour", len(lines))
	}
	if open := lines[0]["open"]; !reflect.DeepEqual(open, []any{"10.0.0.1:3129"}) {
		t.Errorf("the first line does not name the open target: %v", lines[0])
	}
}

func TestEachChangeOfStateIsSaidOnce(t *testing.T) {
	var sentinelAnswers, proxyAnswers []error
	for range 20 { // long enough that lines are not held back
		sentinelAnswers, proxyAnswers = append(sentinelAnswers, nil), append(proxyAnswers, syscall.ECONNREFUSED)
	}
	for range 20 {
		sentinelAnswers, proxyAnswers = append(sentinelAnswers, syscall.ECONNREFUSED), append(proxyAnswers, syscall.ECONNREFUSED)
	}
	s := script{sentinel: append(sentinelAnswers, syscall.ECONNREFUSED), proxy: append(proxyAnswers, nil)}
	_, lines := s.run(t, true)
	var said []string
	for _, line := range lines {
		text := line["event"].(string)
		for _, list := range []string{"open", "unanswered"} {
			if line[list] != nil {
				text += " " + list
			}
		}
		said = append(said, text)
	}
	if want := []string{"waiting open unanswered", "waiting unanswered", "isolated"}; !reflect.DeepEqual(said, want) {
		t.Errorf("%q, expected %q", said, want)
	}
}

func TestAFlappingTargetDoesNotFloodTheLog(t *testing.T) {
	var answers []error
	for range 1000 {
		answers = append(answers, nil, syscall.ECONNREFUSED)
	}
	s := script{sentinel: append(answers, syscall.ECONNREFUSED)}
	_, lines := s.run(t, false)
	seconds := s.clock.Sub(time.Unix(1_800_000_000, 0)).Seconds()
	if float64(len(lines)) > 5*seconds+2 {
		t.Errorf("%d lines in %.1f s", len(lines), seconds)
	}
}

func TestAProcessThatIsTerminatedSaysWhatItWaitedFor(t *testing.T) {
	address := listen(t).String()
	command, terminationLog := gate(t, []string{"AGENTRUN_GATE_CLOSED=" + address}, "wait")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	first, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.Contains(first, address) {
		t.Fatalf("%q, %v", first, err)
	}
	told := time.Now()
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if code := command.ProcessState.ExitCode(); code != 143 {
		t.Errorf("exit code %d: anything but 0 keeps the gate shut, 143 was expected", code)
	}
	if took := time.Since(told); took > time.Second {
		t.Errorf("took %v to stop", took)
	}
	last := readJSON(t, terminationLog)
	if last["state"] != "waiting" || !reflect.DeepEqual(last["open"], []any{address}) {
		t.Errorf("termination message %v", last)
	}
}

func TestAProcessEndsWellWhenTheIsolationIsProved(t *testing.T) {
	command, terminationLog := gate(t, []string{
		"AGENTRUN_GATE_CLOSED=" + refusing(t),
		"AGENTRUN_GATE_OPEN=" + listen(t).String(),
		"AGENTRUN_GATE_INSTALL=" + t.TempDir(),
	}, "wait")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if last := readJSON(t, terminationLog); last["state"] != "isolated" || last["seconds"].(float64) > 2 {
		t.Errorf("termination message %v", last)
	}
}

package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"
)

const (
	// roundsNeeded in a row: one refusal may be chance (a gateway that restarts), three are a filter.
	roundsNeeded = 3
	// Between looks that did not hold, the pause grows by a quarter each: a pod waits at most a quarter longer than
	// the engine takes, and a node full of waiting pods does not hammer the gateway.
	firstPause = 20 * time.Millisecond
	lastPause  = time.Second
	// A state is repeated this often, and never printed more often than that.
	repeatEvery = 10 * time.Second
	changeEvery = 200 * time.Millisecond
)

// state is what the gate knows, for the log and the termination message.
type state struct {
	State string `json:"state"` // waiting, confirming or isolated
	round
}

// waiter is the loop of the gate with its effects handed in.
type waiter struct {
	targets targets
	connect dialer
	log     log
	pause   func(context.Context, time.Duration)
	now     func() time.Time
}

// waitCommand ends with nil only when the isolation is proved.
func waitCommand(stdout io.Writer) error {
	t, err := targetsFrom(os.Getenv)
	if err != nil {
		return err
	}
	if dir := os.Getenv("AGENTRUN_GATE_INSTALL"); dir != "" {
		if err := install(dir); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	w := waiter{targets: t, connect: dial, log: newLog(stdout), pause: pause, now: time.Now}
	last, held := w.wait(ctx)
	writeTerminationMessage(struct {
		state
		Seconds float64 `json:"seconds"`
	}{last, held.Round(time.Millisecond).Seconds()})
	if last.State != "isolated" {
		return fail(exitTerminated, "Terminated", "terminated while %s", last.State)
	}
	return nil
}

// wait looks until the isolation is proved or the context ends, and gives the last state and how long that took.
func (w waiter) wait(ctx context.Context) (state, time.Duration) {
	start := w.now()
	var last, printed state
	var printedAt time.Time
	say := func() {
		fields := map[string]any{"seconds": w.now().Sub(start).Round(time.Millisecond).Seconds()}
		for name, list := range map[string][]string{
			"open": last.Open, "unproven": last.Unproven, "unanswered": last.Unanswered,
		} {
			if list != nil {
				fields[name] = list
			}
		}
		w.log.line("info", last.State, fields)
		printed, printedAt = last, w.now()
	}

	last.State = "waiting"
	next := firstPause
	for held := 0; ; {
		seen := w.targets.look(ctx, w.connect)
		if ctx.Err() != nil {
			return last, w.now().Sub(start) // this look was cut off, so it shows nothing
		}
		if seen.isolated() {
			held, next = held+1, firstPause
		} else {
			held, next = 0, min(next+next/4, lastPause)
		}
		last = state{State: "waiting", round: seen}
		if seen.isolated() && seen.Unanswered == nil {
			last.State = "confirming"
			if held >= roundsNeeded {
				last.State = "isolated"
				say()
				return last, w.now().Sub(start)
			}
		}
		since := w.now().Sub(printedAt)
		changed := !reflect.DeepEqual(last, printed)
		if (changed && last.State != "confirming" && since >= changeEvery) || since >= repeatEvery {
			say()
		}
		w.pause(ctx, next)
	}
}

// pause waits, but not beyond the end of the context.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

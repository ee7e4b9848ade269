// Command agentrun-gate is the small static helper beside every agent: it holds a pod back until its network
// isolation is proved (wait), puts itself into a volume for foreign images (install), lowers process limits before it
// becomes another program (exec), and stands in for the gateway with a proxy that allows nothing (beacon).
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

const usage = `agentrun-gate holds an agent's pod back until its network isolation is proved.

  agentrun-gate wait                  until every closed address is refused and the open one answers
  agentrun-gate install DIR           copy this program to DIR/agentrun-gate
  agentrun-gate exec [--open-files SOFT:HARD] [--file-size BYTES] [--expand] -- CMD ARGS...
                                      lower the limits, then become CMD; with --expand $(AGENTRUN_...)
                                      in CMD and ARGS stands for that variable
  agentrun-gate beacon [--proxy ADDR] [--sentinel ADDR] [--health ADDR]
                                      a forward proxy that allows no destination
`

// Exit codes. Only 0 opens the gate: the kubelet takes it as "the isolation is proved".
const (
	exitOK            = 0
	exitFailed        = 1
	exitUsage         = 2
	exitNotExecutable = 126
	exitNotFound      = 127
	exitTerminated    = 143
)

// failure is an error with the exit code and the reason that the termination message shows.
type failure struct {
	code   int
	reason string
	err    error
}

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

func fail(code int, reason, format string, args ...any) *failure {
	return &failure{code: code, reason: reason, err: fmt.Errorf(format, args...)}
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	var err error
	switch args[0] {
	case "wait":
		err = waitCommand(stdout)
	case "install":
		err = installCommand(args[1:])
	case "exec":
		err = execCommand(args[1:], stderr)
	case "beacon":
		err = beaconCommand(args[1:], stdout)
	case "help", "-h", "--help":
		fmt.Fprint(stdout, usage)
		return exitOK
	default:
		err = fail(exitUsage, "UsageInvalid", "unknown subcommand %q (wait, install, exec, beacon)", args[0])
	}
	return report(err, stderr)
}

// report prints an error as one JSON line, leaves it in the termination message, and gives the exit code.
func report(err error, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	f := fail(exitFailed, "InternalError", "%w", err)
	errors.As(err, &f)
	if f.code == exitTerminated {
		return f.code // wait has already left its state
	}
	message := map[string]any{"reason": f.reason, "message": f.Error()}
	writeTerminationMessage(message)
	newLog(stderr).line("error", "failed", message)
	return f.code
}

package main

import (
	"bytes"
	"strings"
	"syscall"
	"testing"
)

// showLimits prints soft and hard limits of open files and of the file size, the latter in 512-byte blocks (POSIX).
const showLimits = `echo "$(ulimit -Sn) $(ulimit -Hn) $(ulimit -Sf) $(ulimit -Hf)"`

func TestExecLowersTheLimits(t *testing.T) {
	for _, test := range []struct {
		name string
		env  []string
		args []string
		want string
	}{
		{"flags", nil, []string{"--open-files", "64:128", "--file-size", "1048576"}, "64 128 2048 2048"},
		{"environment", []string{"AGENTRUN_ULIMIT_OPEN_FILES=64:128", "AGENTRUN_ULIMIT_FILE_SIZE=1048576"}, nil, "64 128 2048 2048"},
		{"a flag beats the environment", []string{"AGENTRUN_ULIMIT_OPEN_FILES=64:128"},
			[]string{"--open-files", "32:32", "--file-size", "1048576"}, "32 32 2048 2048"},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append(append([]string{"exec"}, test.args...), "--", "sh", "-c", showLimits)
			command, _ := gate(t, test.env, args...)
			out, err := command.CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != test.want {
				t.Errorf("%q, %v, expected %q", got, err, test.want)
			}
		})
	}
}

// Go raises the soft limit of open files when it starts; the command must not see that.
func TestExecLeavesOtherLimitsAsTheyWere(t *testing.T) {
	self, _ := gate(t, nil)
	nested := append([]string{"exec", "--open-files", "64:128", "--file-size", "1048576", "--"},
		self.Path, "exec", "--", "sh", "-c", showLimits)
	command, _ := gate(t, nil, nested...)
	out, err := command.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != "64 128 2048 2048" {
		t.Errorf("%q, %v, expected the limits of the outer call", got, err)
	}
}

func TestExecKeepsALowerHardLimitAndSaysSo(t *testing.T) {
	self, _ := gate(t, nil)
	command, _ := gate(t, nil, "exec", "--open-files", "32:48", "--",
		self.Path, "exec", "--open-files", "1024:2048", "--", "sh", "-c", "ulimit -Sn; ulimit -Hn")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if got := strings.Fields(string(out)); err != nil || strings.Join(got, " ") != "48 48" {
		t.Errorf("%q, %v, expected 48 48", out, err)
	}
	if !strings.Contains(stderr.String(), "1024:2048 was asked for, the hard limit here is already 48") {
		t.Errorf("stderr: %q", stderr.String())
	}
}

func TestExecPassesArgumentsExitCodeAndEnvironment(t *testing.T) {
	command, _ := gate(t, []string{"GREETING=hello"}, "exec", "--", "sh", "-c", `echo "$GREETING $0 $1"; exit 42`, "a b", "--")
	out, _ := command.Output()
	if string(out) != "hello a b --\n" || command.ProcessState.ExitCode() != 42 {
		t.Errorf("%q, exit code %d", out, command.ProcessState.ExitCode())
	}
}

func TestExecExpandsTheOperatorsVariablesOnRequest(t *testing.T) {
	env := []string{"AGENTRUN_MEMORY_LIMIT_BYTES=1000", "OTHER=secret"}
	echo := []string{"--", "sh", "-c", `echo "$0"`, "a=$(AGENTRUN_MEMORY_LIMIT_BYTES) b=$(AGENTRUN_UNSET) c=$(OTHER)"}
	for _, test := range []struct {
		args []string
		want string
	}{
		{append([]string{"exec", "--expand"}, echo...), "a=1000 b=$(AGENTRUN_UNSET) c=$(OTHER)"},
		{append([]string{"exec"}, echo...), "a=$(AGENTRUN_MEMORY_LIMIT_BYTES) b=$(AGENTRUN_UNSET) c=$(OTHER)"},
	} {
		command, _ := gate(t, env, test.args...)
		out, err := command.Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != test.want {
			t.Errorf("%q, %v, expected %q", got, err, test.want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct{ wanted, current, want syscall.Rlimit }{
		{syscall.Rlimit{Cur: 10, Max: 20}, syscall.Rlimit{Cur: 100, Max: 100}, syscall.Rlimit{Cur: 10, Max: 20}},
		{syscall.Rlimit{Cur: 10, Max: 20}, syscall.Rlimit{Cur: 5, Max: 15}, syscall.Rlimit{Cur: 10, Max: 15}},
		{syscall.Rlimit{Cur: 10, Max: 20}, syscall.Rlimit{Cur: 5, Max: 5}, syscall.Rlimit{Cur: 5, Max: 5}},
	} {
		if got := clip(test.wanted, test.current); got != test.want {
			t.Errorf("%v in %v gave %v, expected %v", test.wanted, test.current, got, test.want)
		}
	}
}

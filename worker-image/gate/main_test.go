package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// asGate makes the test binary behave as the program itself, so that tests can run it as a real process.
const asGate = "AGENTRUN_GATE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asGate) != "" {
		main()
	}
	os.Exit(m.Run())
}

// gate is the program as a command, with a termination message file of its own.
func gate(t *testing.T, env []string, args ...string) (command *exec.Cmd, terminationLog string) {
	t.Helper()
	terminationLog = filepath.Join(t.TempDir(), "termination-log")
	if err := os.WriteFile(terminationLog, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command = exec.CommandContext(t.Context(), self, args...)
	command.Env = append([]string{asGate + "=1", "PATH=" + os.Getenv("PATH"), "AGENTRUN_TERMINATION_LOG=" + terminationLog}, env...)
	return command, terminationLog
}

func readJSON(t *testing.T, path string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), "\n") != 1 {
		t.Errorf("the termination message is not one line: %q", text)
	}
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return value
}

func TestBadUseIsAnErrorWithAReason(t *testing.T) {
	for _, test := range []struct {
		name    string
		env     []string
		args    []string
		code    int
		reason  string
		message string
	}{
		{"no such subcommand", nil, []string{"open"}, 2, "UsageInvalid", `unknown subcommand "open"`},
		{"nothing to prove", nil, []string{"wait"}, 2, "ConfigInvalid", "nothing to prove"},
		{"a name", []string{"AGENTRUN_GATE_CLOSED=gateway:3129"}, []string{"wait"}, 2, "ConfigInvalid", `"gateway:3129"`},
		{"install without a place", nil, []string{"install"}, 2, "UsageInvalid", "one directory"},
		{"install nowhere", nil, []string{"install", "/nonexistent"}, 1, "InstallFailed", "/nonexistent"},
		{"wait cannot install", []string{"AGENTRUN_GATE_CLOSED=127.0.0.1:1", "AGENTRUN_GATE_INSTALL=/nonexistent"}, []string{"wait"}, 1, "InstallFailed", "/nonexistent"},
		{"exec of nothing", nil, []string{"exec", "--"}, 2, "UsageInvalid", "needs a command"},
		{"exec with an unknown flag", nil, []string{"exec", "--cpu", "1", "--", "true"}, 2, "UsageInvalid", "-cpu"},
		{"exec of a missing program", nil, []string{"exec", "--", "no-such-program"}, 127, "CommandNotFound", "no-such-program"},
		{"exec of a directory", nil, []string{"exec", "--", "/tmp"}, 126, "CommandNotExecutable", "/tmp"},
		{"limit out of order", nil, []string{"exec", "--open-files", "2:1", "--", "true"}, 2, "ConfigInvalid", "SOFT:HARD"},
		{"limit from the environment", []string{"AGENTRUN_ULIMIT_FILE_SIZE=10MiB"}, []string{"exec", "--", "true"}, 2, "ConfigInvalid", "number of bytes"},
		{"beacon without a port", nil, []string{"beacon", "--proxy", "127.0.0.1:70000"}, 1, "PortUnavailable", "70000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			command, terminationLog := gate(t, test.env, test.args...)
			var stderr bytes.Buffer
			command.Stderr = &stderr
			_ = command.Run()
			if code := command.ProcessState.ExitCode(); code != test.code {
				t.Errorf("exit code %d, expected %d; stderr: %s", code, test.code, stderr.String())
			}
			last := readJSON(t, terminationLog)
			if last["reason"] != test.reason || !strings.Contains(last["message"].(string), test.message) {
				t.Errorf("termination message %v, expected reason %s and %q", last, test.reason, test.message)
			}
			if !strings.Contains(stderr.String(), test.reason) {
				t.Errorf("stderr does not say %s: %s", test.reason, stderr.String())
			}
		})
	}
}

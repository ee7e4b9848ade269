package main

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"time"
)

// defaultTerminationLog is where the kubelet reads a container's last words, unless the pod says otherwise.
const defaultTerminationLog = "/dev/termination-log"

// log writes one JSON object a line.
type log struct{ out *json.Encoder }

func newLog(out io.Writer) log {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return log{out: encoder}
}

func (l log) line(level, event string, fields map[string]any) {
	line := map[string]any{"time": time.Now().UTC().Format(time.RFC3339Nano), "level": level, "event": event}
	maps.Copy(line, fields)
	_ = l.out.Encode(line) // nowhere is left to report a closed stdout to
}

// writeTerminationMessage leaves one line of JSON for the kubelet. Outside a pod the file does not exist, and is not
// made: the gate must not litter the file system of somebody who tries it by hand.
func writeTerminationMessage(message any) {
	path := os.Getenv("AGENTRUN_TERMINATION_LOG")
	if path == "" {
		path = defaultTerminationLog
	}
	text, err := json.Marshal(message)
	if err != nil {
		return
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = file.Write(append(text, '\n'))
}

package main

import (
	"net/netip"
	"slices"
	"testing"
)

func TestTargetsFromTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		name   string
		env    map[string]string
		closed []string
		open   string
	}{
		{"one", map[string]string{"AGENTRUN_GATE_CLOSED": "10.0.0.1:3129"}, []string{"10.0.0.1:3129"}, ""},
		{"several, IPv6, spaces and a trailing comma", map[string]string{"AGENTRUN_GATE_CLOSED": " 10.0.0.1:3129, [fd00::1]:3129,"},
			[]string{"10.0.0.1:3129", "[fd00::1]:3129"}, ""},
		{"with the proxy", map[string]string{"AGENTRUN_GATE_CLOSED": "10.0.0.1:3129", "AGENTRUN_GATE_OPEN": "10.0.0.1:3128"},
			[]string{"10.0.0.1:3129"}, "10.0.0.1:3128"},
		{"the API server too", map[string]string{"AGENTRUN_GATE_CLOSED": "10.0.0.1:3129", "AGENTRUN_GATE_APISERVER": "true",
			"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}, []string{"10.0.0.1:3129", "10.96.0.1:443"}, ""},
		{"the API server alone, on IPv6", map[string]string{"AGENTRUN_GATE_APISERVER": "true",
			"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}, []string{"[fd00::1]:443"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := targetsFrom(func(name string) string { return test.env[name] })
			if err != nil {
				t.Fatal(err)
			}
			var closed []string
			for _, address := range got.closed {
				closed = append(closed, address.String())
			}
			if !slices.Equal(closed, test.closed) {
				t.Errorf("closed %v, expected %v", closed, test.closed)
			}
			if want, _ := netip.ParseAddrPort(test.open); got.open != want {
				t.Errorf("open %v, expected %v", got.open, want)
			}
		})
	}
}

func TestTargetsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, env := range []map[string]string{
		{},
		{"AGENTRUN_GATE_CLOSED": ","},
		{"AGENTRUN_GATE_CLOSED": "10.0.0.1"},
		{"AGENTRUN_GATE_CLOSED": "10.0.0.1:0"},
		{"AGENTRUN_GATE_CLOSED": "10.0.0.1:65536"},
		{"AGENTRUN_GATE_CLOSED": "gateway.agentrun:3129"},
		{"AGENTRUN_GATE_CLOSED": "10.0.0.1:3129;10.0.0.2:3129"},
		{"AGENTRUN_GATE_CLOSED": "10.0.0.1:3129", "AGENTRUN_GATE_OPEN": "gateway:3128"},
		{"AGENTRUN_GATE_CLOSED": "10.0.0.1:3129", "AGENTRUN_GATE_APISERVER": "yes"},
		{"AGENTRUN_GATE_CLOSED": "10.0.0.1:3129", "AGENTRUN_GATE_APISERVER": "true"},
		// The open port alone proves nothing.
		{"AGENTRUN_GATE_OPEN": "10.0.0.1:3128"},
	} {
		if got, err := targetsFrom(func(name string) string { return env[name] }); err == nil {
			t.Errorf("%v gave %v, expected an error", env, got)
		}
	}
}

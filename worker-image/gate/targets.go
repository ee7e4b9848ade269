package main

import (
	"net/netip"
	"strings"
)

// targets are the addresses that the gate looks at.
type targets struct {
	// closed must all be refused: addresses that something listens on and no NetworkPolicy opens.
	closed []netip.AddrPort
	// open must answer; not valid when the agent may reach nothing at all (egress None).
	open netip.AddrPort
}

// targetsFrom reads the environment. An address is IP:port, since an agent's pod resolves no names.
func targetsFrom(getenv func(string) string) (targets, error) {
	var t targets
	for text := range strings.SplitSeq(getenv("AGENTRUN_GATE_CLOSED"), ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		address, err := parseTarget("AGENTRUN_GATE_CLOSED", text)
		if err != nil {
			return targets{}, err
		}
		t.closed = append(t.closed, address)
	}
	switch flag := getenv("AGENTRUN_GATE_APISERVER"); flag {
	case "", "false":
	case "true":
		address, err := apiServer(getenv)
		if err != nil {
			return targets{}, err
		}
		t.closed = append(t.closed, address)
	default:
		return targets{}, fail(exitUsage, "ConfigInvalid", "AGENTRUN_GATE_APISERVER is %q: write true or false", flag)
	}
	if len(t.closed) == 0 {
		return targets{}, fail(exitUsage, "ConfigInvalid",
			"nothing to prove: set AGENTRUN_GATE_CLOSED to IP:port[,IP:port], or AGENTRUN_GATE_APISERVER to true")
	}
	if text := strings.TrimSpace(getenv("AGENTRUN_GATE_OPEN")); text != "" {
		address, err := parseTarget("AGENTRUN_GATE_OPEN", text)
		if err != nil {
			return targets{}, err
		}
		t.open = address
	}
	return t, nil
}

func parseTarget(name, text string) (netip.AddrPort, error) {
	address, err := netip.ParseAddrPort(text)
	if err != nil || address.Port() == 0 {
		return netip.AddrPort{}, fail(exitUsage, "ConfigInvalid",
			"%s holds %q: write IP:port, for example 10.96.0.10:3129 or [fd00::10]:3129 (a pod of an agent resolves no names)",
			name, text)
	}
	return address, nil
}

// apiServer is the address that the kubelet gives to every container.
func apiServer(getenv func(string) string) (netip.AddrPort, error) {
	host, port := getenv("KUBERNETES_SERVICE_HOST"), getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return netip.AddrPort{}, fail(exitUsage, "ConfigInvalid",
			"AGENTRUN_GATE_APISERVER is true, but KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set")
	}
	if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		host = "[" + host + "]"
	}
	return parseTarget("KUBERNETES_SERVICE_HOST:KUBERNETES_SERVICE_PORT", host+":"+port)
}

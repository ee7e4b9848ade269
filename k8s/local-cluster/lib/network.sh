# shellcheck shell=bash
# The node's address, the pods' bridge, kube-proxy (nftables) and kube-router (NetworkPolicy only).

# No dummy device in every kernel: a veth pair carries the node's address.
make_network() {
  if ! ip link show "$LINK" >/dev/null 2>&1; then
    ip link add "$LINK" type veth peer name "${LINK}p"
  fi
  ip link set "$LINK" up; ip link set "${LINK}p" up
  ip addr show dev "$LINK" | grep -qF "inet $NODE_IP/" || ip addr add "$NODE_IP/32" dev "$LINK"
  set_sysctl net.ipv4.ip_forward 1
  # NetworkPolicies between pods on one bridge: its frames must pass iptables
  [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || modprobe br_netfilter 2>/dev/null || true
  [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || die "this kernel has no br_netfilter: NetworkPolicies between pods of one node could not be enforced"
  set_sysctl net.bridge.bridge-nf-call-iptables 1
  write_cni
  nft -f - <<EOF
table ip agentrun
delete table ip agentrun
table ip agentrun {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr $POD_CIDRS ip daddr != $POD_CIDRS oifname != "$BRIDGE" masquerade
  }
}
EOF
}

set_sysctl() {
  local path=/proc/sys/${1//.//}
  if [ "$(cat "$path")" != "$2" ]; then echo "$2" >"$path"; fi
}

write_cni() {
  mkdir -p "$CONF/cni"
  put "$CONF/cni/10-agentrun.conflist" <<EOF
{"cniVersion": "0.4.0", "name": "agentrun", "plugins": [
  {"type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$STATE/cni", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}
]}
EOF
}

write_network_conf() {
  put "$CONF/kube-proxy.yaml" <<EOF
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
bindAddress: $NODE_IP
hostnameOverride: $NODE
healthzBindAddress: $NODE_IP:10256
metricsBindAddress: 127.0.0.1:10249
clusterCIDR: $POD_CIDRS
clientConnection: {kubeconfig: $CONF/kube-proxy.kubeconfig, qps: 100, burst: 200}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
nftables: {minSyncPeriod: 100ms}
oomScoreAdj: 0
EOF
}

command_kube-proxy() { COMMAND=("$BIN/kube-proxy" --config "$CONF/kube-proxy.yaml"); }
healthy_kube-proxy() { curl -sf -m 2 "http://$NODE_IP:10256/healthz"; }

command_kube-router() {
  COMMAND=("$BIN/kube-router" --kubeconfig "$CONF/kube-router.kubeconfig" --hostname-override "$NODE"
    --run-firewall=true --run-router=false --run-service-proxy=false --run-loadbalancer=false
    --service-cluster-ip-range "$SERVICE_CIDR" --iptables-sync-period 1m --health-port 20244 --metrics-port 0 -v 1)
}
# Its rules must be there too: it answers before it has written them.
healthy_kube-router() { curl -sf -m 2 http://127.0.0.1:20244/healthz && grep -q -- '-j KUBE-ROUTER-FORWARD' <<<"$(iptables -w 5 -S FORWARD)"; }

# A stopped engine leaves no rule: no policy is enforced, as on a cluster that has none. Its own --cleanup-config is not used: at 2.1.0 it leaves
# the firewall chains and touches IPVS and routes instead.
remove_netpol_rules() {
  local set
  strip_chains iptables filter 'KUBE-ROUTER-|KUBE-POD-FW-|KUBE-NWPLCY-'
  strip_chains ip6tables filter 'KUBE-ROUTER-|KUBE-POD-FW-|KUBE-NWPLCY-'
  for set in $(ipset list -n 2>/dev/null | grep -E '^(inet6:)?(KUBE-SRC-|KUBE-DST-|kube-router-)'); do ipset destroy "$set"; done
}

# strip_chains iptables|ip6tables TABLE PREFIXES: takes the chains whose names begin so, and the jumps to them, out in one step and leaves everything else alone.
strip_chains() {
  local tool=$1 table=$2 prefixes=$3 dump
  dump=$("$tool-save" -t "$table" 2>/dev/null) || return 0
  grep -qE "^:($prefixes)" <<<"$dump" || return 0
  awk -v table="$table" -v chain="^($prefixes)" -v jump=" -[jg] ($prefixes)" '
    /^:/ && substr($1, 2) ~ chain { chains[++n] = substr($1, 2) }
    /^-A / && $2 !~ chain && $0 ~ jump { sub(/^-A/, "-D"); jumps[++m] = $0 }
    END {
      print "*" table
      for (i = 1; i <= m; i++) print jumps[i]
      for (i = 1; i <= n; i++) print "-F " chains[i]
      for (i = 1; i <= n; i++) print "-X " chains[i]
      print "COMMIT"
    }' <<<"$dump" | "$tool-restore" --noflush
}

# The network as it was before `up`. Pods' veths go with their network namespaces (unmounted before).
remove_network() {
  local family table name
  remove_netpol_rules
  strip_chains iptables nat 'CNI-'  # hostPort rules, should a pod have had any
  for name in "ip agentrun" "ip kube-proxy" "ip6 kube-proxy"; do
    nft delete table $name 2>/dev/null || true
  done
  # iptables makes its tables and base chains on first use: take them away again where they were not there before and hold no rule
  for family in ip ip6; do
    for table in filter nat mangle raw security; do
      if grep -qx "table $family $table {" "$BEFORE/nft" 2>/dev/null; then continue; fi
      if nft list table "$family" "$table" 2>/dev/null | holds_no_rule; then nft delete table "$family" "$table" 2>/dev/null || true; fi
    done
  done
  ip link delete "$BRIDGE" 2>/dev/null || true
  ip link delete "$LINK" 2>/dev/null || true
  for name in $(ip -o link show type veth 2>/dev/null | awk -F': ' '{sub(/@.*/, "", $2); print $2}'); do
    if [ -d "/sys/class/net/$name/brport" ] && [ "$(basename "$(readlink "/sys/class/net/$name/master")")" = "$BRIDGE" ]; then ip link delete "$name" || true; fi
  done
}
holds_no_rule() { ! grep -qvE '^table |^\s*chain |^\s*type .* hook |^\s*}|^$|^}'; }

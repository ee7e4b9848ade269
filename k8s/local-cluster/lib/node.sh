# shellcheck shell=bash
# containerd, kubelet and what they need from the machine.

write_node_conf() {
  local snapshotter=overlayfs
  mkdir -p "$RUN/containerd" "$KUBELET_ROOT" "$STATE/containerd" "$STATE/pod-logs"
  # overlay on overlay does not mount (a CI job that runs in a container)
  [ "$(stat -f -c %T "$STATE")" = overlayfs ] && snapshotter=native
  put "$CONF/containerd.toml" <<EOF
version = 2
root = "$STATE/containerd"
state = "$RUN/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "$CONTAINERD_SOCK"
[plugins."io.containerd.internal.v1.opt"]
  path = "$STATE/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$IMAGE_PAUSE"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  max_concurrent_downloads = 3
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$CONF/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "$(command -v runc)"
        SystemdCgroup = false
        Root = "$RUN/runc"
EOF
  write_resolv_conf
  put "$CONF/kubelet.yaml" <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
healthzBindAddress: 127.0.0.1
readOnlyPort: 0
tlsCertFile: $PKI/kubelet-server.crt
tlsPrivateKeyFile: $PKI/kubelet-server.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $PKI/ca.crt}}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix://$CONTAINERD_SOCK
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
seccompDefault: true
makeIPTablesUtilChains: false
oomScoreAdj: 0
clusterDomain: cluster.local
clusterDNS: [$DNS_IP]
resolvConf: $CONF/resolv.conf
podLogsDir: $STATE/pod-logs
maxPods: 110
serializeImagePulls: false
nodeStatusUpdateFrequency: 5s
kubeAPIQPS: 300
kubeAPIBurst: 600
eventRecordQPS: 100
eventBurst: 200
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 200Mi, nodefs.available: 1Gi, nodefs.inodesFree: 1%, imagefs.available: 1Gi}
EOF
}

# Pods with dnsPolicy Default (CoreDNS) ask the machine's servers; a resolver on a loopback address is of no use inside a pod.
write_resolv_conf() {
  local from=/etc/resolv.conf servers
  if grep -qE '^nameserver +127\.' "$from" 2>/dev/null && [ -f /run/systemd/resolve/resolv.conf ]; then from=/run/systemd/resolve/resolv.conf; fi
  servers=$(grep -vE '^nameserver +(127\.|::1)' "$from" 2>/dev/null || true)
  grep -q '^nameserver' <<<"$servers" || servers+=$'\nnameserver 192.0.2.53' # CoreDNS wants one to start
  put "$CONF/resolv.conf" <<<"$servers"
}

# The repository's seccomp profiles, where the kubelet looks for type Localhost. Removed ones go too.
copy_seccomp() {
  local into=$KUBELET_ROOT/seccomp file
  mkdir -p "$into"
  for file in "$REPO"/seccomp/*.json; do
    if [ -f "$file" ]; then put "$into/$(basename "$file")" <"$file"; fi
  done
  for file in "$into"/*.json; do
    if [ ! -f "$REPO/seccomp/$(basename "$file")" ]; then rm -f "$file"; fi
  done
}

command_containerd() { COMMAND=("$(command -v containerd)" --config "$CONF/containerd.toml"); }
healthy_containerd() { ctr_k8s version; }
ctr_k8s() { ctr --address "$CONTAINERD_SOCK" --namespace k8s.io --timeout 5s "$@"; }

command_kubelet() {
  COMMAND=("$BIN/kubelet" --config "$CONF/kubelet.yaml" --kubeconfig "$CONF/kubelet.kubeconfig" --root-dir "$KUBELET_ROOT" --cert-dir "$PKI"
    --hostname-override "$NODE" --node-ip "$NODE_IP" --node-labels agentrun.io/node=real)
}
healthy_kubelet() { curl -sf -m 2 http://127.0.0.1:10248/healthz; }

# Ends every container: first what runs in it, then its shim. Both are known by the shim's own arguments (our containerd's socket), so nobody else's can be met.
end_containers() {
  local shim
  for shim in $(our_shims); do
    kill_tree "$shim"
  done
  wait_for 10 "the containers to end" no_shims || die "containers are left: $(our_shims | xargs)"
}
our_shims() {
  local entry
  for entry in /proc/[0-9]*; do
    if tr '\0' ' ' <"$entry/cmdline" 2>/dev/null | grep -q "containerd-shim.* -address $CONTAINERD_SOCK"; then echo "${entry#/proc/}"; fi
  done
  return 0
}
no_shims() { [ -z "$(our_shims)" ]; }
kill_tree() {
  local child
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do kill_tree "$child"; done
  kill -KILL "$1" 2>/dev/null || true
}

# Mounts under the state folder, deepest first. A mount made twice on one place needs two calls.
unmount_all() {
  local try mount
  for try in 1 2 3 4 5; do
    awk -v under="$STATE/" 'index($2, under)==1 {print $2}' /proc/self/mounts | tac | while read -r mount; do
      umount "$mount" 2>/dev/null || umount -l "$mount" 2>/dev/null || true
    done
    awk -v under="$STATE/" 'index($2, under)==1 {found=1} END {exit !found}' /proc/self/mounts || return 0
  done
  die "cannot unmount: $(awk -v under="$STATE/" 'index($2, under)==1 {print $2}' /proc/self/mounts | xargs)"
}

# The cgroups that kubelet and runc made. An older name of the machine's stays: rmdir refuses what is not empty.
remove_cgroups() {
  local root
  find /sys/fs/cgroup -maxdepth 3 -type d \( -name kubepods -o -name k8s.io \) 2>/dev/null | while read -r root; do
    if grep -qxF "$root" "$BEFORE/cgroups" 2>/dev/null; then continue; fi
    find "$root" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

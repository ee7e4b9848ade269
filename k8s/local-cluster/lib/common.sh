# shellcheck shell=bash
# Paths, addresses, messages, waiting and processes: what every script here stands on.
# Sourced, never run. Everything the cluster writes lies under $STATE or $CACHE.

PATH=$PATH:/usr/sbin:/sbin  # an ordinary user's PATH, kept by su and sudo, lacks them

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPO=$(cd "$HERE/../.." && pwd)
CACHE=${AGENTRUN_CACHE:-${HOME:-/root}/.cache/agentrun}
STATE=${AGENTRUN_CLUSTER:-/var/lib/agentrun-cluster}

NODE=node-1
LINK=agentrun0           # carries the node's address; its peer is ${LINK}p
BRIDGE=agentrun-br       # the pods' bridge
NODE_IP=10.213.0.1
POD_CIDR=10.214.0.0/24
POD_CIDRS=10.214.0.0/16
SERVICE_CIDR=10.215.0.0/16
API_SERVICE_IP=10.215.0.1
DNS_IP=10.215.0.10
FAKE_CIDR=10.216.0.0/16  # addresses of kwok's pods; nothing answers there

PKI=$STATE/pki
CONF=$STATE/conf
RUN=$STATE/run
LOGS=$STATE/log
KUBELET_ROOT=$STATE/kubelet
CONTAINERD_SOCK=$RUN/containerd/containerd.sock
KUBECONFIG_ADMIN=$STATE/kubeconfig
BEFORE=$CACHE/before

# The order in which components start; down and `status` use it too.
COMPONENTS=(etcd kube-apiserver kube-controller-manager kube-scheduler containerd kubelet kube-proxy kube-router)
ON_DEMAND=(kwok)

say() { printf '%s\n' "$*"; }
step() { printf '==> [%3ss] %s\n' "$SECONDS" "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

need_root() { [ "$(id -u)" = 0 ] || die "the local cluster needs root (it runs a container runtime); run this with sudo"; }

# One `up`, `down` or `component` at a time on a machine. Children must not inherit the descriptor: see spawn.
take_lock() {
  mkdir -p "$CACHE"
  exec 9>"$CACHE/cluster.lock"
  flock -n 9 && return
  say "waiting for another up, down or component command to end"
  flock -w 900 9 || die "another command still holds $CACHE/cluster.lock after 15 minutes"
}

# The binaries' folder: one for each set of pinned versions and flags.
BUILD_LDFLAGS="-s -w"
bin_key() { { cat "$HERE/go.mod" "$HERE/go.sum"; echo "$BUILD_LDFLAGS trimpath cgo0"; } | sha256sum | cut -c1-16; }
BIN=$CACHE/bin/$(bin_key)
kubectl() { "$BIN/kubectl" --kubeconfig "$KUBECONFIG_ADMIN" "$@"; }
# The version that go.mod pins for a module.
pinned() { awk -v m="$1" '$1==m && $2 ~ /^v/ {print $2; exit}' "$HERE/go.mod"; }

# put FILE: writes standard input, but only when it differs: kube-proxy ends and containerd reloads when their files are touched.
put() {
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}

# wait_for SECONDS WHAT COMMAND…: polls until COMMAND succeeds; says what it waits for once a second has gone by.
wait_for() {
  local limit=$1 what=$2 began=$SECONDS told=0; shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $((SECONDS - began)) -ge "$limit" ]; then return 1; fi
    if [ $told = 0 ] && [ $((SECONDS - began)) -ge 1 ]; then step "waiting for $what (at most ${limit}s)"; told=1; fi
    sleep 0.1
  done
}

# --- processes -------------------------------------------------------------------------------------------------------
# $RUN/NAME.pid holds "pid starttime": a reused pid is never taken for ours.
start_time() { local stat; stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1; stat=${stat##*) }; set -- $stat; echo "${20}"; }
pid_of() {
  local pid began
  read -r pid began 2>/dev/null <"$RUN/$1.pid" || return 1
  [ "$(start_time "$pid" || true)" = "$began" ] && [ "$(process_state "$pid")" != Z ] && echo "$pid"
}
process_state() { local stat; stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0; stat=${stat##*) }; echo "${stat%% *}"; }
is_running() { pid_of "$1" >/dev/null; }

# spawn NAME COMMAND…: in a session of its own, so that it outlives the script and its terminal.
spawn() {
  local name=$1 pid; shift
  setsid "$@" >>"$LOGS/$name.log" 2>&1 </dev/null 9>&- &
  pid=$!
  echo "$pid $(start_time "$pid")" >"$RUN/$name.pid"
}

# Ends a component: SIGTERM, then SIGKILL when it has not gone after $2 seconds (10). A stopped one is continued first.
end_process() {
  local name=$1 limit=${2:-10} pid
  if pid=$(pid_of "$name"); then
    kill -TERM "$pid" 2>/dev/null || true
    kill -CONT "$pid" 2>/dev/null || true
    wait_for "$limit" "$name to end" is_not_running "$name" || kill -KILL "$pid" 2>/dev/null || true
    wait_for 10 "$name to die" is_not_running "$name" || die "$name (pid $pid) does not die"
  fi
  rm -f "$RUN/$name.pid" "$RUN/$name.cmd"
}
is_not_running() { ! is_running "$1"; }

# fail_with_log NAME WHY: the last lines of a component's log are the best error message there is.
fail_with_log() {
  printf 'error: %s: %s. The end of %s:\n' "$1" "$2" "$LOGS/$1.log" >&2
  tail -n 15 "$LOGS/$1.log" >&2 || true
  exit 1
}

# shellcheck shell=bash
# What the cluster needs from the machine, and how the machine was before it: snapshot, comparison, and putting sysctls back.

# command → the Debian package that brings it
PACKAGES="containerd:containerd runc:runc /usr/lib/cni/bridge:containernetworking-plugins iptables:iptables ipset:ipset nft:nftables conntrack:conntrack socat:socat
ip:iproute2 catatonit:catatonit mmdebstrap:mmdebstrap curl:curl jq:jq openssl:openssl mount:mount flock:util-linux"

install_packages() {
  local entry missing=()
  for entry in $PACKAGES; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || die "these Debian packages are missing and there is no apt-get: ${missing[*]}"
  step "installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get install -y --no-install-recommends "${missing[@]}" || { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; }; } >"$CACHE/apt.log" 2>&1 </dev/null ||
    { tail -n 15 "$CACHE/apt.log" >&2; die "apt-get failed"; }
}

# What kubelet, CNI and this folder change.
SYSCTLS="net/ipv4/ip_forward net/bridge/bridge-nf-call-iptables vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes net/netfilter/nf_conntrack_max net/ipv4/conf/all/route_localnet"

# Files outside of the state folder that components make at fixed places.
STRAY="/var/lib/kubelet /var/lib/cni /var/log/containers /var/log/pods /run/containerd /opt/containerd /opt/cni /etc/cni /run/netns"

# snapshot FOLDER: one file for each thing that `up` touches, in a form that can be compared.
snapshot() {
  local into=$1 name
  mkdir -p "$into"
  ip -o addr show | sed -E 's/^[0-9]+: //; s/valid_lft.*//; s/@if[0-9]+//' | sort >"$into/addresses"
  ip -o link show | sed -E 's/^[0-9]+: //; s/qdisc.*//' | sort >"$into/links"
  { ip -4 route show table all; ip -6 route show table all; } | sed -E 's/ expires [^ ]+//' | sort >"$into/routes"
  ip rule show >"$into/rules"
  nft -s list ruleset >"$into/nft"
  { iptables-save; ip6tables-save; } 2>/dev/null | grep -v '^#' | sed -E 's/\[[0-9]+:[0-9]+\]//' >"$into/iptables" || true
  ipset list >"$into/ipset" 2>/dev/null || true
  sort /proc/self/mounts >"$into/mounts"
  find /sys/fs/cgroup -type d 2>/dev/null | sort >"$into/cgroups"
  find $STRAY 2>/dev/null | sort >"$into/files" || true
  for name in $SYSCTLS; do if [ -r "/proc/sys/$name" ]; then echo "$name $(cat "/proc/sys/$name")"; fi; done >"$into/sysctls"
  cat /etc/hosts >"$into/hosts"
  cluster_processes >"$into/processes"
}

# Processes of this state folder, and whatever runs in a pod's cgroup. Nobody else's kubectl or kube-apiserver is meant.
cluster_processes() {
  local entry line
  for entry in /proc/[0-9]*; do
    line=$(tr '\0' ' ' <"$entry/cmdline" 2>/dev/null) || continue
    if [ -z "$line" ]; then continue; fi # a zombie or a kernel thread
    case $line in
    *"$BIN/"*"$STATE/"* | *containerd*" $STATE/"*) echo "${entry#/proc/} $line" ;;
    *) if grep -q /kubepods/ "$entry/cgroup" 2>/dev/null; then echo "${entry#/proc/} $line"; fi ;;
    esac
  done
}

restore_sysctls() {
  local name value
  while read -r name value; do
    if [ "$(cat "/proc/sys/$name" 2>/dev/null)" != "$value" ]; then echo "$value" >"/proc/sys/$name" || true; fi
  done <"$BEFORE/sysctls"
}

remove_stray_files() {
  local path
  rm -f /var/log/containers/*_*_*-*.log
  # deepest first, and only what was not there before; sockets and results of components that have ended
  for path in $(find $STRAY -depth 2>/dev/null); do
    if grep -qxF "$path" "$BEFORE/files"; then continue; fi
    if [ -d "$path" ] && [ ! -L "$path" ]; then rmdir "$path" 2>/dev/null || true; else rm -f "$path"; fi
  done
}

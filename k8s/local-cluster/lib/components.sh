# shellcheck shell=bash
# Starting, awaiting and stopping one component. Each has command_NAME (fills COMMAND) and healthy_NAME beside its settings.

known_component() { case " ${COMPONENTS[*]} ${ON_DEMAND[*]} " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

# The command and the content of the settings that it names: when either changes, the component is started anew.
fingerprint() {
  local word
  for word in "$@"; do
    echo "$word"
    case $word in "$CONF"/*) sha256sum <"$word" ;; esac
  done
}

# Started when it does not run, restarted when its command or settings have changed, continued when it was paused.
ensure() {
  local name=$1 pid print COMMAND
  "command_$name"
  print=$(fingerprint "${COMMAND[@]}")
  if pid=$(pid_of "$name"); then
    if [ "$(process_state "$pid")" = T ]; then step "continuing $name"; kill -CONT "$pid"; fi
    if [ "$print" = "$(cat "$RUN/$name.cmd" 2>/dev/null)" ]; then return; fi
    step "restarting $name: its command or settings have changed"
    stop_component "$name"
  else
    step "starting $name"
  fi
  mkdir -p "$RUN" "$LOGS"
  spawn "$name" "${COMMAND[@]}"
  echo "$print" >"$RUN/$name.cmd"
}

# Waits until it is healthy; a component that has ended is reported at once, with the end of its log.
await() {
  local name=$1
  wait_for "${2:-60}" "$name to be healthy" healthy_or_gone "$name" || fail_with_log "$name" "not healthy after ${2:-60} s"
  is_running "$name" || fail_with_log "$name" "ended right after its start"
}
healthy_or_gone() { is_not_running "$1" || "healthy_$1"; }

stop_component() {
  local limit=10
  # it would wait for its watchers, which have no reason to go
  if [ "$1" = kube-apiserver ]; then limit=2; fi
  end_process "$1" "$limit"
  if [ "$1" = kube-router ]; then remove_netpol_rules; fi
}

# healthy, paused, not healthy, or stopped
component_state() {
  local pid
  if ! pid=$(pid_of "$1"); then echo stopped
  elif [ "$(process_state "$pid")" = T ]; then echo paused
  elif "healthy_$1" >/dev/null 2>&1; then echo healthy
  else echo "not healthy"; fi
}

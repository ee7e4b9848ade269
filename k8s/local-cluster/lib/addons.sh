# shellcheck shell=bash
# CoreDNS, metrics-server, the rights of kube-router and kwok; kwok itself.

apply_addons() {
  sed -e "s|@COREDNS@|$IMAGE_COREDNS|; s|@METRICS_SERVER@|$IMAGE_METRICS_SERVER|; s|@DNS_IP@|$DNS_IP|" "$HERE"/manifests/{rbac,coredns,metrics-server}.yaml |
    kubectl apply --server-side --force-conflicts --field-manager=agentrun-local-cluster -f - >"$LOGS/addons.log" 2>&1
}

addons_ready() {
  [ "$(kubectl -n kube-system get deployment coredns metrics-server -o 'jsonpath={.items[*].status.readyReplicas}' 2>/dev/null)" = "1 1" ]
}
metrics_available() { [ "$(kubectl get apiservice v1beta1.metrics.k8s.io -o 'jsonpath={.status.conditions[?(@.type=="Available")].status}' 2>/dev/null)" = True ]; }
node_ready() { [ "$(kubectl get node "$NODE" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]; }

# kwok: fake capacity for bursts, for nodes labelled type=kwok only. Its client has no rate limit of its own.
command_kwok() {
  COMMAND=("$BIN/kwok" --kubeconfig "$CONF/kwok.kubeconfig" --config "$CONF/kwok.yaml" --manage-all-nodes=false --manage-nodes-with-label-selector type=kwok
    --cidr "$FAKE_CIDR" --node-ip 10.213.0.2 --node-lease-duration-seconds 40 --server-address 127.0.0.1:10247)
}
healthy_kwok() { curl -sf -m 2 http://127.0.0.1:10247/healthz; }

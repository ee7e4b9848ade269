# shellcheck shell=bash
# etcd, kube-apiserver, kube-controller-manager, kube-scheduler. Each command_NAME fills COMMAND.

write_control_plane_conf() {
  put "$CONF/audit-policy.yaml" <"$HERE/manifests/audit-policy.yaml"
  put "$CONF/scheduler.yaml" <<EOF
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection: {leaderElect: false}
clientConnection: {kubeconfig: $CONF/scheduler.kubeconfig, qps: 300, burst: 600}
EOF
}

command_etcd() {
  COMMAND=("$BIN/etcd" --name "$NODE" --data-dir "$STATE/etcd" --unsafe-no-fsync
    --listen-client-urls https://127.0.0.1:2379 --advertise-client-urls https://127.0.0.1:2379
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380
    --initial-cluster "$NODE=http://127.0.0.1:2380"
    --client-cert-auth --trusted-ca-file "$PKI/etcd-ca.crt" --cert-file "$PKI/etcd.crt" --key-file "$PKI/etcd.key"
    --quota-backend-bytes 4294967296 --auto-compaction-retention 5m --log-level warn)
}
healthy_etcd() { curl -sf -m 2 --cacert "$PKI/etcd-ca.crt" --cert "$PKI/apiserver-etcd.crt" --key "$PKI/apiserver-etcd.key" https://127.0.0.1:2379/health; }

command_kube-apiserver() {
  COMMAND=("$BIN/kube-apiserver" --bind-address "$NODE_IP" --advertise-address "$NODE_IP" --secure-port 6443
    --etcd-servers https://127.0.0.1:2379 --etcd-cafile "$PKI/etcd-ca.crt"
    --etcd-certfile "$PKI/apiserver-etcd.crt" --etcd-keyfile "$PKI/apiserver-etcd.key"
    --client-ca-file "$PKI/ca.crt" --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key"
    --service-cluster-ip-range "$SERVICE_CIDR" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction
    --allow-privileged=true
    --service-account-issuer https://kubernetes.default.svc.cluster.local
    --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key"
    --kubelet-client-certificate "$PKI/apiserver-kubelet.crt" --kubelet-client-key "$PKI/apiserver-kubelet.key"
    --kubelet-certificate-authority "$PKI/ca.crt" --kubelet-preferred-address-types InternalIP
    --requestheader-client-ca-file "$PKI/front-proxy-ca.crt" --requestheader-allowed-names front-proxy-client
    --requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group --requestheader-username-headers X-Remote-User
    --proxy-client-cert-file "$PKI/front-proxy.crt" --proxy-client-key-file "$PKI/front-proxy.key" --enable-aggregator-routing=true
    --audit-policy-file "$CONF/audit-policy.yaml" --audit-log-path "$STATE/audit/audit.log" --audit-log-format json
    --audit-log-mode blocking --audit-log-maxsize 500 --audit-log-maxbackup 3)
}
healthy_kube-apiserver() { kubectl --request-timeout 3s get --raw /readyz; }

command_kube-controller-manager() {
  COMMAND=("$BIN/kube-controller-manager" --bind-address 127.0.0.1 --leader-elect=false
    --kubeconfig "$CONF/controller-manager.kubeconfig" --authentication-kubeconfig "$CONF/controller-manager.kubeconfig" --authorization-kubeconfig "$CONF/controller-manager.kubeconfig"
    --use-service-account-credentials=true --service-account-private-key-file "$PKI/sa.key" --root-ca-file "$PKI/ca.crt"
    --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key"
    --kube-api-qps 300 --kube-api-burst 600 --concurrent-deployment-syncs 20 --concurrent-replicaset-syncs 20 --concurrent-gc-syncs 40 --concurrent-namespace-syncs 20
    --horizontal-pod-autoscaler-sync-period 5s --horizontal-pod-autoscaler-initial-readiness-delay 10s --horizontal-pod-autoscaler-cpu-initialization-period 30s)
}
healthy_kube-controller-manager() { curl -skf -m 2 https://127.0.0.1:10257/healthz; }

command_kube-scheduler() {
  COMMAND=("$BIN/kube-scheduler" --bind-address 127.0.0.1 --config "$CONF/scheduler.yaml"
    --authentication-kubeconfig "$CONF/scheduler.kubeconfig" --authorization-kubeconfig "$CONF/scheduler.kubeconfig")
}
healthy_kube-scheduler() { curl -skf -m 2 https://127.0.0.1:10259/healthz; }

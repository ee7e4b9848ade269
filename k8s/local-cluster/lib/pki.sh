# shellcheck shell=bash
# Certificates and kubeconfigs: three authorities (cluster, etcd, front proxy), EC P-256 but for the administrator's, made once for each state folder.

make_pki() {
  [ -f "$PKI/done" ] && return
  step "making certificates"
  mkdir -p "$PKI"; chmod 700 "$PKI"
  authority ca "CN=agentrun-local"
  authority etcd-ca "CN=agentrun-local-etcd"
  authority front-proxy-ca "CN=agentrun-local-front-proxy"
  openssl ecparam -name prime256v1 -genkey -noout -out "$PKI/sa.key"
  openssl ec -in "$PKI/sa.key" -pubout -out "$PKI/sa.pub" 2>/dev/null

  certificate ca apiserver "CN=kube-apiserver" "IP:$NODE_IP,IP:$API_SERVICE_IP,IP:127.0.0.1,DNS:localhost,DNS:$NODE,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
  certificate ca kubelet-server "O=system:nodes/CN=system:node:$NODE" "IP:$NODE_IP,DNS:$NODE"
  certificate ca apiserver-kubelet "O=system:masters/CN=kube-apiserver-kubelet-client"
  # The one key that is handed out is RSA: Java's Kubernetes clients take an elliptic one only with a further library.
  NEW_KEY="rsa:2048" certificate ca admin "O=system:masters/CN=kubernetes-admin"
  certificate ca controller-manager "CN=system:kube-controller-manager"
  certificate ca scheduler "CN=system:kube-scheduler"
  certificate ca kubelet "O=system:nodes/CN=system:node:$NODE"
  certificate ca kube-proxy "CN=system:kube-proxy"
  certificate ca kube-router "CN=agentrun:kube-router"
  certificate ca kwok "CN=agentrun:kwok"
  certificate etcd-ca etcd "CN=etcd" "IP:127.0.0.1"
  certificate etcd-ca apiserver-etcd "CN=kube-apiserver"
  certificate front-proxy-ca front-proxy "CN=front-proxy-client"

  local name
  for name in controller-manager scheduler kubelet kube-proxy kube-router kwok; do kubeconfig "$name" "$CONF/$name.kubeconfig"; done
  kubeconfig admin "$KUBECONFIG_ADMIN"
  touch "$PKI/done"
}

# authority FILE SUBJECT
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/$2" \
    -keyout "$PKI/$1.key" -out "$PKI/$1.crt" -addext "keyUsage=critical,keyCertSign,cRLSign,digitalSignature" 2>/dev/null
}

# certificate AUTHORITY FILE SUBJECT [NAMES]: a server's too when NAMES are given.
certificate() {
  local ca=$1 file=$2 subject=$3 names=${4:-}
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1)
  [ -z "${NEW_KEY:-}" ] || key=(-newkey "$NEW_KEY")
  openssl req "${key[@]}" -nodes -subj "/$subject" -keyout "$PKI/$file.key" -out "$PKI/$file.csr" 2>/dev/null
  openssl x509 -req -in "$PKI/$file.csr" -CA "$PKI/$ca.crt" -CAkey "$PKI/$ca.key" -set_serial "0x$(openssl rand -hex 8)" -days 3650 \
    -out "$PKI/$file.crt" -extfile <(
      echo "keyUsage=critical,digitalSignature"
      echo "extendedKeyUsage=clientAuth${names:+,serverAuth}"
      if [ -n "$names" ]; then echo "subjectAltName=$names"; fi
    ) 2>/dev/null
  rm "$PKI/$file.csr"
}

# kubeconfig IDENTITY FILE: everything embedded, so that the file can be copied.
kubeconfig() {
  (
    umask 077
    cat >"$2" <<EOF
apiVersion: v1
kind: Config
current-context: agentrun-local
contexts: [{name: agentrun-local, context: {cluster: agentrun-local, user: $1}}]
clusters:
- name: agentrun-local
  cluster:
    server: https://$NODE_IP:6443
    certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64 -w0 "$PKI/$1.crt")
    client-key-data: $(base64 -w0 "$PKI/$1.key")
EOF
  )
}

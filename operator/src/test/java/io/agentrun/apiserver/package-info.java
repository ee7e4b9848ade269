/**
 * Tests against a real kube-apiserver and etcd, without nodes and controllers. Tag {@code apiserver}; they need
 * {@code KUBE_API_TEST_DIR}, a folder with {@code k8s/<version>-linux-amd64/{etcd,kube-apiserver,kubectl}}.
 */
package io.agentrun.apiserver;

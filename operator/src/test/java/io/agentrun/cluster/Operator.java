package io.agentrun.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Collectors;

/** The operator's own pods and their Lease. */
final class Operator {
    private Operator() {}

    static List<Pod> pods(Cluster cluster) {
        return cluster
                .client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withLabel("app.kubernetes.io/name", "agentrun-operator")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    static Lease lease(Cluster cluster) {
        return cluster.client()
                .leases()
                .inNamespace(Cluster.SYSTEM)
                .withName("agentrun-operator")
                .get();
    }

    /** Name of the pod that leads; empty while nobody does. The identity is the pod's name and a random part. */
    static String leader(Cluster cluster) {
        var holder = lease(cluster).getSpec().getHolderIdentity();
        return holder == null || holder.isEmpty() ? "" : holder.substring(0, holder.lastIndexOf('-'));
    }

    static ZonedDateTime acquired(Cluster cluster) {
        return lease(cluster).getSpec().getAcquireTime();
    }

    /** Replaces every pod, and waits until new ones are ready and one of them leads. */
    static void restart(Cluster cluster) {
        var old = names(cluster);
        cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withLabel("app.kubernetes.io/name", "agentrun-operator")
                .delete();
        awaitLeaderOtherThan(cluster, old);
        awaitReady(cluster);
    }

    static List<String> names(Cluster cluster) {
        return pods(cluster).stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toList());
    }

    static void awaitReady(Cluster cluster) {
        Cluster.await("every operator pod to be ready").until(() -> {
            var pods = pods(cluster);
            var wanted = cluster.client()
                    .apps()
                    .deployments()
                    .inNamespace(Cluster.SYSTEM)
                    .withName("agentrun-operator")
                    .get()
                    .getSpec()
                    .getReplicas();
            return pods.size() == wanted
                    && pods.stream()
                            .allMatch(pod -> pod.getStatus().getConditions().stream()
                                    .anyMatch(c -> c.getType().equals("Ready")
                                            && c.getStatus().equals("True")));
        });
    }

    static String awaitLeaderOtherThan(Cluster cluster, List<String> old) {
        return Cluster.await("a new leader")
                .until(() -> leader(cluster), leader -> !leader.isEmpty() && !old.contains(leader));
    }
}

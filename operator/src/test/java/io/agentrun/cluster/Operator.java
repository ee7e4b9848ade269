package io.agentrun.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Who leads; empty while nobody does. */
    static String holder(Cluster cluster) {
        var holder = lease(cluster).getSpec().getHolderIdentity();
        return holder == null ? "" : holder;
    }

    /** Name of the pod that leads: the identity is that and a random part, new with each start. */
    static String leader(Cluster cluster) {
        var holder = holder(cluster);
        return holder.isEmpty() ? "" : holder.substring(0, holder.lastIndexOf('-'));
    }

    /** Kills the pod's process without a word, as a crash would; only on the local cluster, whose node is this machine. */
    static void crash(Pod pod) {
        var uid = pod.getMetadata().getUid();
        ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .filter(process -> cgroups(process).contains(uid))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no process of " + pod.getMetadata().getName()))
                .destroyForcibly();
    }

    private static String cgroups(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup"));
        } catch (IOException e) {
            // Gone meanwhile.
            return "";
        }
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

    /** Waits for somebody new, maybe the same pod started again. */
    static String awaitHolderOtherThan(Cluster cluster, String old) {
        return Cluster.await("a new holder")
                .until(() -> holder(cluster), holder -> !holder.isEmpty() && !holder.equals(old));
    }
}

package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.ResourceLock;

/** No agent code runs before the packet filter does, and none at all without one. */
@Tag("cluster")
@ResourceLock("engine")
class GateTest {
    private static final int STARTS = 50;
    private static final int AT_ONCE = 10;
    private static Cluster cluster;

    /** Only the local cluster's engine is ours to stop. */
    static boolean local() {
        return System.getenv("CONTEXT") == null;
    }

    @BeforeAll
    static void start() {
        cluster = new Cluster("gate");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    /** Connects from its first millisecond to each of these, for two seconds, and then says what came of it. */
    private static String eager(Map<String, String> targets) {
        var script = new StringBuilder();
        targets.forEach((name, address) -> script.append("(n=0; t=0; end=$(($(date +%s)+2));"
                + " while [ $(date +%s) -lt $end ]; do n=$((n+1)); nc -w 1 "
                + address + " </dev/null >/dev/null 2>&1 && t=$((t+1)); done; [ $n -gt 0 ] && echo " + name
                + " through=$t) & "));
        return script + "wait; echo done; trap exit TERM; while :; do sleep 1 & wait; done";
    }

    @Test
    void inFiftyStartsNothingGetsThrough() {
        // Lets the whole namespace in, so that only the eager ones' own egress keeps them out.
        cluster.apply("neighbour", "{ingress: {from: [{namespace: " + cluster.namespace() + "}]}}");
        cluster.awaitReady("neighbour");
        var targets = new TreeMap<>(Map.of(
                "sentinel", address(Cluster.SYSTEM, "agentrun-gateway") + " 3129",
                "api", address("default", "kubernetes") + " 443",
                "neighbour", cluster.pod("neighbour").getStatus().getPodIP() + " 8080"));
        cluster.apply(
                "eager",
                "{replicas: " + AT_ONCE + ", image: " + Cluster.TOOLS
                        + ", imagePullPolicy: Never, endpoint: {protocol: None}, lifecycle: {shutdownTimeout: 1s},"
                        + " resources: {requests: {cpu: 5m, memory: 16Mi}}, command: [sh, -c, \"" + eager(targets)
                        + "\"]}");
        Map<String, String> reports = new HashMap<>();
        Cluster.await(STARTS + " starts")
                .atMost(java.time.Duration.ofMinutes(6))
                .pollInterval(java.time.Duration.ofSeconds(1))
                .until(() -> {
                    for (var pod : cluster.pods("eager")) {
                        var name = pod.getMetadata().getName();
                        var log = log(name);
                        if (log.contains("done") && reports.putIfAbsent(name, log) == null) {
                            cluster.client().resource(pod).withGracePeriod(0).delete();
                        }
                    }
                    return reports.size() >= STARTS;
                });
        assertThat(reports.values())
                .allSatisfy(log -> assertThat(log.lines().sorted())
                        .containsExactly("api through=0", "done", "neighbour through=0", "sentinel through=0"));
    }

    private static String address(String namespace, String service) {
        return cluster.client()
                .services()
                .inNamespace(namespace)
                .withName(service)
                .get()
                .getSpec()
                .getClusterIP();
    }

    private static String log(String pod) {
        try {
            return cluster.client()
                    .pods()
                    .inNamespace(cluster.namespace())
                    .withName(pod)
                    .inContainer("agent")
                    .getLog();
        } catch (RuntimeException e) {
            // Its container has not started.
            return "";
        }
    }

    @Test
    @EnabledIf("local")
    void withoutAnEngineNoAgentStartsAndTheConditionSaysWhy() {
        Cluster.local("component", "stop", "kube-router");
        try {
            cluster.apply("bare", "{}");
            var isolated = cluster.awaitCondition("bare", "NetworkIsolated", "False", "NotEnforced");
            assertThat(isolated.message()).contains("isolation gate of pod agent-bare-", "NetworkPolicy engine");
            cluster.awaitCondition("bare", "Ready", "False", "NotEnforced");
            assertThat(cluster.pod("bare")
                            .getStatus()
                            .getContainerStatuses()
                            .getFirst()
                            .getState()
                            .getRunning())
                    .isNull();
        } finally {
            Cluster.local("component", "start", "kube-router");
        }
        cluster.awaitReady("bare");
        cluster.awaitCondition("bare", "NetworkIsolated", "True", "Enforced");
    }
}

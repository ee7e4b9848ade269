package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** No agent code runs before the packet filter does, and none at all without one. */
@Tag("cluster")
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

    /** Connects from its first millisecond to what is forbidden, again and again, and then says what came of it. */
    private static String eager() {
        var sentinel = cluster.client()
                        .services()
                        .inNamespace(Cluster.SYSTEM)
                        .withName("agentrun-gateway")
                        .get()
                        .getSpec()
                        .getClusterIP()
                + " 3129";
        var apiServer = cluster.client()
                        .services()
                        .inNamespace("default")
                        .withName("kubernetes")
                        .get()
                        .getSpec()
                        .getClusterIP()
                + " 443";
        return "through=0; i=0; while [ $i -lt 5 ]; do for to in '" + sentinel + "' '" + apiServer
                + "'; do nc -w 1 $to </dev/null >/dev/null 2>&1 && through=$((through+1)); done; i=$((i+1)); done;"
                + " echo tried=$i through=$through; trap exit TERM; while :; do sleep 1 & wait; done";
    }

    @Test
    void inFiftyStartsNothingGetsThrough() {
        cluster.apply(
                "eager",
                "{replicas: " + AT_ONCE + ", image: " + Cluster.TOOLS
                        + ", imagePullPolicy: Never, endpoint: {protocol: None}, lifecycle: {shutdownTimeout: 1s},"
                        + " resources: {requests: {cpu: 5m, memory: 16Mi}}, command: [sh, -c, \"" + eager() + "\"]}");
        Map<String, String> reports = new HashMap<>();
        Cluster.await(STARTS + " starts")
                .atMost(java.time.Duration.ofMinutes(6))
                .pollInterval(java.time.Duration.ofSeconds(1))
                .until(() -> {
                    for (var pod : cluster.pods("eager")) {
                        var name = pod.getMetadata().getName();
                        var log = log(name);
                        if (log.contains("tried=") && reports.putIfAbsent(name, log) == null) {
                            cluster.client().resource(pod).withGracePeriod(0).delete();
                        }
                    }
                    return reports.size() >= STARTS;
                });
        assertThat(reports.values()).allSatisfy(log -> assertThat(log).contains("tried=5 through=0"));
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

package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The API server goes away and comes back. A leader that can't renew its Lease ends itself after ten seconds and is started
 * again by the kubelet; what was wished meanwhile is done, and nothing is asked for in a storm. Run by {@code make verify},
 * since it takes the whole cluster's API server away.
 */
@Tag("outage")
@EnabledIf("local")
class OutageTest {
    /** AGENTRUN_OUTAGE_SECONDS; a minute for {@code make verify}. */
    private static final Duration OUTAGE =
            Duration.ofSeconds(Long.parseLong(System.getenv().getOrDefault("AGENTRUN_OUTAGE_SECONDS", "20")));

    private static Cluster cluster;

    /** Only the local cluster's API server is ours to stop. */
    static boolean local() {
        return System.getenv("CONTEXT") == null;
    }

    @BeforeAll
    static void start() {
        cluster = new Cluster("outage");
        cluster.apply("out", "{}");
        cluster.awaitReady("out");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void theApiServerIsGoneForAWhile() {
        var log = AuditLog.fromNow(cluster);
        Cluster.local("component", "stop", "kube-apiserver");
        try {
            Awaitility.await("the outage")
                    .pollDelay(OUTAGE)
                    .atMost(OUTAGE.plusMinutes(1))
                    .until(() -> true);
        } finally {
            Cluster.local("component", "start", "kube-apiserver");
        }
        Cluster.await("the API server").until(() -> cluster.agent("out") != null);
        cluster.patch("out", "{\"replicas\":2}");
        cluster.awaitReady("out");
        assertThat(cluster.agent("out").getStatus().replicas()).isEqualTo(2);
        var requests = log.byOperator(cluster);
        assertThat(requests.stream().filter(r -> r.write() && !r.lease()).count())
                .as("writes for one edit, their statuses and events: %s", requests)
                .isLessThan(40);
        // Two processes, some fifteen informers each: a list and a watch, and as much again while the API server
        // starts.
        assertThat(requests.stream().filter(r -> !r.lease()).count()).isLessThan(300);
    }
}

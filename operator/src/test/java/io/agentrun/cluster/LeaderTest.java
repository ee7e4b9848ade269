package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** One of two replicas leads, and the other takes over: after a crash, and after a clean end. */
@Tag("cluster")
class LeaderTest {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = new Cluster("leader");
        Operator.awaitReady(cluster);
        cluster.apply("led", "{}");
        cluster.awaitReady("led");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void theStandbyIsReadyAndNotTheLeader() {
        Operator.awaitReady(cluster);
        assertThat(Operator.pods(cluster)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(Operator.names(cluster)).contains(Operator.leader(cluster));
    }

    /** Only the local cluster's node is this machine. */
    static boolean local() {
        return System.getenv("CONTEXT") == null;
    }

    @Test
    @EnabledIf("local")
    void afterACrashWhatWasPendingIsFinished() {
        takeOver(2, Operator::crash);
    }

    @Test
    void aCleanEndGivesTheLeaseBack() {
        var log = AuditLog.fromNow(cluster);
        var old = takeOver(3, pod -> cluster.client().resource(pod).delete());
        var last = log.byOperator(cluster).stream()
                .filter(request -> request.lease() && request.pod().equals(old))
                .toList()
                .getLast();
        assertThat(last.verb()).as("the last act of %s", old).isEqualTo("update");
        assertThat(last.code()).isEqualTo(200);
    }

    /** Ends the leader with an edit pending, and returns its name. */
    private static String takeOver(int replicas, Consumer<Pod> end) {
        Operator.awaitReady(cluster);
        var holder = Operator.holder(cluster);
        var old = Operator.leader(cluster);
        var log = AuditLog.fromNow(cluster);
        var began = Instant.now();
        end.accept(cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withName(old)
                .get());
        cluster.patch("led", "{\"replicas\":" + replicas + "}");
        Operator.awaitHolderOtherThan(cluster, holder);
        cluster.awaitReady("led");
        assertThat(cluster.agent("led").getStatus().replicas()).isEqualTo(replicas);
        var leader = Operator.leader(cluster);
        var acquired = Operator.acquired(cluster).toInstant();
        var writes = log.byOperator(cluster).stream()
                .filter(request -> request.write() && !request.lease())
                .toList();
        // A container that was started again is the same pod and somebody else.
        if (!leader.equals(old)) {
            assertThat(writes.stream()
                            .filter(request ->
                                    request.pod().equals(old) && request.at().isAfter(acquired)))
                    .as("writes of %s after %s took over at %s", old, leader, acquired)
                    .isEmpty();
        }
        writes.stream()
                .filter(request -> request.at().isAfter(acquired))
                .findFirst()
                .ifPresent(first -> System.out.printf(
                        "take-over: first write of the new leader %d ms after the old one was ended%n",
                        Duration.between(began, first.at()).toMillis()));
        return old;
    }
}

package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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

    @Test
    void afterACrashTheOtherFinishesWhatWasPendingAndTheOldOneWritesNothingMore() {
        takeOver("2", "--grace-period=0", "--force");
    }

    @Test
    void aCleanEndGivesTheLeaseBack() {
        var log = AuditLog.fromNow(cluster);
        var old = takeOver("3");
        var last = log.byOperator(cluster).stream()
                .filter(request -> request.lease() && request.pod().equals(old))
                .toList()
                .getLast();
        assertThat(last.verb()).as("the last act of %s", old).isEqualTo("update");
        assertThat(last.code()).isEqualTo(200);
    }

    /** Ends the leader with an edit pending, and returns its name. */
    private static String takeOver(String replicas, String... how) {
        Operator.awaitReady(cluster);
        var old = Operator.leader(cluster);
        var log = AuditLog.fromNow(cluster);
        var began = Instant.now();
        cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withName(old)
                .withGracePeriod(List.of(how).contains("--force") ? 0 : 10)
                .delete();
        cluster.patch("led", "{\"replicas\":" + replicas + "}");
        var leader = Operator.awaitLeaderOtherThan(cluster, List.of(old));
        cluster.awaitReady("led");
        assertThat(cluster.agent("led").getStatus().replicas()).isEqualTo(Integer.valueOf(replicas));
        var acquired = Operator.acquired(cluster).toInstant();
        var requests = log.byOperator(cluster);
        assertThat(requests.stream()
                        .filter(AuditLog.Request::write)
                        .filter(request ->
                                request.pod().equals(old) && request.at().isAfter(acquired)))
                .as("writes of %s after %s took over at %s", old, leader, acquired)
                .isEmpty();
        requests.stream()
                .filter(request ->
                        request.write() && !request.lease() && request.pod().equals(leader))
                .findFirst()
                .ifPresent(first -> System.out.printf(
                        "take-over: first write of the new leader %d ms after the old one was deleted%n",
                        Duration.between(began, first.at()).toMillis()));
        return old;
    }
}

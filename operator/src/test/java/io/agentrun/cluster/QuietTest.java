package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * At rest the operator asks for nothing and writes nothing, the Lease apart: counted from the API server's audit log, over 100
 * Ready agents. AGENTRUN_QUIET_SECONDS sets the window (60 here, 600 for {@code make verify}).
 */
@Tag("cluster")
class QuietTest {
    private static final int AGENTS = 100;
    private static final Duration WINDOW =
            Duration.ofSeconds(Long.parseLong(System.getenv().getOrDefault("AGENTRUN_QUIET_SECONDS", "60")));
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = new Cluster("quiet");
        Fleet.nodes(2);
        Fleet.inParallel(AGENTS, i -> cluster.apply("quiet-" + i, Fleet.ON_FAKE_NODES));
        Cluster.await("all to be Ready")
                .atMost(Duration.ofMinutes(5))
                .until(() -> Fleet.ready(cluster.client(), cluster.namespace()) == AGENTS);
        awaitSilence();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    /** Ready is written before the last events of the pods have gone by. */
    private static void awaitSilence() {
        Cluster.await("ten seconds without a write")
                .atMost(Duration.ofMinutes(3))
                .until(() -> {
                    var log = AuditLog.fromNow(cluster);
                    pass(Duration.ofSeconds(10));
                    return ours(log).stream().noneMatch(AuditLog.Request::write);
                });
    }

    /** The one thing that can only be shown by waiting: that nothing happens. */
    private static void pass(Duration window) {
        Awaitility.await("the window")
                .pollDelay(window)
                .atMost(window.plusMinutes(1))
                .until(() -> true);
    }

    /** The operator's requests that concern this namespace or all of them, the Lease apart. */
    private static List<AuditLog.Request> ours(AuditLog log) {
        return log.byOperator(cluster).stream()
                .filter(request -> !request.lease())
                .filter(request ->
                        request.namespace().isEmpty() || request.namespace().equals(cluster.namespace()))
                .toList();
    }

    private static List<AuditLog.Request> busy(AuditLog log) {
        return ours(log).stream().filter(r -> r.write() || r.read()).toList();
    }

    @Test
    void atRestNothingIsAskedAndNothingWritten() {
        var log = AuditLog.fromNow(cluster);
        pass(WINDOW);
        assertThat(busy(log)).isEmpty();
    }

    @Test
    void aReconciliationOfEveryAgentWritesNothing() {
        var log = AuditLog.fromNow(cluster);
        Fleet.inParallel(
                AGENTS, i -> cluster.kubectl("annotate", "agent", "quiet-" + i, "example.com/touched=" + log.mark()));
        pass(Duration.ofSeconds(10));
        assertThat(busy(log)).isEmpty();
    }

    @Test
    void aRestartListsEachKindOnceAndWritesNothing() {
        var log = AuditLog.fromNow(cluster);
        Operator.restart(cluster);
        pass(Duration.ofSeconds(10));
        var requests = ours(log);
        assertThat(requests.stream().filter(r -> r.write() && r.namespace().equals(cluster.namespace())))
                .isEmpty();
        // Pages count once: a list of many objects comes in several answers to one question of one process.
        var lists = requests.stream()
                .filter(AuditLog.Request::read)
                .collect(Collectors.groupingBy(r -> r.pod() + " " + r, Collectors.counting()));
        assertThat(requests.stream().filter(r -> r.verb().equals("get"))).isEmpty();
        assertThat(lists)
                .isNotEmpty()
                .allSatisfy((what, count) -> assertThat(count)
                        // Services are listed by two informers (all of them, and the gateway's), Events by two reasons.
                        .as(what)
                        .isLessThanOrEqualTo(what.contains("events") || what.contains("services") ? 2 : 1));
    }
}

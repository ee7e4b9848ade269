package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentrun.agent.SchemaLeaves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two reconciliations, one write. An Agent for every value of every field: what the renderers write is what the API server
 * keeps, each default included, so that a second look finds nothing to do.
 */
@Tag("cluster")
class IdempotenceTest {
    private static Cluster cluster;
    private static final List<String> NAMES = new ArrayList<>();

    @BeforeAll
    static void start() {
        cluster = new Cluster("idempotence");
        for (var change : SchemaLeaves.of(Cluster.repository("crds/agents.agentrun.io-v1.yml"))) {
            var agent = change.after().deepCopy();
            var name = "leaf-" + NAMES.size();
            ((ObjectNode) agent.get("metadata")).put("name", name).put("namespace", cluster.namespace());
            NAMES.add(name);
            if (!change.path().startsWith("spec.scheduling")) {
                // The pods are not what is looked at: they wait for a node that does not exist.
                ((ObjectNode) agent.get("spec"))
                        .putObject("scheduling")
                        .putObject("nodeSelector")
                        .put("no", "where");
            }
            cluster.client().resource(agent.toString()).create();
        }
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void aSecondLookWritesNothing() {
        Cluster.await("every agent to be looked at")
                .atMost(Duration.ofMinutes(3))
                .until(() -> Fleet.agents(cluster.client(), cluster.namespace()).stream()
                        .allMatch(agent ->
                                agent.getStatus() != null && agent.getStatus().observedGeneration() != null));
        assertThat(Fleet.agents(cluster.client(), cluster.namespace()).stream()
                        .filter(agent -> agent.getStatus().conditions().stream()
                                .anyMatch(c -> c.reason().equals("InvalidSpec")
                                        || c.reason().equals("WriteRefused")))
                        .map(agent -> agent.getMetadata().getName()
                                + agent.getStatus().conditions()))
                .isEmpty();
        Cluster.await("silence")
                .atMost(Duration.ofMinutes(3))
                .until(() -> writes(Duration.ofSeconds(8)).isEmpty());
        assertThat(writes(
                        Duration.ofSeconds(10),
                        () -> Fleet.inParallel(
                                NAMES.size(),
                                i -> cluster.kubectl("annotate", "agent", NAMES.get(i), "example.com/touched=now"))))
                .isEmpty();
    }

    private static List<AuditLog.Request> writes(Duration window) {
        return writes(window, () -> {});
    }

    private static List<AuditLog.Request> writes(Duration window, Runnable first) {
        var log = AuditLog.fromNow(cluster);
        first.run();
        Awaitility.await("the window")
                .pollDelay(window)
                .atMost(window.plusMinutes(1))
                .until(() -> true);
        return log.byOperator(cluster).stream()
                .filter(request -> request.namespace().equals(cluster.namespace()))
                .filter(request -> request.write() || request.read())
                .toList();
    }
}

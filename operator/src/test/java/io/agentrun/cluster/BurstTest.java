package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand agents at once: all converge, and each costs what it must and nothing more. */
@Tag("cluster")
class BurstTest {
    private static final int NAMESPACES = 10;
    private static final int AGENTS = Integer.parseInt(System.getenv().getOrDefault("AGENTRUN_BURST", "1000"));
    private static final Set<String> CHILDREN =
            Set.of("networkpolicies", "serviceaccounts", "configmaps", "services", "deployments");
    private static Cluster cluster;
    private static List<String> namespaces;

    @BeforeAll
    static void start() {
        cluster = new Cluster("burst");
        Fleet.nodes(4);
        namespaces = IntStream.range(0, NAMESPACES)
                .mapToObj(i -> cluster.namespace() + "-" + i)
                .toList();
        namespaces.forEach(name -> cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create());
    }

    @AfterAll
    static void end() {
        namespaces.forEach(name -> cluster.client().namespaces().withName(name).delete());
        cluster.close();
    }

    @Test
    void everyAgentConvergesWithTheFewestRequests() {
        var log = AuditLog.fromNow(cluster);
        var began = Instant.now();
        Fleet.inParallel(
                AGENTS,
                i -> cluster.client()
                        .resource("""
                        apiVersion: agentrun.io/v1alpha1
                        kind: Agent
                        metadata: {name: burst-%d, namespace: %s}
                        spec: %s
                        """.formatted(i, namespaces.get(i % NAMESPACES), Fleet.ON_FAKE_NODES))
                        .create());
        var created = Duration.between(began, Instant.now());
        Cluster.await("all to be Ready")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> namespaces.stream()
                                .mapToLong(name -> Fleet.ready(cluster.client(), name))
                                .sum()
                        == AGENTS);
        System.out.printf(
                "burst: %d agents created in %d s, all Ready after %d s%n",
                AGENTS,
                created.toSeconds(),
                Duration.between(began, Instant.now()).toSeconds());
        var requests = log.byOperator(cluster).stream()
                .filter(request -> namespaces.contains(request.namespace()))
                .toList();
        Map<String, Long> writes = requests.stream()
                .filter(AuditLog.Request::write)
                .collect(Collectors.groupingBy(
                        r -> r.verb() + " " + r.resource() + " " + r.code(), Collectors.counting()));
        System.out.println("burst: requests " + writes);
        CHILDREN.forEach(kind ->
                assertThat(writes.get("create " + kind + " 201")).as(kind).isEqualTo(AGENTS));
        assertThat(requests.stream().filter(AuditLog.Request::read)).isEmpty();
        assertThat(requests.stream()
                        .filter(r -> r.verb().equals("update") || r.verb().equals("delete")))
                .isEmpty();
        assertThat(writes.keySet().stream().filter(key -> !key.contains("events") && !key.matches(".* 20[01]")))
                .isEmpty();
        // Pending, then pods on their way, then ready: a handful of words an agent, whatever happens at once.
        assertThat(writes.get("patch agents/status 200")).isLessThanOrEqualTo(AGENTS * 8L);
    }
}

package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whom an agent reaches, packet by packet, in every egress mode. A pod that is no agent's reaches each address first, so that
 * a refusal means something; agents are left out there, since they shut the door from their side too.
 */
@Tag("cluster")
class NetworkIsolationTest {
    private static final String GATEWAY = "gateway's proxy";
    private static final String TARGET = "a pod";
    private static final String INTERNET = "the internet";
    private static final String METADATA = "metadata";
    private static final String FRIEND = "an agent's Service by its name";
    private static final Set<String> AGENTS = Set.of("another agent", "another agent's Service", FRIEND);

    /** What each agent reaches, and nothing else. */
    private static final Map<String, Set<String>> REACHES = Map.of(
            "none", Set.of(),
            "proxy", Set.of(GATEWAY),
            "strict", Set.of(GATEWAY),
            "desk", Set.of(GATEWAY, "another agent", "another agent's Service", FRIEND),
            "direct", Set.of(TARGET),
            "broad", Set.of(INTERNET));

    private static final String RESOLVE = "nslookup kubernetes.default.svc.cluster.local";
    private static final Map<String, String> ADDRESSES = new TreeMap<>();
    private static Cluster cluster;
    private static Cluster elsewhere;
    private static Pod bystander;
    private static Outside internet;
    private static Outside metadata;

    @BeforeAll
    static void start() {
        cluster = new Cluster("packets");
        elsewhere = new Cluster("bystander");
        if (Cluster.local()) {
            // From ranges that nobody has: RFC 5737's, and link-local beside the metadata service's own.
            internet = new Outside("203.0.113.77");
            metadata = new Outside("169.254.213.77");
            ADDRESSES.put(INTERNET, internet.ip() + " " + Outside.PORT);
            ADDRESSES.put(METADATA, metadata.ip() + " " + Outside.PORT);
        }
        var target = Bystander.server(cluster, "target");
        ADDRESSES.put(TARGET, target.getStatus().getPodIP() + " 8080");
        agents(target.getStatus().getPodIP());
        bystander = Bystander.server(elsewhere, "bystander");
        REACHES.keySet().forEach(cluster::awaitReady);
        cluster.awaitReady("other");
        cluster.awaitReady("worker");
        addresses();
    }

    private static void agents(String target) {
        cluster.apply("other", "{" + Cluster.SMALL + ", ingress: {from: [{podLabels: {agentrun.io/agent: desk}}]}}");
        cluster.apply("worker", "{" + Cluster.SMALL + "}");
        cluster.apply("none", "{" + Cluster.SHELL + ", egress: {mode: None}}");
        cluster.apply("proxy", "{" + Cluster.SHELL + "}");
        cluster.apply("strict", "{" + Cluster.SHELL + ", isolation: {level: Strict}}");
        cluster.apply("desk", "{" + Cluster.SHELL + ", egress: {services: [{name: agent-other, port: 8080}]}}");
        cluster.apply("direct", "{" + Cluster.SHELL + ", egress: {mode: Direct, cidrs: [" + target + "/32]}}");
        // Half the internet with the metadata range, and the API server's neighbours with itself.
        var neighbours = apiServer().iterator().next().replaceFirst("\\.\\d+ .*", ".0/24");
        cluster.apply(
                "broad", "{" + Cluster.SHELL + ", egress: {mode: Direct, cidrs: [128.0.0.0/1, " + neighbours + "]}}");
        // The gateway's pods too, with the port that the gate takes for the proof.
        cluster.apply("everywhere", "{" + Cluster.SHELL + ", egress: {mode: Direct, cidrs: [0.0.0.0/0]}}");
    }

    private static void addresses() {
        var node = cluster.client().nodes().list().getItems().stream()
                .filter(n -> cluster.pod("other")
                        .getSpec()
                        .getNodeName()
                        .equals(n.getMetadata().getName()))
                .flatMap(n -> n.getStatus().getAddresses().stream())
                .filter(a -> a.getType().equals("InternalIP"))
                .findFirst()
                .orElseThrow()
                .getAddress();
        ADDRESSES.put("API server's Service", service("default", "kubernetes") + " 443");
        apiServer().forEach(address -> ADDRESSES.put("API server at " + address, address));
        if (Cluster.local()) {
            // On the API server's machine, so nobody reaches it; elsewhere a Direct range may hold a node.
            ADDRESSES.put("kubelet", node + " 10250");
        }
        ADDRESSES.put(GATEWAY, service(Cluster.SYSTEM, "agentrun-gateway") + " 3128");
        ADDRESSES.put("sentinel", service(Cluster.SYSTEM, "agentrun-gateway") + " 3129");
        ADDRESSES.put("another agent", cluster.pod("other").getStatus().getPodIP() + " 8080");
        ADDRESSES.put("another agent's Service", service(cluster.namespace(), "agent-other") + " 8080");
        ADDRESSES.put(FRIEND, "agent-other 8080");
    }

    /** The API server's own addresses, past its Service. */
    private static Set<String> apiServer() {
        return cluster
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withLabel("kubernetes.io/service-name", "kubernetes")
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream()
                        .flatMap(endpoint -> endpoint.getAddresses().stream())
                        .map(address ->
                                address + " " + slice.getPorts().getFirst().getPort()))
                .collect(Collectors.toSet());
    }

    private static String service(String namespace, String name) {
        return cluster.client()
                .services()
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getSpec()
                .getClusterIP();
    }

    @AfterAll
    static void end() {
        Stream.of(internet, metadata, cluster, elsewhere)
                .filter(java.util.Objects::nonNull)
                .forEach(NetworkIsolationTest::close);
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> reached(Cluster in, Pod pod) {
        var scripts = new TreeMap<String, String>();
        ADDRESSES.forEach((what, address) -> scripts.put(what, "nc -w 2 " + address + " </dev/null"));
        return in.probeAtOnce(pod, scripts).entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aPodThatIsNoAgentsReachesEverythingButAgents() {
        var everything = new HashSet<>(ADDRESSES.keySet());
        everything.removeAll(AGENTS);
        assertThat(reached(elsewhere, bystander)).containsExactlyInAnyOrderElementsOf(everything);
        assertThat(reached(cluster, target())).containsExactlyInAnyOrderElementsOf(everything);
    }

    private static Pod target() {
        return cluster.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withName("target")
                .get();
    }

    @TestFactory
    Stream<DynamicTest> anAgentReachesWhatItsModeSaysAndNothingElse() {
        return REACHES.entrySet().stream()
                .map(agent -> DynamicTest.dynamicTest(agent.getKey(), () -> {
                    var expected = new HashSet<>(agent.getValue());
                    expected.retainAll(ADDRESSES.keySet());
                    assertThat(reached(cluster, cluster.pod(agent.getKey())))
                            .containsExactlyInAnyOrderElementsOf(expected);
                }));
    }

    @Test
    void theReferenceWorkerReachesTheProxyAlone() {
        assumeThat(Cluster.local()).isTrue();
        var pid = Node.process(cluster.pod("worker"), "java");
        var reached = ADDRESSES.keySet().stream()
                // The name is in the desk's hosts file alone.
                .filter(what -> !what.equals(FRIEND))
                .filter(what -> Node.connects(pid, ADDRESSES.get(what)))
                .toList();
        assertThat(reached).containsExactly(GATEWAY);
    }

    @Test
    void namesResolveInModeDirectOnly() {
        var dns = service("kube-system", "kube-dns");
        var questions = Map.of("by itself", RESOLVE, "at the server", RESOLVE + " " + dns);
        for (var agent : List.of("none", "proxy", "strict", "desk")) {
            assertThat(cluster.probe(cluster.pod(agent), questions)).as(agent).doesNotContainValue(true);
        }
        assertThat(cluster.probe(cluster.pod("direct"), questions)).doesNotContainValue(false);
    }

    @Test
    void noPacketLeavesForANameServerOutside() {
        assumeThat(Cluster.local()).isTrue();
        var ask = "timeout 3 nslookup x.example.com " + internet.ip() + "; true";
        var silent = List.of("none", "proxy", "strict", "desk", "direct");
        silent.forEach(agent -> cluster.exec(cluster.pod(agent), ask));
        cluster.exec(cluster.pod("broad"), ask);
        elsewhere.exec(bystander, ask);
        assertThat(internet.heardFrom())
                .contains(
                        bystander.getStatus().getPodIP(),
                        cluster.pod("broad").getStatus().getPodIP())
                .doesNotContainAnyElementsOf(silent.stream()
                        .map(agent -> cluster.pod(agent).getStatus().getPodIP())
                        .toList());
    }

    @Test
    void anAgentThatWouldReachTheClusterItselfIsNotStartedAndToldSo() {
        assertThat(cluster.awaitCondition("everywhere", "Ready", "False", "NotEnforced")
                        .message())
                .contains("egress.cidrs leave out the cluster's pod and Service ranges");
        assertThat(cluster.pod("everywhere")
                        .getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getStarted())
                .isFalse();
    }

    @Test
    void theProxyRefusesEveryDestinationAndSaysSo() {
        var curl = "curl -s -o /dev/null -w '%{http_code}' http://example.com/";
        assertThat(cluster.exec(cluster.pod("proxy"), curl).output()).isEqualTo("403");
        assertThat(cluster.exec(cluster.pod("none"), curl).output()).isEqualTo("000");
    }

    @Test
    void anAgentsAnswerComesThroughTheOneOpenDoor() {
        assertThat(cluster.exec(cluster.pod("desk"), "curl -s http://agent-other:8080/health")
                        .output())
                .contains("\"status\":\"ok\"");
    }
}

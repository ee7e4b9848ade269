package io.agentrun.leader;

import static io.agentrun.leader.OperatorProcess.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The operator as the kubelet sees it: probes, signals, exit codes. It runs what {@code mvn package} built last. */
@Tag("apiserver")
@EnableKubeAPIServer
class OperatorProcessTest {
    private static final Duration END = Duration.ofSeconds(2);
    /** What the JVM ends with on SIGTERM, whatever the program says. */
    private static final int TERMINATED = 143;

    @KubeConfig
    static String kubeConfig;

    private static Config config;
    private static KubernetesClient client;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private String namespace;

    @BeforeAll
    static void install() throws IOException {
        config = Config.fromKubeconfig(kubeConfig);
        client = new KubernetesClientBuilder().withConfig(config).build();
        try (var files = Files.newDirectoryStream(Path.of("../crds"), "*.yml")) {
            for (var file : files) {
                client.resource(Files.readString(file)).create();
            }
        }
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @BeforeEach
    void namespaceOfItsOwn(TestInfo test) {
        namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("agentrun-operator")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void end() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    private Wire wire() {
        var server = URI.create(config.getMasterUrl());
        var wire = new Wire(new InetSocketAddress(server.getHost(), server.getPort()));
        open.add(wire);
        return wire;
    }

    private OperatorProcess start(String pod, Wire wire) {
        var through = kubeConfig.replaceAll("server: \\S+", "server: https://127.0.0.1:" + wire.port());
        var process = new OperatorProcess(
                folder,
                pod,
                through,
                Map.of(
                        "AGENTRUN_NAMESPACE", namespace,
                        "AGENTRUN_LEADER_LEASE_DURATION", "5s",
                        "AGENTRUN_LEADER_RENEW_DEADLINE", "4s",
                        "AGENTRUN_LEADER_RETRY_PERIOD", "500ms"));
        open.add(process);
        return process;
    }

    private OperatorProcess leader(String pod, Wire wire) {
        var process = start(pod, wire);
        soon().until(() -> process.ready() && process.leads());
        return process;
    }

    private String holder() {
        var spec = client.resources(Lease.class)
                .inNamespace(namespace)
                .withName("agentrun-operator")
                .get()
                .getSpec();
        return spec == null || spec.getHolderIdentity() == null ? "" : spec.getHolderIdentity();
    }

    private static void endsInTime(OperatorProcess process) {
        assertThat(process.terminate()).isLessThan(END);
        assertThat(process.exitValue()).isEqualTo(TERMINATED);
        assertThat(process.log()).doesNotContain("\"exception\":");
    }

    @Test
    void comesUpWhenTheApiServerDoes() {
        var wire = wire();
        var operator = start("operator-a", wire);
        soon().until(() -> operator.health("started") == 200);
        assertThat(operator.health("live")).isEqualTo(200);
        await().during(Duration.ofSeconds(25)) // the client gives up once meanwhile
                .atMost(Duration.ofSeconds(60))
                .until(() -> operator.health("live") == 200 && operator.health("ready") == 503 && operator.alive());
        wire.connect();
        soon().until(() -> operator.ready() && operator.leads());
        assertThat(holder()).startsWith("operator-a-");
        endsInTime(operator);
        assertThat(holder()).as("given back").isEmpty();
    }

    @Test
    void endsInTimeWithoutAnApiServer() {
        var operator = start("operator-a", wire());
        soon().until(() -> operator.health("ready") == 503);
        endsInTime(operator);
    }

    @Test
    void endsInTimeWhileItsInformersHang() {
        var operator = start("operator-a", wire().hang());
        soon().until(() -> operator.health("ready") == 503);
        await().during(Duration.ofSeconds(3)).until(() -> operator.health("ready") == 503);
        endsInTime(operator);
    }

    @Test
    void aLeaderEndsInTimeWhenTheApiServerHangs() {
        var wire = wire().connect();
        var operator = leader("operator-a", wire);
        wire.hang();
        assertThat(operator.terminate()).isLessThan(END);
        assertThat(holder()).as("not given back").startsWith("operator-a-");
    }

    @Test
    void aStandbyIsReadyAndFollowsAtOnce() {
        var wire = wire().connect();
        var first = leader("operator-a", wire);
        var second = start("operator-b", wire);
        var third = start("operator-c", wire);
        soon().until(() -> second.ready() && third.ready());
        assertThat(second.leads() || third.leads()).isFalse();

        endsInTime(third);
        assertThat(holder()).startsWith("operator-a-");

        endsInTime(first);
        var released = System.nanoTime();
        soon().until(second::leads);
        assertThat(Duration.ofNanos(System.nanoTime() - released)).isLessThan(Duration.ofMillis(1500));
    }

    @Test
    void aFrozenLeaderIsFollowedAndEndsWhenItThaws() {
        var wire = wire().connect();
        var first = leader("operator-a", wire);
        var second = start("operator-b", wire);
        soon().until(second::ready);
        first.signal("STOP");
        soon().until(second::leads);
        first.signal("CONT");
        assertThat(first.awaitExit()).isEqualTo(1);
        assertThat(first.log()).contains("does not lead any more");
        assertThat(second.leads()).isTrue();
        assertThat(holder()).startsWith("operator-b-");
    }

    @Test
    void aLeaderThatIsCutOffEnds() {
        var wire = wire().connect();
        var first = leader("operator-a", wire);
        var second = start("operator-b", wire().connect());
        soon().until(second::ready);
        wire.cut();
        assertThat(first.awaitExit()).isEqualTo(1);
        assertThat(second.leads()).as("not before").isFalse();
        soon().until(second::leads);
    }
}

package io.agentrun.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Two candidates and a Lease on a real API server. */
@Tag("apiserver")
@EnableKubeAPIServer
class LeadershipTest {
    private static final Duration LEASE = Candidate.TIMES.lease();
    private static final Duration DEADLINE = Candidate.TIMES.renewDeadline();
    /** A retry with its jitter, and time for a busy machine. */
    private static final Duration RETRY =
            Candidate.TIMES.retry().multipliedBy(6).dividedBy(5).plusSeconds(1);

    @KubeConfig
    static String kubeConfig;

    private static Config config;
    private static KubernetesClient client;

    private String namespace;
    private Candidate first;
    private Candidate second;

    @BeforeAll
    static void connect() {
        config = Config.fromKubeconfig(kubeConfig);
        client = new KubernetesClientBuilder().withConfig(config).build();
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
        freeLease();
        first = candidate("operator-a");
        second = candidate("operator-b");
    }

    @AfterEach
    void end() {
        first.close();
        second.close();
    }

    private Candidate candidate(String pod) {
        return new Candidate(pod, namespace, config);
    }

    /** As k8s/base may ship it: without a spec. */
    private void freeLease() {
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("agentrun-operator")
                        .withNamespace(namespace)
                        .addToLabels("by", "install")
                        .endMetadata()
                        .build())
                .create();
    }

    private Lease lease() {
        return client.resources(Lease.class)
                .inNamespace(namespace)
                .withName("agentrun-operator")
                .get();
    }

    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20))
                .atMost(LEASE.plus(DEADLINE).plusSeconds(10));
    }

    private void firstLeadsSecondStandsBy() {
        first.start();
        soon().until(first::leads);
        second.start();
    }

    @Test
    void oneLeads() {
        second.start();
        first.start();
        soon().until(() -> first.leads() != second.leads());
        await().during(LEASE.plusSeconds(1))
                .atMost(LEASE.plusSeconds(5))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> first.leads() != second.leads());

        var leader = first.leads() ? first : second;
        var standby = first.leads() ? second : first;
        assertThat(standby.ledAt).as("never led").hasValue(0);
        assertThat(leader.metrics.get("agentrun.leader").gauge().value()).isEqualTo(1);
        assertThat(standby.metrics.get("agentrun.leader").gauge().value()).isZero();
        var spec = lease().getSpec();
        assertThat(spec.getHolderIdentity()).isEqualTo(leader.identity());
        assertThat(spec.getLeaseDurationSeconds()).isEqualTo((int) LEASE.toSeconds());
        assertThat(lease().getMetadata().getLabels()).containsEntry("by", "install");
    }

    @Test
    void saysInAnEventWhoLeads() {
        first.start();
        soon().untilAsserted(() -> assertThat(client.events()
                        .v1()
                        .events()
                        .inNamespace(namespace)
                        .list()
                        .getItems())
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getNote()).isEqualTo(first.identity() + " became leader");
                    assertThat(event.getRegarding().getUid())
                            .isEqualTo(lease().getMetadata().getUid());
                }));
    }

    @Test
    void killedItIsFollowedOnlyAfterItsLease() {
        firstLeadsSecondStandsBy();
        soon().until(() ->
                !lease().getSpec().getRenewTime().equals(lease().getSpec().getAcquireTime()));
        first.close();
        var killed = System.nanoTime();
        var last = lease().getSpec().getRenewTime();
        soon().until(second::leads);
        assertThat(Duration.ofNanos(second.ledAt.get() - killed)).isBetween(LEASE.minus(RETRY), LEASE.plus(RETRY));
        assertThat(Duration.between(last, lease().getSpec().getAcquireTime()))
                .as("the same machine's clock")
                .isGreaterThan(LEASE);
        assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(2);
    }

    @Test
    void releasedItIsFollowedWithinARetry() {
        firstLeadsSecondStandsBy();
        first.leadership.leave();
        assertThat(first.leadership.release(Duration.ofSeconds(2))).isTrue();
        var released = System.nanoTime();
        assertThat(first.leads()).isFalse();
        soon().until(second::leads);
        assertThat(Duration.ofNanos(second.ledAt.get() - released)).isLessThan(RETRY);
        assertThat(first.halted).hasValue(0);
    }

    @Test
    void releasedTheLeaseSaysSo() {
        first.start();
        soon().until(first::leads);
        first.leadership.leave();
        assertThat(first.leadership.release(Duration.ofSeconds(2))).isTrue();
        assertThat(lease().getSpec().getHolderIdentity()).isNullOrEmpty();
        assertThat(lease().getSpec().getLeaseDurationSeconds()).isEqualTo(1);
        assertThat(lease().getMetadata().getLabels()).containsEntry("by", "install");
    }

    /** kubernetes-client 7.6.1 compares the holder's written time with its own clock. */
    @Test
    void aStandbyWhoseClockIsAheadDoesNotDeposeALiveLeader() {
        second =
                new Candidate("operator-b", namespace, config, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(20)));
        firstLeadsSecondStandsBy();
        await().during(LEASE.multipliedBy(2))
                .atMost(LEASE.multipliedBy(2).plusSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(first::leads);
        assertThat(second.ledAt).hasValue(0);
    }

    @Test
    void aLeaderWhoseClockIsBehindIsNotDeposed() {
        first = new Candidate("operator-a", namespace, config, Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)));
        firstLeadsSecondStandsBy();
        await().during(LEASE.plusSeconds(2))
                .atMost(LEASE.plusSeconds(12))
                .pollInterval(Duration.ofMillis(20))
                .until(first::leads);
        assertThat(second.ledAt).hasValue(0);
    }

    @Test
    void deletedUnderItsLeaderTheLeaseComesBackAndTheLeaderStays() {
        firstLeadsSecondStandsBy();
        var uid = lease().getMetadata().getUid();
        client.resource(lease()).delete();
        soon().until(() -> lease() != null);
        await().during(LEASE.plusSeconds(1))
                .atMost(LEASE.plusSeconds(11))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> first.leads() && !second.leads());
        assertThat(lease().getMetadata().getUid()).isNotEqualTo(uid);
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo(first.identity());
        assertThat(second.ledAt).hasValue(0);
        assertThat(first.halted).hasValue(0);
    }

    @Test
    void withoutALeaseOneIsMadeAfterALeaderWouldHaveGivenUp() {
        client.resource(lease()).delete();
        var begin = System.nanoTime();
        first.start();
        soon().until(first::leads);
        assertThat(Duration.ofNanos(first.ledAt.get() - begin)).isBetween(LEASE, LEASE.plus(RETRY));
    }

    @Test
    void deposedItHaltsAndWritesNothing() {
        try (var fenced = fenced(config, first)) {
            first.start();
            soon().until(first::leads);
            fenced.resource(configMap("before")).create();

            var stolen = lease();
            stolen.getSpec().setHolderIdentity("somebody");
            soon().until(() -> stolen(stolen));
            var version = lease().getMetadata().getResourceVersion();
            soon().until(() -> first.halted.get() == 1);
            assertThat(first.leads()).isFalse();
            assertThatThrownBy(() -> fenced.resource(configMap("after")).create())
                    .isInstanceOf(NotLeaderException.class);
            await().during(DEADLINE)
                    .atMost(DEADLINE.plusSeconds(5))
                    .until(() -> lease().getMetadata().getResourceVersion().equals(version) && first.halted.get() == 1);
            assertThat(fenced.resources(ConfigMap.class)
                            .inNamespace(namespace)
                            .list()
                            .getItems())
                    .as("reads go through")
                    .extracting(map -> map.getMetadata().getName())
                    .containsExactly("before");
        }
    }

    private boolean stolen(Lease stolen) {
        stolen.getMetadata().setResourceVersion(lease().getMetadata().getResourceVersion());
        client.resource(stolen).update();
        return true;
    }

    @Test
    void cutOffItHaltsBeforeTheStandbyLeads() {
        try (var wire = wire()) {
            wire.connect();
            first = new Candidate("operator-a", namespace, through(wire));
            firstLeadsSecondStandsBy();
            wire.hang();
            var cut = System.nanoTime();
            soon().until(() -> first.halted.get() == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(DEADLINE.plusSeconds(1));
            assertThat(second.ledAt).as("not yet").hasValue(0);
            soon().until(second::leads);
            assertThat(first.leads()).isFalse();
        }
    }

    @Test
    void aShortOutageIsSurvived() {
        try (var wire = wire()) {
            wire.connect();
            first = new Candidate("operator-a", namespace, through(wire));
            firstLeadsSecondStandsBy();
            var before = lease().getSpec().getRenewTime();
            wire.cut();
            await().pollDelay(DEADLINE.dividedBy(3)).until(() -> true);
            wire.connect();
            soon().until(() -> lease().getSpec().getRenewTime().isAfter(before));
            await().during(LEASE).atMost(LEASE.plusSeconds(5)).until(() -> first.leads() && !second.leads());
            assertThat(first.halted).hasValue(0);
        }
    }

    @Test
    void givingBackEndsInTimeWithoutAnApiServer() {
        try (var wire = wire()) {
            wire.connect();
            first = new Candidate("operator-a", namespace, through(wire)).start();
            soon().until(first::leads);
            wire.hang();
            first.leadership.leave();
            var begin = System.nanoTime();
            assertThat(first.leadership.release(Duration.ofMillis(300))).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(600));
            assertThat(first.leads()).isFalse();
            assertThat(first.halted).hasValue(0);
        }
    }

    @Test
    void everyStartIsSomebodyNew() {
        var again = candidate("operator-a");
        assertThat(again.identity()).startsWith("operator-a-").isNotEqualTo(first.identity());
        again.close();
    }

    /** The Role of k8s/base is enough, and a Lease of another name is none of its business. */
    @Test
    void theShippedRoleIsEnough() throws Exception {
        var role = client
                .getKubernetesSerialization()
                .<List<Object>>unmarshal(Files.readString(Path.of("../k8s/base/rbac.yaml")))
                .stream()
                .toList();
        for (var object : role) {
            if (object instanceof Role r && r.getMetadata().getName().equals("agentrun-operator-leader")) {
                r.getMetadata().setNamespace(namespace);
                client.resource(r).create();
            }
            if (object instanceof RoleBinding b && b.getMetadata().getName().equals("agentrun-operator-leader")) {
                b.getMetadata().setNamespace(namespace);
                client.resource(b).create();
            }
        }
        var asOperator = new ConfigBuilder(config)
                .withImpersonateUsername("system:serviceaccount:agentrun-system:agentrun-operator")
                .build();
        first = new Candidate("operator-a", namespace, asOperator).start();
        soon().until(first::leads);
        client.resource(lease()).delete();
        soon().until(() -> lease() != null);
        soon().until(() -> !client.events()
                .v1()
                .events()
                .inNamespace(namespace)
                .list()
                .getItems()
                .isEmpty());
        assertThatCode(() -> first.leadership.release(Duration.ofSeconds(2))).doesNotThrowAnyException();
        assertThat(lease().getSpec().getHolderIdentity()).isNullOrEmpty();
    }

    private ConfigMap configMap(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of())
                .build();
    }

    private static KubernetesClient fenced(Config config, Candidate candidate) {
        return LeaderBeans.client(config, client.getKubernetesSerialization(), candidate.leadership);
    }

    private static Wire wire() {
        var server = URI.create(config.getMasterUrl());
        return new Wire(new InetSocketAddress(server.getHost(), server.getPort()));
    }

    private static Config through(Wire wire) {
        return new ConfigBuilder(config)
                .withMasterUrl("https://127.0.0.1:" + wire.port())
                .build();
    }
}

package io.agentrun.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clocks that are wrong, networks that are cut, Leases that are deleted or stolen. */
class LeadershipFaultsTest extends LeaseCase {
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

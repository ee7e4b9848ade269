package io.agentrun.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who leads, who follows, and when. */
class LeadershipTest extends LeaseCase {
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

    @Test
    void withoutALeaseOneIsMadeAfterALeaderWouldHaveGivenUp() {
        client.resource(lease()).delete();
        var begin = System.nanoTime();
        first.start();
        soon().until(first::leads);
        assertThat(Duration.ofNanos(first.ledAt.get() - begin)).isBetween(LEASE, LEASE.plus(RETRY));
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
}

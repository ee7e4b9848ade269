package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replicas: by hand, by measured load, and by operating mode, which never touches the owner's number. */
@Tag("cluster")
class ScalingTest {
    /** Burns a processor until told otherwise; each pod is told by its own scratch. */
    private static final String BURNER =
            "{image: " + Cluster.TOOLS + ", imagePullPolicy: Never, endpoint: {protocol: None},"
                    + " lifecycle: {shutdownTimeout: 1s}, resources: {requests: {cpu: 20m}, limits: {cpu: 100m}},"
                    + " command: [sh, -c, 'trap exit TERM; while :; do if [ -e /tmp/calm ]; then sleep 1 & wait; fi; done'],"
                    + " scaling: {minReplicas: 1, maxReplicas: 3, metrics: [{type: CPU, target: 50}], stabilization: {scaleUp: 0s,"
                    + " scaleDown: 0s}}}";

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = new Cluster("scaling");
        cluster.apply("plain", "{replicas: 2, " + Cluster.SHELL + "}");
        cluster.awaitReady("plain");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static int replicas(String name) {
        return cluster.agent(name).getSpec().replicas();
    }

    private static HorizontalPodAutoscaler autoscaler(String name) {
        return cluster.client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(cluster.namespace())
                .withName("agent-" + name)
                .get();
    }

    private static List<String> selectPolicies(String name) {
        var behavior = autoscaler(name).getSpec().getBehavior();
        return List.of(behavior.getScaleUp(), behavior.getScaleDown()).stream()
                .map(HPAScalingRules::getSelectPolicy)
                .toList();
    }

    private static void awaitMeasuring(String name, String status) {
        Cluster.await("autoscaler of " + name + " to measure: " + status)
                .until(() -> autoscaler(name).getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("ScalingActive")
                                && condition.getStatus().equals(status)));
    }

    /** Until even the objects are gone; an ended pod's stays a little longer than its containers. */
    private static void awaitNoPods(String name) {
        Cluster.await("the last pod of " + name + " to go")
                .until(() -> cluster.client()
                        .pods()
                        .inNamespace(cluster.namespace())
                        .withLabel("agentrun.io/agent", name)
                        .list()
                        .getItems()
                        .isEmpty());
    }

    private static void awaitPods(String name, int count) {
        Cluster.await(count + " pods of " + name).until(() -> cluster.pods(name).size() == count);
    }

    @Test
    void measuredLoadScalesUpAndDownThroughTheScaleSubresource() {
        cluster.apply("burner", BURNER);
        Cluster.await("load to raise the number").atMost(Duration.ofMinutes(4)).until(() -> replicas("burner") == 3);
        awaitPods("burner", 3);
        var autoscaler = autoscaler("burner");
        assertThat(autoscaler.getSpec().getScaleTargetRef().getKind()).isEqualTo("Agent");
        assertThat(autoscaler.getStatus().getDesiredReplicas()).isEqualTo(3);
        assertThat(autoscaler.getStatus().getLastScaleTime()).isNotNull();
        assertThat(autoscaler.getStatus().getCurrentMetrics()).anySatisfy(metric -> {
            assertThat(metric.getResource().getName()).isEqualTo("cpu");
            assertThat(metric.getResource().getCurrent().getAverageUtilization())
                    .isGreaterThan(50);
        });
        // Each is told once: an exec costs its pod more than the few millicores of the target.
        var told = new HashSet<String>();
        Cluster.await("calm to lower the number").atMost(Duration.ofMinutes(4)).until(() -> {
            for (var pod : cluster.pods("burner")) {
                var name = pod.getMetadata().getName();
                if (!told.contains(name) && cluster.exec(pod, "touch /tmp/calm").code() == 0) {
                    told.add(name);
                }
            }
            return replicas("burner") == 1;
        });
        awaitPods("burner", 1);
    }

    @Test
    void kubectlScaleWorks() {
        assertThat(cluster.kubectl("scale", "agent", "plain", "--replicas=3")).contains("scaled");
        awaitPods("plain", 3);
        cluster.awaitReady("plain");
        cluster.kubectl("scale", "agent", "plain", "--replicas=2");
        awaitPods("plain", 2);
        cluster.awaitReady("plain");
    }

    @Test
    void suspendedGoesToZeroAndBackAndTheNumberStays() {
        // It idles, and 3 is the least: the autoscaler has no reason of its own for another number.
        cluster.apply("paused", "{replicas: 3, scaling: {minReplicas: 3, maxReplicas: 5}, " + Cluster.SHELL + "}");
        cluster.awaitReady("paused");
        assertThat(selectPolicies("paused")).containsOnly("Max");
        awaitMeasuring("paused", "True");
        cluster.patch("paused", "{\"operatingMode\":\"Suspended\",\"suspendReason\":\"audit\"}");
        assertThat(cluster.awaitCondition("paused", "Ready", "True", "Suspended")
                        .message())
                .contains("audit", "Set operatingMode Running");
        awaitNoPods("paused");
        assertThat(selectPolicies("paused")).containsOnly("Disabled");
        // Only a look at no pods makes it unable to measure; before one, that the number stays says nothing.
        awaitMeasuring("paused", "False");
        assertThat(replicas("paused")).isEqualTo(3);
        assertThat(cluster.pods("paused")).isEmpty();
        cluster.patch("paused", "{\"operatingMode\":\"Running\",\"suspendReason\":null}");
        awaitPods("paused", 3);
        cluster.awaitReady("paused");
        assertThat(replicas("paused")).isEqualTo(3);
        assertThat(selectPolicies("paused")).containsOnly("Max");
    }

    @Test
    void terminatedKillsThePodsAndTakesTheServiceAway() {
        // It heeds SIGTERM. One that does not outlives Terminated by its shutdownTimeout, since the ReplicaSet's delete
        // comes
        // first and a kubelet that has begun to wait does not wait less (kubernetes issue 83916).
        cluster.apply("ended", "{replicas: 2, " + Cluster.SHELL + "}");
        cluster.awaitReady("ended");
        cluster.patch("ended", "{\"operatingMode\":\"Terminated\"}");
        cluster.awaitCondition("ended", "Ready", "True", "Terminated");
        awaitNoPods("ended");
        assertThat(cluster.client()
                        .services()
                        .inNamespace(cluster.namespace())
                        .withName("agent-ended")
                        .get())
                .isNull();
        assertThat(replicas("ended")).isEqualTo(2);
    }

    @Test
    void restartAtReplacesEveryPod() {
        cluster.apply("again", "{replicas: 2, " + Cluster.SHELL + "}");
        cluster.awaitReady("again");
        var old = cluster.pods("again").stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
        assertThat(old).hasSize(2);
        cluster.patch("again", "{\"restartAt\":\"2026-01-31T12:00:00Z\"}");
        cluster.awaitReady("again");
        assertThat(cluster.pods("again"))
                .hasSize(2)
                .noneMatch(pod -> old.contains(pod.getMetadata().getName()));
    }
}

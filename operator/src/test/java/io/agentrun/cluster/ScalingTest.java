package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import java.time.Duration;
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
        cluster.apply("plain", "{replicas: 2}");
        cluster.awaitReady("plain");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static int replicas(String name) {
        return cluster.agent(name).getSpec().replicas();
    }

    private static void awaitPods(String name, int count) {
        Cluster.await(count + " pods of " + name).until(() -> cluster.pods(name).size() == count);
    }

    @Test
    void measuredLoadScalesUpAndDownThroughTheScaleSubresource() {
        cluster.apply("burner", BURNER);
        Cluster.await("load to raise the number").atMost(Duration.ofMinutes(4)).until(() -> replicas("burner") == 3);
        awaitPods("burner", 3);
        var autoscaler = cluster.client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(cluster.namespace())
                .withName("agent-burner")
                .get();
        assertThat(autoscaler.getSpec().getScaleTargetRef().getKind()).isEqualTo("Agent");
        assertThat(autoscaler.getStatus().getDesiredReplicas()).isEqualTo(3);
        Cluster.await("calm to lower the number").atMost(Duration.ofMinutes(4)).until(() -> {
            cluster.pods("burner").forEach(pod -> cluster.exec(pod, "touch /tmp/calm"));
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
        cluster.apply("paused", "{replicas: 3, scaling: {}}");
        cluster.awaitReady("paused");
        cluster.patch("paused", "{\"operatingMode\":\"Suspended\",\"suspendReason\":\"audit\"}");
        assertThat(cluster.awaitCondition("paused", "Ready", "True", "Suspended")
                        .message())
                .contains("audit", "Set operatingMode Running");
        assertThat(cluster.pods("paused")).isEmpty();
        var behavior = cluster.client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(cluster.namespace())
                .withName("agent-paused")
                .get()
                .getSpec()
                .getBehavior();
        assertThat(java.util.List.of(behavior.getScaleUp(), behavior.getScaleDown()))
                .extracting(HPAScalingRules::getSelectPolicy)
                .containsOnly("Disabled");
        var wished = replicas("paused");
        assertThat(wished).as("what the autoscaler left").isBetween(2, 3);
        cluster.patch("paused", "{\"operatingMode\":\"Running\",\"suspendReason\":null}");
        awaitPods("paused", wished);
        cluster.awaitReady("paused");
    }

    @Test
    void terminatedKillsThePodsAndTakesTheServiceAway() {
        cluster.apply("ended", "{replicas: 2}");
        cluster.awaitReady("ended");
        cluster.patch("ended", "{\"operatingMode\":\"Terminated\"}");
        cluster.awaitCondition("ended", "Ready", "True", "Terminated");
        assertThat(cluster.pods("ended")).isEmpty();
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
        cluster.apply("again", "{}");
        Agent before = cluster.awaitReady("again");
        var old = cluster.pod("again").getMetadata().getName();
        cluster.patch("again", "{\"restartAt\":\"2026-01-31T12:00:00Z\"}");
        Cluster.await("another pod")
                .until(() -> cluster.pods("again").stream()
                        .noneMatch(pod -> pod.getMetadata().getName().equals(old)));
        assertThat(cluster.awaitReady("again").getMetadata().getGeneration())
                .isGreaterThan(before.getMetadata().getGeneration());
    }
}

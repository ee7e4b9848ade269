package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.agentrun.api.v1alpha1.AgentSpec;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each cause, from the words that Kubernetes uses for it to the words that a reader gets. */
class PodProblemsTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final AgentSpec SPEC =
            GoldenCase.load(GoldenCase.ROOT.resolve("minimal")).agent().getSpec();

    static Stream<Arguments> states() {
        return Stream.of(
                waiting("ImagePullFailed", "example.com/bot:1", "ErrImagePull", "not found"),
                waiting("ImagePullFailed", "imagePullSecrets", "ImagePullBackOff", "Back-off pulling image"),
                waiting("ImagePullFailed", "spec.image", "ErrImageNeverPull", "image is not present"),
                waiting("ImagePullFailed", "spec.image", "InvalidImageName", "couldn't parse image reference"),
                waiting("ImagePullFailed", "spec.image", "ImageInspectError", "failed to inspect"),
                waiting(
                        "SecretMissing",
                        "Secret model does not exist",
                        "CreateContainerConfigError",
                        "secret \\\"model\\\" not found"),
                waiting(
                        "ConfigMapMissing",
                        "ConfigMap settings does not exist",
                        "CreateContainerConfigError",
                        "configmap \\\"settings\\\" not found"),
                waiting(
                        "KeyMissing",
                        "Secret model has no key token",
                        "CreateContainerConfigError",
                        "couldn't find key token in Secret golden/model"),
                waiting(
                        "ConfigInvalid",
                        "non-root",
                        "CreateContainerConfigError",
                        "container has runAsNonRoot and image will run as root"),
                waiting(
                        "SeccompProfileMissing",
                        "isolation.seccompProfile",
                        "CreateContainerError",
                        "failed to load seccomp profile agentrun-worker.json"),
                waiting(
                        "AppArmorUnavailable",
                        "isolation.appArmorProfile",
                        "CreateContainerError",
                        "apparmor profile not found bot"),
                waiting("StartFailed", "spec.command", "RunContainerError", "exec: /bot: no such file or directory"),
                waiting("StartFailed", "spec.args", "StartError", "permission denied"),
                waiting("PodSandboxChanged", "container agent", "PodSandboxChanged", "some day"),
                arguments("CrashLoop", "exit code 3", Pods.NOT_READY + Pods.GATE_DONE + Pods.agent("""
                                state: {waiting: {reason: CrashLoopBackOff, message: back-off}}
                                lastState: {terminated: {exitCode: 3, reason: Error, message: "no model"}}
                                """, false)),
                arguments(
                        "CrashLoop",
                        "It said: no model",
                        Pods.NOT_READY
                                + Pods.GATE_DONE
                                + Pods.agent(
                                        "state: {terminated: {exitCode: 1, reason: Error, message: \"no model\"}}",
                                        false)),
                arguments("CrashLoop", "exit code 0", Pods.NOT_READY + Pods.GATE_DONE + Pods.agent("""
                                state: {waiting: {reason: CrashLoopBackOff, message: back-off}}
                                lastState: {terminated: {exitCode: 0, reason: Completed}}
                                """, false)),
                arguments(
                        "OutOfMemory",
                        "resources.limits.memory",
                        Pods.NOT_READY + Pods.GATE_DONE + Pods.agent("""
                                state: {running: {startedAt: "2026-01-31T12:00:02Z"}}
                                lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
                                """, false)),
                arguments(
                        "Evicted",
                        "ephemeral-storage",
                        "phase: Failed\nreason: Evicted\nmessage: Pod used more ephemeral-storage than its limit\n"),
                arguments("Unschedulable", "3 Insufficient cpu", unscheduled("0/3 nodes: 3 Insufficient cpu")),
                arguments(
                        "VolumeMissing",
                        "PersistentVolumeClaim data",
                        unscheduled("persistentvolumeclaim \\\"data\\\" not found")),
                arguments("NotEnforced", "NetworkPolicy engine", gate("2026-01-31T12:00:00Z")),
                arguments(
                        "NotAnswering",
                        "HTTP GET /health on port 8080",
                        Pods.NOT_READY
                                + Pods.GATE_DONE
                                + Pods.agent("state: {running: {startedAt: \"2026-01-31T12:00:30Z\"}}", false)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("states")
    void everyStateHasItsReason(String reason, String part, String status) {
        var problem = PodProblems.of(SPEC, Pods.with(status), List.of(), START.plusSeconds(60))
                .orElseThrow();
        assertThat(problem.reason()).isEqualTo(reason);
        assertThat(problem.message()).contains(part).doesNotContain("null");
        assertThat(PodProblems.of(SPEC, Pods.dying(Pods.with(status)), List.of(), START.plusSeconds(60)))
                .as("a pod on its way out has no problem")
                .isEmpty();
    }

    static Stream<Arguments> warnings() {
        return Stream.of(
                arguments("SecretMissing", "FailedMount", "MountVolume.SetUp failed: secret \"keys\" not found"),
                arguments("ConfigMapMissing", "FailedMount", "MountVolume.SetUp failed: configmap \"conf\" not found"),
                arguments("VolumeFailed", "FailedMount", "MountVolume.SetUp failed: mount failed: exit status 32"),
                arguments("SandboxFailed", "FailedCreatePodSandBox", "runc create failed"),
                arguments(
                        "UserNamespacesUnsupported",
                        "FailedCreatePodSandBox",
                        "the handler \"\" does not support user namespaces"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("warnings")
    void everyWarningHasItsReason(String reason, String event, String message) {
        List<Event> warnings = List.of(Pods.warning(event, message));
        assertThat(PodProblems.of(SPEC, creating(), warnings, START))
                .map(Problem::reason)
                .contains(reason);
        assertThat(PodProblems.of(SPEC, Pods.ready(), warnings, START))
                .as("an old warning says nothing of a ready pod")
                .isEmpty();
    }

    @Test
    void aSlowMountIsNoProblem() {
        var slow = List.of(Pods.warning("FailedMount", "timed out waiting for the condition"));
        assertThat(PodProblems.of(SPEC, creating(), slow, START)).isEmpty();
    }

    @Test
    void aReadyPodThatOnceFailedHasNone() {
        var pod = Pods.with(Pods.READY + Pods.GATE_DONE + Pods.agent("""
                state: {running: {startedAt: "2026-01-31T12:00:00Z"}}
                lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
                """, true));
        assertThat(PodProblems.of(SPEC, pod, List.of(), START.plusSeconds(3600)))
                .isEmpty();
    }

    @Test
    void norHasOneWhoseSidecarOnceFailed() {
        var pod = Pods.with(Pods.READY
                + Pods.GATE_DONE
                + Pods.agent("state: {running: {startedAt: \"2026-01-31T12:00:00Z\"}}", true)
                + """
                  - name: sidecar
                    ready: true
                    restartCount: 1
                    state: {running: {startedAt: "2026-01-31T12:00:00Z"}}
                    lastState: {terminated: {exitCode: 1, reason: Error}}
                """);
        assertThat(PodProblems.of(SPEC, pod, List.of(), START.plusSeconds(3600)))
                .isEmpty();
    }

    @Test
    void aGateThatFailedOnceAndCameThroughIsPast() {
        var pod = Pods.with(
                Pods.NOT_READY + """
                initContainerStatuses:
                  - name: isolated
                    ready: true
                    restartCount: 1
                    state: {terminated: {exitCode: 0}}
                    lastState: {terminated: {exitCode: 1, reason: Error}}
                """ + Pods.agent("state: {running: {startedAt: \"2026-01-31T12:00:00Z\"}}", false));
        assertThat(PodProblems.of(SPEC, pod, List.of(), START.plusSeconds(1))).isEmpty();
    }

    @Test
    void aGateWhoseImageIsMissingIsTheInstallsMatter() {
        var pod = Pods.with("""
                phase: Pending
                initContainerStatuses:
                  - name: isolated
                    restartCount: 0
                    image: gate:test
                    state: {waiting: {reason: ErrImagePull, message: not found}}
                """);
        assertThat(PodProblems.of(SPEC, pod, List.of(), START))
                .map(Problem::message)
                .get()
                .asString()
                .contains("AGENTRUN_IMAGES_GATE");
    }

    @Test
    void aConfigErrorWithoutWordsIsStillReported() {
        var pod =
                Pods.with(Pods.NOT_READY + Pods.agent("state: {waiting: {reason: CreateContainerConfigError}}", false));
        assertThat(PodProblems.of(SPEC, pod, List.of(), START))
                .map(Problem::reason)
                .contains("ConfigInvalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PodInitializing", "ContainerCreating"})
    void whatIsOnItsWayHasNone(String reason) {
        var pod = Pods.with(Pods.NOT_READY + Pods.agent("state: {waiting: {reason: %s}}".formatted(reason), false));
        assertThat(PodProblems.of(SPEC, pod, List.of(), START)).isEmpty();
    }

    @Test
    void patiencesEndExactly() {
        var gate = Pods.with(gate("2026-01-31T12:00:00Z"));
        assertThat(PodProblems.nextLook(gate)).contains(START.plusSeconds(60));
        assertThat(PodProblems.of(SPEC, gate, List.of(), START.plusSeconds(59))).isEmpty();
        assertThat(PodProblems.of(SPEC, gate, List.of(), START.plusSeconds(60))).isPresent();
        var silent = Pods.with(Pods.NOT_READY
                + Pods.GATE_DONE
                + Pods.agent("state: {running: {startedAt: \"2026-01-31T12:00:00Z\"}}", false));
        assertThat(PodProblems.nextLook(silent)).contains(START.plusSeconds(30));
        assertThat(PodProblems.of(SPEC, silent, List.of(), START.plusSeconds(29)))
                .isEmpty();
        assertThat(PodProblems.of(SPEC, silent, List.of(), START.plusSeconds(30)))
                .isPresent();
        assertThat(PodProblems.nextLook(Pods.ready())).isEmpty();
    }

    private static Pod creating() {
        return Pods.with(Pods.NOT_READY + Pods.agent("state: {waiting: {reason: ContainerCreating}}", false));
    }

    private static Arguments waiting(String reason, String part, String kubelets, String message) {
        return arguments(
                reason,
                part,
                Pods.NOT_READY
                        + Pods.GATE_DONE
                        + Pods.agent(
                                "state: {waiting: {reason: %s, message: \"%s\"}}".formatted(kubelets, message), false));
    }

    private static String unscheduled(String message) {
        return """
                phase: Pending
                conditions:
                  - {type: PodScheduled, status: "False", reason: Unschedulable, message: "%s"}
                """.formatted(message);
    }

    private static String gate(String startedAt) {
        return """
                phase: Pending
                initContainerStatuses:
                  - name: isolated
                    restartCount: 0
                    state: {running: {startedAt: "%s"}}
                """.formatted(startedAt);
    }
}

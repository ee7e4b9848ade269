package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers and pods that ended, in the states in which a kubelet of Kubernetes 1.37 was seen to leave them. */
class EndedPodsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:10Z");
    private static final Agent AGENT =
            GoldenCase.load(GoldenCase.ROOT.resolve("minimal")).agent();
    private static final String NO_SUCH_FILE =
            "exec: \\\"/no/such\\\": stat /no/such: no such file or directory: unknown";

    private static Optional<Problem> problem(Pod pod) {
        return PodProblems.of(AGENT.getSpec(), pod, List.of(), NOW);
    }

    private static Pod agent(String states) {
        return Pods.with(Pods.NOT_READY + Pods.GATE_DONE + Pods.agent(states, false));
    }

    /** Between two runs the kubelet shows the end itself for longer than it shows CrashLoopBackOff. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state: {terminated: {exitCode: 0, reason: Completed}}\nlastState: {}",
                "state: {terminated: {exitCode: 0, reason: Completed}}\n"
                        + "lastState: {terminated: {exitCode: 0, reason: Completed}}",
                "state: {waiting: {reason: CrashLoopBackOff, message: back-off 10s restarting}}\n"
                        + "lastState: {terminated: {exitCode: 0, reason: Completed}}",
            })
    void anAgentThatEndsWellServesNobodyEither(String states) {
        assertThat(problem(agent(states))).hasValueSatisfying(problem -> {
            assertThat(problem.reason()).isEqualTo("CrashLoop");
            assertThat(problem.message()).contains("exit code 0, 3 restarts", "so that it keeps running");
        });
    }

    @Test
    void anAgentThatRunsAgainIsOnItsWay() {
        var pod = agent("state: {running: {startedAt: \"2026-01-31T12:00:09Z\"}}\n"
                + "lastState: {terminated: {exitCode: 0, reason: Completed}}");
        assertThat(problem(pod)).isEmpty();
    }

    /** What can't be started is no crash, at no time between two attempts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state: {waiting: {reason: RunContainerError, message: \"" + NO_SUCH_FILE + "\"}}\n",
                "state: {waiting: {reason: CrashLoopBackOff, message: back-off 10s restarting}}\n",
                "state: {terminated: {exitCode: 128, reason: StartError, message: \"" + NO_SUCH_FILE + "\"}}\n",
            })
    void aCommandThatDoesNotExistIsNoCrash(String state) {
        var pod = agent(state + "lastState: {terminated: {exitCode: 128, reason: StartError, message: \"" + NO_SUCH_FILE
                + "\"}}");
        assertThat(problem(pod)).hasValueSatisfying(problem -> {
            assertThat(problem.reason()).isEqualTo("StartFailed");
            assertThat(problem.message()).contains("/no/such", "Correct spec.command");
        });
    }

    @Test
    void aPodThatTheNodeCanNotConfineSaysWhatToDo() {
        var pod = Pods.with("""
                phase: Failed
                reason: AppArmor
                message: "Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host"
                startTime: "2026-01-31T12:00:00Z"
                """);
        assertThat(problem(pod)).hasValueSatisfying(problem -> {
            assertThat(problem.reason()).isEqualTo("AppArmorUnavailable");
            assertThat(problem.message()).contains("not enabled on the host", "remove isolation.appArmorProfile");
        });
    }

    @Test
    void anEndWithoutWordsIsReportedInWords() {
        assertThat(problem(Pods.with("phase: Failed\nreason: NodeShutdown\n")))
                .map(Problem::message)
                .get()
                .asString()
                .contains("no reason was given")
                .doesNotContain("null");
    }

    @ParameterizedTest(name = "ended at 12:00:00, now {0}: {1}")
    @CsvSource({
        "2026-01-31T12:10:00Z, true",
        "2026-01-31T12:10:01Z, false",
        "2026-02-03T12:00:00Z, false",
    })
    void aPodThatEndedLongAgoDoesNotExplainWhyOneIsMissingNow(Instant now, boolean explains) {
        assertThat(PodProblems.of(AGENT.getSpec(), evicted(), List.of(), now).isPresent())
                .isEqualTo(explains);
    }

    @Test
    void aPodThatLivesSaysMoreThanOneThatEnded() {
        var crashed = agent("state: {terminated: {exitCode: 3, reason: Error}}");
        var last = new PodBuilder(crashed)
                .editMetadata()
                .withName("z")
                .endMetadata()
                .build();
        assertThat(ready(evicted(), last)).isEqualTo("CrashLoop");
        assertThat(ready(evicted())).isEqualTo("Evicted");
    }

    @Test
    void aRecordOfAPodIsNeitherProvedNorWeak() {
        var weak = new PodBuilder(evicted())
                .editSpec()
                .withHostNetwork(true)
                .endSpec()
                .build();
        var seen = seen(weak, Pods.ready());
        assertThat(Isolated.finding(AGENT, seen, NOW).message())
                .isEqualTo("every pod was found isolated before the agent started");
        assertThat(Report.status(AGENT, seen, new Outcome.Stalled(new Problem("Any", "any")), NOW)
                        .conditions())
                .filteredOn(condition -> condition.type().equals("Hardened"))
                .extracting(condition -> condition.reason())
                .containsExactly("Restricted");
    }

    private static Pod evicted() {
        return Pods.with("""
                phase: Failed
                reason: Evicted
                message: the node was low on memory
                startTime: "2026-01-01T12:00:00Z"
                conditions: [{type: Ready, status: "False", lastTransitionTime: "2026-01-31T12:00:00Z"}]
                """);
    }

    private static Observation seen(Pod... pods) {
        return new Observation(Optional.empty(), List.of(pods), Map.of(), List.of(), true);
    }

    private static String ready(Pod... pods) {
        var effective = Effective.of(AGENT.getSpec(), Restriction.NONE, GoldenCase.PLATFORM.defaults());
        return Report.status(AGENT, seen(pods), new Outcome.Applied(effective, false), NOW).conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .findFirst()
                .orElseThrow()
                .reason();
    }
}

package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of the API server's admission, and the reason that they become. */
class ReplicaProblemsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            RuntimeClassMissing  | gvisor            | pods "agent-bot-1" is forbidden: pod rejected: RuntimeClass "gvisor" not found
            PriorityClassMissing | batch             | pods "agent-bot-1" is forbidden: no PriorityClass with name batch was found
            QuotaExceeded        | ResourceQuota     | pods "agent-bot-1" is forbidden: exceeded quota: small, requested: cpu=1
            PodSecurityRefused   | never right       | pods "agent-bot-1" is forbidden: violates PodSecurity "restricted:latest"
            LimitRangeRefused    | Correct resources | pods "agent-bot-1" is forbidden: maximum cpu usage per Container is 1
            LimitRangeRefused    | Correct resources | pods "agent-bot-1" is forbidden: maximum memory usage per Pod is 1Gi
            PodRefused           | the webhook       | admission webhook denied the request: the webhook does not like it
            """)
    void everyRefusalHasItsReason(String reason, String part, String message) {
        var problem = ReplicaProblems.of(deployment("ReplicaFailure", "True", message))
                .orElseThrow();
        assertThat(problem.reason()).isEqualTo(reason);
        assertThat(problem.message()).contains(part);
    }

    @Test
    void nothingIsReportedThatIsOver() {
        assertThat(ReplicaProblems.of(deployment("ReplicaFailure", "False", "exceeded quota")))
                .isEmpty();
        assertThat(ReplicaProblems.of(deployment("Progressing", "True", "exceeded quota")))
                .isEmpty();
        assertThat(ReplicaProblems.of(
                        new DeploymentBuilder().withNewMetadata().endMetadata().build()))
                .isEmpty();
    }

    @Test
    void aRefusalWithoutWordsIsStillOne() {
        assertThat(ReplicaProblems.of(deployment("ReplicaFailure", "True", null)))
                .map(Problem::reason)
                .contains("PodRefused");
    }

    private static Deployment deployment(String type, String status, String message) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType(type)
                .withStatus(status)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
    }
}

package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a person sees who has nothing but kubectl: a well agent, a resting, a broken and a paused one. */
@Tag("cluster")
class DescribeTest {
    /** Most that any object takes in etcd and in every watcher's memory. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final String CHILDREN = "agents,deployments,services,configmaps,serviceaccounts,networkpolicies,"
            + "poddisruptionbudgets,horizontalpodautoscalers,pods";
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = new Cluster("describe");
        // Scaling, so that every kind of child is there to be measured.
        cluster.apply("well", "{" + Cluster.SMALL + ", scaling: {minReplicas: 1, maxReplicas: 2}, replicas: 2}");
        cluster.apply("resting", "{operatingMode: Suspended, suspendReason: 'audit, ticket 1234', replicas: 3}");
        // Pulled for real, from this node, where nobody listens; Never would tell another story.
        cluster.apply("broken", "{image: 'localhost/no/such:1', " + Cluster.SMALL + "}");
        cluster.awaitReady("well");
        cluster.awaitCondition("resting", "Ready", "True", "Suspended");
        cluster.awaitCondition("broken", "Ready", "False", "ImagePullFailed");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static List<String> row(String agent) {
        return cluster.kubectl("get", "agent", agent, "--no-headers")
                .lines()
                .findFirst()
                .map(line -> Arrays.asList(line.trim().split("\\s+")))
                .orElseThrow();
    }

    private static String describe(String agent) {
        return cluster.kubectl("describe", "agent", agent);
    }

    @Test
    void theTableTellsOneFromTheOther() {
        var header = cluster.kubectl("get", "agents").lines().findFirst().orElseThrow();
        assertThat(header.trim().split("\\s+"))
                .containsExactly("NAME", "MODE", "PHASE", "DESIRED", "READY", "REASON", "ISOLATED", "AGE");
        // The autoscaler may have its own mind of the well one's number.
        assertThat(row("well")).hasSize(8).containsSubsequence("well", "Collaborative", "Running", "Available", "True");
        // No pod has proved anything: Unknown, and not a claim.
        assertThat(row("resting").subList(0, 7))
                .containsExactly("resting", "Collaborative", "Suspended", "3", "0", "Suspended", "Unknown");
        assertThat(row("broken").subList(0, 6))
                .containsExactly("broken", "Collaborative", "Failed", "1", "0", "ImagePullFailed");
        assertThat(cluster.kubectl("get", "agents", "-o", "wide")).contains("EGRESS", "IMAGE", "localhost/no/such:1");
    }

    @Test
    void aWellAgentSaysWhatHoldsAndWhoPutItThere() {
        var text = describe("well");
        assertThat(text)
                .containsPattern("Message: +all [12] replicas are ready")
                .containsPattern("Reason: +Available\n +Status: +True\n +Type: +Ready")
                .containsPattern("Reason: +Serving\n +Status: +True\n +Type: +Serving")
                .containsPattern("Reason: +Enforced\n +Status: +True\n +Type: +NetworkIsolated")
                .containsPattern("Reason: +Restricted\n +Status: +True\n +Type: +Hardened")
                .containsPattern("Reason: +Unrestricted\n +Status: +True\n +Type: +PolicyResolved")
                .doesNotContain("Stalled", "Last Failure");
        assertThat(text)
                .as("what the agent says itself, and what it leaves to the operator")
                .containsPattern("Name: +resources.requests.cpu\n +Origins:\n +Agent\n +Value: +10m")
                .containsPattern("Name: +resources.limits.memory\n +Origins:\n +OperatorDefault\n +Value: +\\d+Mi")
                .containsPattern("Name: +image\n +Origins:\n +OperatorDefault\n +Value: +\\S+");
        assertThat(events(text))
                .containsPattern("Normal +Available .*agentrun-operator +Ready: all [12] replicas are ready");
    }

    @Test
    void aRestingAgentSaysWhyAndTheWayBack() {
        var text = describe("resting");
        assertThat(text)
                .containsPattern(
                        "Message: +held at 0 replicas by spec.operatingMode: audit, ticket 1234. Set operatingMode"
                                + " Running to bring back 3")
                .containsPattern("Reason: +Suspended\n +Status: +True\n +Type: +Ready")
                .containsPattern("Reason: +Suspended\n +Status: +False\n +Type: +Serving")
                .containsPattern("Phase: +Suspended");
        assertThat(events(text))
                .containsPattern("Normal +Suspended .*audit, ticket 1234")
                .doesNotContain("Warning");
    }

    @Test
    void aBrokenAgentSaysWhatIsWrongAndWhatToDo() {
        var text = describe("broken");
        assertThat(text)
                .containsPattern("Message: +.*localhost/no/such:1.*Correct spec.image")
                .containsPattern("Reason: +ImagePullFailed\n +Status: +False\n +Type: +Ready")
                .containsPattern("Reason: +ImagePullFailed\n +Status: +False\n +Type: +Serving")
                .containsPattern("Name: +image\n +Origins:\n +Agent\n +Value: +localhost/no/such:1")
                .containsPattern("Phase: +Failed")
                .doesNotContain("Exception", "\tat ");
        assertThat(events(text)).containsPattern("Warning +ImagePullFailed .*Ready: .*localhost/no/such:1");
    }

    /** Events of the agent itself, which is all that describe shows of them. */
    private static String events(String description) {
        assertThat(description).contains("\nEvents:");
        return description.substring(description.indexOf("\nEvents:"));
    }

    @Test
    void everyFieldIsExplained() {
        assertThat(cluster.kubectl("explain", "agent.spec.egress"))
                .contains("What the agent may reach", "FIELDS:")
                .containsPattern("cidrs\\s+<\\[\\]string>\\s+Address ranges for mode Direct")
                .containsPattern("mode\\s+<string>\\s+enum: Direct, None, Proxy\\s+None: nothing, DNS included")
                .containsPattern("services\\s+<\\[\\]Object>\\s+Services in the same namespace");
        assertThat(cluster.kubectl("explain", "agent.status.effective")).contains("What holds after every restriction");
    }

    @Test
    void noObjectIsLarge() {
        var all = Serialization.unmarshal(
                cluster.kubectl("get", CHILDREN, "-o", "json", "--show-managed-fields"),
                GenericKubernetesResourceList.class);
        assertThat(all.getItems())
                .extracting(item -> item.getKind())
                .contains(
                        "Agent",
                        "Deployment",
                        "Service",
                        "ConfigMap",
                        "ServiceAccount",
                        "NetworkPolicy",
                        "HorizontalPodAutoscaler",
                        "Pod");
        assertThat(all.getItems())
                .allSatisfy(item -> assertThat(Serialization.asJson(item).getBytes(StandardCharsets.UTF_8))
                        .as("%s %s", item.getKind(), item.getMetadata().getName())
                        .hasSizeLessThan(MOST_BYTES));
    }

    @Test
    void aPausedAgentSaysSoAndIsLeftAloneUntilItIsNot() {
        cluster.apply("held", "{" + Cluster.SHELL + "}");
        var seen = cluster.awaitReady("held").getStatus().observedGeneration();
        cluster.kubectl("annotate", "agent", "held", "agentrun.io/paused=true");
        assertThat(cluster.awaitCondition("held", "Paused", "True", "Annotation")
                        .message())
                .contains("agentrun.io/paused", "remove it to go on");
        assertThat(events(describe("held"))).containsPattern("Normal +Annotation .*Paused: not reconciled");

        cluster.patch("held", "{\"replicas\":2}");
        // Nothing can be waited for; a later agent that has become Ready shows that the operator came past.
        cluster.apply("later", "{" + Cluster.SHELL + "}");
        cluster.awaitReady("later");
        assertThat(cluster.pods("held")).hasSize(1);
        assertThat(cluster.agent("held").getMetadata().getGeneration()).isGreaterThan(seen);
        assertThat(cluster.agent("held").getStatus().observedGeneration())
                .as("the status does not speak of what was not looked at")
                .isEqualTo(seen);

        cluster.kubectl("annotate", "agent", "held", "agentrun.io/paused-");
        Cluster.await("the change to be acted on")
                .until(() -> cluster.pods("held").size() == 2);
        cluster.awaitReady("held");
        assertThat(cluster.condition("held", "Paused")).isEmpty();
    }
}

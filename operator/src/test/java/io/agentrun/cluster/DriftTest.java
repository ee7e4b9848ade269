package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentrun.kube.Difference;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Nobody but the operator changes what it made, a cluster-admin included; and what gets past admission is put back. */
@Tag("cluster")
class DriftTest {
    private static final String BINDING = "agentrun-children";
    private static Cluster cluster;

    /** What somebody might do to a child: the kind, and a JSON patch. */
    private record Edit(String what, String kind, String patch) {}

    private static final List<Edit> EDITS = List.of(
            new Edit(
                    "privileged sidecar",
                    "Deployment",
                    "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/-\",\"value\":{\"name\":\"evil\","
                            + "\"image\":\"evil\",\"securityContext\":{\"privileged\":true}}}]"),
            new Edit(
                    "hostNetwork",
                    "Deployment",
                    "[{\"op\":\"add\",\"path\":\"/spec/template/spec/hostNetwork\",\"value\":true}]"),
            new Edit(
                    "added capability",
                    "Deployment",
                    "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/securityContext/capabilities/add\","
                            + "\"value\":[\"NET_ADMIN\"]}]"),
            new Edit(
                    "swapped image",
                    "Deployment",
                    "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"evil\"}]"),
            new Edit("scaled", "Deployment", "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":5}]"),
            new Edit(
                    "foreign egress rule",
                    "NetworkPolicy",
                    "[{\"op\":\"add\",\"path\":\"/spec/egress/-\",\"value\":{}}]"),
            new Edit(
                    "foreign ingress rule",
                    "NetworkPolicy",
                    "[{\"op\":\"add\",\"path\":\"/spec/ingress/-\",\"value\":{}}]"),
            new Edit(
                    "label taken off",
                    "NetworkPolicy",
                    "[{\"op\":\"remove\",\"path\":\"/metadata/labels/app.kubernetes.io~1managed-by\"}]"),
            new Edit(
                    "Service elsewhere",
                    "Service",
                    "[{\"op\":\"replace\",\"path\":\"/spec/selector\",\"value\":{\"a\":\"b\"}}]"),
            new Edit(
                    "other document",
                    "ConfigMap",
                    "[{\"op\":\"replace\",\"path\":\"/data\",\"value\":{\"agent.json\":\"{}\"}}]"),
            new Edit(
                    "token mounted",
                    "ServiceAccount",
                    "[{\"op\":\"replace\",\"path\":\"/automountServiceAccountToken\",\"value\":true}]"),
            new Edit(
                    "budget opened",
                    "PodDisruptionBudget",
                    "[{\"op\":\"replace\",\"path\":\"/spec/maxUnavailable\",\"value\":\"100%\"}]"),
            new Edit(
                    "autoscaler raised",
                    "HorizontalPodAutoscaler",
                    "[{\"op\":\"replace\",\"path\":\"/spec/maxReplicas\",\"value\":100}]"));

    @BeforeAll
    static void start() {
        cluster = new Cluster("drift");
        cluster.apply("drift", "{replicas: 2, scaling: {}}");
        cluster.awaitReady("drift");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static Map<String, HasMetadata> children() {
        var children = new TreeMap<String, HasMetadata>();
        var client = cluster.client();
        for (var list : List.of(
                client.apps().deployments(),
                client.services(),
                client.configMaps(),
                client.serviceAccounts(),
                client.network().v1().networkPolicies(),
                client.policy().v1().podDisruptionBudget(),
                client.autoscaling().v2().horizontalPodAutoscalers())) {
            HasMetadata child = list.inNamespace(cluster.namespace())
                    .withName("agent-drift")
                    .get();
            if (child != null) {
                children.put(child.getKind(), child);
            }
        }
        return children;
    }

    private static void edit(Edit edit) {
        cluster.client().resource(children().get(edit.kind())).patch(PatchContext.of(PatchType.JSON), edit.patch());
    }

    @TestFactory
    @ResourceLock("admission")
    List<DynamicTest> editsAreRefusedWithAPointerToTheAgent() {
        return EDITS.stream()
                .map(edit -> DynamicTest.dynamicTest(
                        edit.kind() + ": " + edit.what(),
                        () -> assertThatThrownBy(() -> edit(edit))
                                .isInstanceOf(KubernetesClientException.class)
                                .hasMessageContaining("written by the AgentRun operator only: edit the Agent instead")))
                .toList();
    }

    @Test
    @ResourceLock("admission")
    void deletingAndScalingAndRelabellingAreRefusedAndDeletingAPodIsNot() {
        for (var child : children().values()) {
            assertThatThrownBy(() -> cluster.client().resource(child).delete())
                    .as(child.getKind())
                    .hasMessageContaining("written by the AgentRun operator only");
        }
        assertThat(cluster.kubectl("scale", "deployment", "agent-drift", "--replicas=5"))
                .contains("written by the AgentRun operator only");
        assertThat(cluster.kubectl("label", "pod", "-l", "agentrun.io/agent=drift", "agentrun.io/agent-"))
                .contains("written by the AgentRun operator only");
        assertThat(cluster.kubectl("rollout", "restart", "deployment/agent-drift"))
                .contains("written by the AgentRun operator only");
        var pod = cluster.pods("drift").getFirst();
        assertThat(cluster.kubectl("delete", "pod", pod.getMetadata().getName(), "--wait=false"))
                .contains("deleted");
        cluster.awaitReady("drift");
    }

    @Test
    @ResourceLock("admission")
    void withoutAdmissionWhatWasChangedOrDeletedIsPutBack() {
        var wanted = children();
        assertThat(wanted).hasSize(7);
        var bindings = cluster.client().resources(ValidatingAdmissionPolicyBinding.class);
        var binding = bindings.withName(BINDING).get();
        bindings.withName(BINDING).delete();
        try {
            cluster.awaitCondition("drift", "NetworkIsolated", "False", "AdmissionPolicyMissing");
            for (var edit : EDITS) {
                // The API server's policy goes a moment after its object.
                Cluster.await("no admission for " + edit.what()).until(() -> {
                    edit(edit);
                    return true;
                });
                awaitRestored(wanted, edit.kind(), edit.what());
            }
            for (var child : wanted.values()) {
                cluster.client().resource(child).delete();
                awaitRestored(wanted, child.getKind(), "deleted");
            }
        } finally {
            binding.getMetadata().setResourceVersion(null);
            binding.getMetadata().setUid(null);
            cluster.client().resource(binding).create();
        }
        cluster.awaitReady("drift");
        cluster.awaitCondition("drift", "NetworkIsolated", "True", "Enforced");
        Cluster.await("admission in force again")
                .untilAsserted(() -> assertThatThrownBy(() -> edit(EDITS.getFirst()))
                        .hasMessageContaining("written by the AgentRun operator only"));
    }

    private static void awaitRestored(Map<String, HasMetadata> wanted, String kind, String what) {
        Cluster.await(kind + " after " + what).untilAsserted(() -> {
            var have = children().get(kind);
            assertThat(have).as(kind).isNotNull();
            assertThat(Difference.between(wanted.get(kind), have)).isEmpty();
        });
    }

    @Test
    void aPolicyThatWidensIsNamedAndOneForNamesOnlyIsNotHeldAgainstTheAgent() {
        cluster.apply("wide", "{}");
        cluster.awaitReady("wide");
        cluster.awaitCondition("wide", "NetworkIsolated", "True", "Enforced");
        policy("everything", "podSelector: {}, policyTypes: [Egress], egress: [{}]");
        assertThat(cluster.awaitCondition("wide", "NetworkIsolated", "False", "WidenedByPolicy")
                        .message())
                .contains("everything (egress)", "Delete them");
        cluster.kubectl("delete", "networkpolicy", "everything");
        cluster.awaitCondition("wide", "NetworkIsolated", "True", "Enforced");
        policy(
                "incoming",
                "podSelector: {matchExpressions: [{key: agentrun.io/agent, operator: Exists}]}, policyTypes: [Ingress],"
                        + " ingress: [{from: [{podSelector: {}}]}]");
        assertThat(cluster.awaitCondition("wide", "NetworkIsolated", "False", "WidenedByPolicy")
                        .message())
                .contains("incoming (ingress)");
        cluster.kubectl("delete", "networkpolicy", "incoming");
        policy("names", "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]");
        Cluster.await("names to be reported")
                .untilAsserted(() -> assertThat(
                                cluster.condition("wide", "NetworkIsolated").orElseThrow())
                        .satisfies(c -> assertThat(c.status().name()).isEqualTo("True"))
                        .satisfies(c -> assertThat(c.message()).contains("name resolution is opened by names")));
    }

    private static void policy(String name, String spec) {
        cluster.client()
                .resource("""
                        apiVersion: networking.k8s.io/v1
                        kind: NetworkPolicy
                        metadata: {name: %s, namespace: %s}
                        spec: {%s}
                        """.formatted(name, cluster.namespace(), spec))
                .create();
    }

    @Test
    void anObjectOfSomebodyElseIsNeverTouched() {
        cluster.client().resource("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: agent-taken, namespace: %s}
                        data: {mine: "yes"}
                        """.formatted(cluster.namespace())).create();
        cluster.apply("taken", "{}");
        var message =
                cluster.awaitCondition("taken", "Ready", "False", "NameTaken").message();
        assertThat(message)
                .contains("ConfigMap agent-taken exists already and belongs to no agent", "delete or rename it");
        cluster.awaitCondition("taken", "Stalled", "True", "NameTaken");
        assertThat(cluster.client()
                        .configMaps()
                        .inNamespace(cluster.namespace())
                        .withName("agent-taken")
                        .get()
                        .getData())
                .isEqualTo(Map.of("mine", "yes"));
        cluster.kubectl("delete", "configmap", "agent-taken");
        // It would be tried again in five minutes; a touch is the impatient owner's way.
        cluster.kubectl("annotate", "agent", "taken", "touched=now");
        cluster.awaitReady("taken");
    }
}

package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The operator's rights are what it uses: no more that could hurt, and nothing that it is refused. */
@Tag("cluster")
class RbacTest {
    private static List<PolicyRule> rules(KubernetesClient client) throws IOException {
        try (var file = Files.newInputStream(Cluster.repository("k8s/base/rbac.yaml"))) {
            return client.load(file).items().stream()
                    .<PolicyRule>flatMap(object -> switch (object) {
                        case ClusterRole role -> role.getRules().stream();
                        case Role role -> role.getRules().stream();
                        default -> java.util.stream.Stream.empty();
                    })
                    .toList();
        }
    }

    private static Set<String> granted(KubernetesClient client) throws IOException {
        return rules(client).stream()
                .flatMap(rule -> rule.getResources().stream()
                        .flatMap(resource -> rule.getVerbs().stream()
                                .map(verb -> verb + " " + resource + "."
                                        + rule.getApiGroups().getFirst())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void noWildcardNoSecretNoEscalation() throws IOException {
        try (var client = new KubernetesClientBuilder().build()) {
            var rules = rules(client);
            assertThat(rules).hasSizeGreaterThan(8);
            assertThat(rules).allSatisfy(rule -> {
                assertThat(rule.getVerbs()).doesNotContain("*", "escalate", "bind", "impersonate");
                assertThat(rule.getResources()).doesNotContain("*", "secrets", "serviceaccounts/token", "pods/exec");
                assertThat(rule.getApiGroups()).hasSize(1).doesNotContain("*", "rbac.authorization.k8s.io");
            });
        }
    }

    @Test
    void everyRequestIsGrantedByTheFileAndNoneWasForbidden() throws IOException {
        try (var cluster = new Cluster("rbac")) {
            var requests = AuditLog.whole().byOperator(cluster);
            assertThat(requests).isNotEmpty();
            assertThat(requests.stream().filter(AuditLog.Request::forbidden)).isEmpty();
            var used = requests.stream()
                    .filter(request -> !request.resource().isEmpty())
                    .map(request -> request.verb() + " " + request.resource() + "." + request.group())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(granted(cluster.client())).containsAll(used);
        }
    }

    @Test
    void noSecretCanBeRead() {
        try (var client = new KubernetesClientBuilder().build()) {
            for (var verb : List.of("get", "list", "watch", "create", "update", "delete")) {
                for (var namespace : List.of("default", "kube-system", Cluster.SYSTEM)) {
                    var review = client.resource(new SubjectAccessReviewBuilder()
                                    .withNewSpec()
                                    .withUser(Cluster.OPERATOR)
                                    .withGroups(
                                            "system:serviceaccounts",
                                            "system:serviceaccounts:" + Cluster.SYSTEM,
                                            "system:authenticated")
                                    .withNewResourceAttributes()
                                    .withVerb(verb)
                                    .withResource("secrets")
                                    .withNamespace(namespace)
                                    .endResourceAttributes()
                                    .endSpec()
                                    .build())
                            .create();
                    assertThat(review.getStatus().getAllowed())
                            .as("%s secrets in %s", verb, namespace)
                            .isFalse();
                }
            }
        }
    }
}

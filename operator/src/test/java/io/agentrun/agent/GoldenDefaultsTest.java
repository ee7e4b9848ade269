package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Children are compared whole, so a field that the API server would fill in must be written out, or it differs for ever. {@code
 * IdempotenceTest} asks a real API server; this says which field is missing, and needs none.
 */
class GoldenDefaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POD = "Deployment.spec.template.spec";

    /**
     * Fields that the API server fills in when they are missing, by the object that has them, after Kubernetes' defaults.go of
     * apps/v1, core/v1, networking/v1 and autoscaling/v2. A row that no case meets is a row that proves nothing.
     */
    private static final Map<String, List<String>> DEFAULTED = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "Deployment.spec",
                    List.of("replicas", "strategy", "revisionHistoryLimit", "progressDeadlineSeconds")),
            Map.entry("Deployment.spec.strategy", List.of("type")),
            Map.entry("Deployment.spec.strategy.rollingUpdate", List.of("maxSurge", "maxUnavailable")),
            Map.entry(
                    POD,
                    List.of(
                            "restartPolicy",
                            "dnsPolicy",
                            "schedulerName",
                            "terminationGracePeriodSeconds",
                            "securityContext",
                            "enableServiceLinks",
                            // The old name of serviceAccountName, which the API server keeps beside it.
                            "serviceAccount")),
            Map.entry(
                    POD + ".containers[]",
                    List.of("imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy", "resources")),
            Map.entry(
                    POD + ".initContainers[]",
                    List.of("imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy", "resources")),
            Map.entry(POD + ".containers[].ports[]", List.of("protocol")),
            Map.entry(POD + ".containers[].startupProbe", probe()),
            Map.entry(POD + ".containers[].readinessProbe", probe()),
            Map.entry(POD + ".containers[].livenessProbe", probe()),
            Map.entry(POD + ".containers[].livenessProbe.httpGet", List.of("path", "scheme")),
            Map.entry(POD + ".volumes[].configMap", List.of("defaultMode")),
            Map.entry(POD + ".volumes[].secret", List.of("defaultMode")),
            Map.entry("Service.spec", List.of("type", "sessionAffinity", "internalTrafficPolicy")),
            Map.entry("Service.spec.ports[]", List.of("protocol", "targetPort")),
            Map.entry("NetworkPolicy.spec", List.of("policyTypes")),
            Map.entry("NetworkPolicy.spec.ingress[].ports[]", List.of("protocol")),
            Map.entry("NetworkPolicy.spec.egress[].ports[]", List.of("protocol")),
            Map.entry("HorizontalPodAutoscaler.spec", List.of("minReplicas", "metrics", "behavior")),
            Map.entry("HorizontalPodAutoscaler.spec.behavior.scaleUp", scaling()),
            Map.entry("HorizontalPodAutoscaler.spec.behavior.scaleDown", scaling())));

    private static List<String> probe() {
        return List.of("timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold");
    }

    private static List<String> scaling() {
        return List.of("selectPolicy", "policies", "stabilizationWindowSeconds");
    }

    static Stream<GoldenCase> cases() {
        return GoldenCase.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyDefaultIsWrittenOut(GoldenCase golden) {
        var missing = new ArrayList<String>();
        golden.children()
                .forEach(child -> walk(
                        child,
                        (path, node) -> DEFAULTED.getOrDefault(path, List.of()).stream()
                                .filter(field -> !node.has(field))
                                .forEach(field -> missing.add(path + "." + field))));
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyLimitHasARequest(GoldenCase golden) {
        golden.children()
                .forEach(child -> walk(child, (path, node) -> {
                    if (path.endsWith(".resources")) {
                        assertThat(names(node.get("requests"))).as(path).containsAll(names(node.get("limits")));
                    }
                }));
    }

    @Test
    void everyRowOfTheTableIsMet() {
        var met = new TreeSet<String>();
        GoldenCase.all()
                .forEach(golden -> golden.children().forEach(child -> walk(child, (path, node) -> met.add(path))));
        assertThat(met).containsAll(DEFAULTED.keySet());
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Visits every object, by its path. */
    private static void walk(HasMetadata child, BiConsumer<String, JsonNode> visitor) {
        try {
            walk(child.getKind(), JSON.readTree(Serialization.asJson(child)), visitor);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void walk(String path, JsonNode node, BiConsumer<String, JsonNode> visitor) {
        if (node.isObject()) {
            visitor.accept(path, node);
            node.properties().forEach(entry -> walk(path + "." + entry.getKey(), entry.getValue(), visitor));
        } else if (node.isArray()) {
            node.forEach(item -> walk(path + "[]", item, visitor));
        }
    }
}

package io.agentrun.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.EffectiveValue;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The document that the agent reads, at {@code /etc/agentrun/agent.json}. It takes the kubelet up to a minute and a half to
 * carry a change into the pod, so nothing that must act at once is judged by it.
 */
final class AgentConfig {
    /** Folder of the document in the container. */
    static final String FOLDER = "/etc/agentrun";
    /** Key in the ConfigMap and name of the file. */
    static final String FILE = "agent.json";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private AgentConfig() {}

    static ConfigMap render(Agent agent, Effective effective) {
        return new ConfigMapBuilder()
                .withMetadata(Names.metadata(agent))
                .withData(Map.of(FILE, document(agent, effective)))
                .build();
    }

    private static String document(Agent agent, Effective effective) {
        var spec = agent.getSpec();
        var document = new TreeMap<String, Object>();
        document.put("name", agent.getMetadata().getName());
        document.put("namespace", agent.getMetadata().getNamespace());
        document.put("executionMode", spec.executionMode().name());
        document.put("shutdownTimeout", spec.lifecycle().shutdownTimeout().text());
        // The replica count belongs to the autoscaler, not to the agent: a document that changes with it would be
        // written
        // at every step of scaling.
        document.put(
                "effective",
                effective.describe().stream()
                        .filter(value -> !value.name().equals("replicas"))
                        .collect(Collectors.toMap(
                                EffectiveValue::name, EffectiveValue::value, (a, b) -> a, TreeMap::new)));
        try {
            return JSON.writeValueAsString(document) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts can't fail to become JSON", e);
        }
    }
}

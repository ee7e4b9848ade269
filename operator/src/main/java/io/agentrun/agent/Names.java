package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.TreeMap;

/** Names and labels of an agent's children. */
public final class Names {
    /** Label key of the manager, on every child. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** Value of {@link #MANAGED_BY}; also the field manager of every write. */
    public static final String OPERATOR = "agentrun-operator";
    /** Label with the agent's full name, on every child and pod. */
    public static final String AGENT = "agentrun.io/agent";
    /** Tells agent pods from others (trigger pods) in every selector. */
    public static final String COMPONENT = "app.kubernetes.io/component";
    /** Value of {@link #COMPONENT} for agent pods. */
    public static final String AGENT_COMPONENT = "agent";
    /** Annotation on an Agent: {@code "true"} stops reconciling it. */
    public static final String PAUSED = "agentrun.io/paused";
    /** Selects every child in an informer. */
    public static final String CHILDREN = MANAGED_BY + "=" + OPERATOR;

    private Names() {}

    /** Name of every child but the triggers'. */
    public static String child(Agent agent) {
        return "agent-" + agent.getMetadata().getName();
    }

    /** Labels of every child. */
    public static Map<String, String> labels(Agent agent) {
        var labels = new TreeMap<>(selector(agent));
        labels.put("app.kubernetes.io/part-of", "agentrun");
        labels.put("app.kubernetes.io/name", agent.getMetadata().getName());
        return labels;
    }

    /** What selects the agent's pods, and nothing else's. */
    public static Map<String, String> selector(Agent agent) {
        return new TreeMap<>(
                Map.of(AGENT, agent.getMetadata().getName(), COMPONENT, AGENT_COMPONENT, MANAGED_BY, OPERATOR));
    }

    /** {@link #selector} as text, for the scale subresource. */
    public static String selectorText(Agent agent) {
        var text = new StringBuilder();
        selector(agent)
                .forEach((key, value) -> text.append(text.isEmpty() ? "" : ",")
                        .append(key)
                        .append('=')
                        .append(value));
        return text.toString();
    }

    /** Metadata of a child: named, labelled and owned. {@code blockOwnerDeletion} would need a right on agents/finalizers. */
    static ObjectMeta metadata(Agent agent) {
        return new ObjectMetaBuilder()
                .withName(child(agent))
                .withNamespace(agent.getMetadata().getNamespace())
                .withLabels(labels(agent))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(agent.getApiVersion())
                        .withKind(agent.getKind())
                        .withName(agent.getMetadata().getName())
                        .withUid(agent.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(false)
                        .build())
                .build();
    }
}

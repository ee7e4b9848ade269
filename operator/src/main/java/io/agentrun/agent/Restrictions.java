package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.restriction.ImageRule;
import io.agentrun.restriction.Limit;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Where an agent's restrictions come from. Each source answers for one agent out of its cache; the meet makes order and number
 * irrelevant.
 *
 * @param sources asked one after the other
 */
record Restrictions(List<Function<Agent, List<Restriction>>> sources) {
    /** Origin of the caps in the operator's configuration. */
    static final String OPERATOR_CAP = "OperatorCap";

    Restrictions {
        sources = List.copyOf(sources);
    }

    /** Everything that holds the agent, met. */
    Restriction of(Agent agent) {
        return Restriction.meet(
                sources.stream().flatMap(source -> source.apply(agent).stream()).toList());
    }

    /** The caps of the configuration, the same for every agent. */
    static Restriction caps(OperatorConfig.Caps caps) {
        var resources = new TreeMap<String, Limit<Quantity>>();
        caps.resources().forEach((name, amount) -> resources.put(name, Limit.of(new Quantity(amount), OPERATOR_CAP)));
        var images = new TreeSet<ImageRule>();
        if (caps.registries().isPresent() || caps.requireDigest()) {
            images.add(new ImageRule(
                    OPERATOR_CAP, new TreeSet<>(caps.registries().orElse(List.of())), caps.requireDigest()));
        }
        return new Restriction(
                caps.maxReplicas().map(max -> Limit.of(max, OPERATOR_CAP)).orElse(null),
                resources,
                caps.egressMode().map(mode -> Limit.of(mode, OPERATOR_CAP)).orElse(null),
                caps.isolationLevel()
                        .map(level -> Limit.of(level, OPERATOR_CAP))
                        .orElse(null),
                images);
    }
}

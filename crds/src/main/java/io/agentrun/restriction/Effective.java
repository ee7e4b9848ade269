package io.agentrun.restriction;

import io.agentrun.api.v1alpha1.AgentSpec;
import io.agentrun.api.v1alpha1.EffectiveValue;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.agentrun.api.v1alpha1.OperatingMode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What holds for one agent: its wish, clipped by a restriction. Each value knows who put it there.
 *
 * @param image the image that runs
 * @param replicas pods to run now
 * @param wished pods that the owner (or the autoscaler) asked for; more than {@code replicas} while something holds
 * @param requests by resource name
 * @param limits by resource name, before memory scratch is added
 * @param egressMode what may be reached
 * @param isolationLevel how hard the pods are shut in
 * @param refusals why the agent may not run at all; empty when it may
 */
public record Effective(
        Limit<String> image,
        Limit<Integer> replicas,
        int wished,
        SortedMap<String, Limit<Quantity>> requests,
        SortedMap<String, Limit<Quantity>> limits,
        Limit<EgressMode> egressMode,
        Limit<IsolationLevel> isolationLevel,
        List<String> refusals) {
    /** Origin of what the owner wrote. */
    public static final String AGENT = "Agent";
    /** Origin of what the owner left out and the operator's configuration filled in. */
    public static final String DEFAULT = "OperatorDefault";

    /**
     * What an agent gets that says nothing.
     *
     * @param image the reference worker
     * @param requests by resource name
     * @param limits by resource name
     */
    public record Defaults(String image, Map<String, Quantity> requests, Map<String, Quantity> limits) {
        /** Copies the maps. */
        public Defaults {
            requests = Map.copyOf(requests);
            limits = Map.copyOf(limits);
        }
    }

    /** Whether a restriction or the owner's own mode holds fewer pods than wished; the autoscaler must then keep still. */
    public boolean held() {
        return replicas.value() < wished;
    }

    /** The meet of a wish and a restriction. */
    public static Effective of(AgentSpec spec, Restriction restriction, Defaults defaults) {
        var image = spec.image() == null ? Limit.of(defaults.image(), DEFAULT) : Limit.of(spec.image(), AGENT);
        var egress = strictest(spec.egress().mode(), restriction.egressMode());
        var isolation = strictest(spec.isolation().level(), restriction.isolationLevel());
        var refusals = new ArrayList<String>();
        restriction.images().forEach(rule -> rule.refuses(image.value()).ifPresent(refusals::add));
        if (isolation.value() == IsolationLevel.Strict && egress.value() == EgressMode.Direct) {
            refusals.add("egress.mode Direct does not go with isolation level Strict ("
                    + String.join(", ", isolation.origins()) + "): set mode Proxy or None");
        }
        var limits = limits(spec, restriction, defaults);
        return new Effective(
                image,
                replicas(spec, restriction, refusals),
                spec.replicas(),
                requests(spec, defaults, limits),
                limits,
                egress,
                isolation,
                List.copyOf(refusals));
    }

    private static Limit<Integer> replicas(AgentSpec spec, Restriction restriction, List<String> refusals) {
        var wish = Limit.of(spec.replicas(), AGENT);
        if (spec.operatingMode() != OperatingMode.Running) {
            return Limit.of(0, AGENT + " (operatingMode " + spec.operatingMode() + ")");
        }
        if (!refusals.isEmpty()) {
            return Limit.of(0, "refused");
        }
        return Limit.meet(wish, restriction.maxReplicas(), java.util.Comparator.naturalOrder());
    }

    private static <E extends Enum<E>> Limit<E> strictest(E wish, Limit<E> bound) {
        return Limit.meet(Limit.of(wish, AGENT), bound, java.util.Comparator.reverseOrder());
    }

    private static SortedMap<String, Limit<Quantity>> limits(
            AgentSpec spec, Restriction restriction, Defaults defaults) {
        var limits = new TreeMap<String, Limit<Quantity>>();
        defaults.limits().forEach((name, amount) -> limits.put(name, Limit.of(amount, DEFAULT)));
        // A request above the default limit raises the limit with it, or the owner would have to write both.
        spec.resources()
                .requests()
                .forEach((name, amount) -> limits.computeIfPresent(
                        name,
                        (n, d) ->
                                Quantities.SMALLER_FIRST.compare(d.value(), amount) < 0 ? Limit.of(amount, AGENT) : d));
        // A device is limited as it is requested; before the caps, or a request alone would pass them.
        spec.resources().requests().forEach((name, amount) -> {
            if (name.contains("/")) {
                limits.put(name, Limit.of(amount, AGENT));
            }
        });
        spec.resources().limits().forEach((name, amount) -> limits.put(name, Limit.of(amount, AGENT)));
        restriction
                .maxResources()
                .forEach((name, bound) -> limits.computeIfPresent(
                        name, (n, limit) -> Limit.meet(limit, bound, Quantities.SMALLER_FIRST)));
        return limits;
    }

    private static SortedMap<String, Limit<Quantity>> requests(
            AgentSpec spec, Defaults defaults, SortedMap<String, Limit<Quantity>> limits) {
        var requests = new TreeMap<String, Limit<Quantity>>();
        defaults.requests().forEach((name, amount) -> requests.put(name, Limit.of(amount, DEFAULT)));
        spec.resources().requests().forEach((name, amount) -> requests.put(name, Limit.of(amount, AGENT)));
        // Extended resources (GPUs) need a request equal to the limit; Kubernetes would fill it in, so we write it.
        limits.forEach((name, limit) ->
                requests.merge(name, limit, (request, l) -> Limit.meet(request, l, Quantities.SMALLER_FIRST)));
        return requests;
    }

    /** Every value with its origins, for {@code status.effective}, sorted by name. */
    public List<EffectiveValue> describe() {
        var values = new TreeMap<String, EffectiveValue>();
        put(values, "image", image.value(), image);
        put(values, "replicas", replicas.value().toString(), replicas);
        put(values, "egress.mode", egressMode.value().name(), egressMode);
        put(values, "isolation.level", isolationLevel.value().name(), isolationLevel);
        requests.forEach((name, limit) -> put(
                values,
                "resources.requests." + name,
                Quantities.canonical(limit.value()).toString(),
                limit));
        limits.forEach((name, limit) -> put(
                values,
                "resources.limits." + name,
                Quantities.canonical(limit.value()).toString(),
                limit));
        return List.copyOf(values.values());
    }

    private static void put(Map<String, EffectiveValue> values, String name, String value, Limit<?> limit) {
        values.put(name, new EffectiveValue(name, value, List.copyOf(new TreeSet<>(limit.origins()))));
    }
}

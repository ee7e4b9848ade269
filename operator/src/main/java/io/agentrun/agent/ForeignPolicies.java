package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * NetworkPolicies add up, so somebody else's can open what ours closes. Found here, named in {@code NetworkIsolated}.
 */
final class ForeignPolicies {
    private static final int DNS = 53;

    private ForeignPolicies() {}

    /**
     * What a foreign policy opens.
     *
     * @param name the policy
     * @param opens {@code ingress}, {@code egress} or {@code dns}
     */
    record Opening(String name, String opens) {
        /** Name resolution alone is reported, not held against the agent: many clusters open it everywhere. */
        boolean onlyDns() {
            return opens.equals("dns");
        }

        @Override
        public String toString() {
            return name + " (" + opens + ")";
        }
    }

    /**
     * Every opening that policies other than the agent's own make for its pods, sorted.
     *
     * @param policies of any namespace
     * @param pods the agent's own: they carry labels that are not in the wish, such as {@code pod-template-hash}
     */
    static List<Opening> openings(Agent agent, Collection<NetworkPolicy> policies, Collection<Pod> pods) {
        var wished = new TreeMap<>(agent.getSpec().podMetadata().labels());
        wished.putAll(Names.labels(agent));
        var labels = Stream.concat(
                        Stream.of(wished),
                        pods.stream().map(pod -> pod.getMetadata().getLabels()))
                .distinct()
                .toList();
        return policies.stream()
                .filter(policy -> policy.getMetadata()
                        .getNamespace()
                        .equals(agent.getMetadata().getNamespace()))
                // By name: anybody can write our owner reference into a policy of another name.
                .filter(policy -> !policy.getMetadata().getName().equals(Names.child(agent)))
                .filter(policy -> labels.stream()
                        .anyMatch(these -> selects(policy.getSpec().getPodSelector(), these)))
                .flatMap(ForeignPolicies::openings)
                .sorted(Comparator.comparing(Opening::toString))
                .toList();
    }

    private static Stream<Opening> openings(NetworkPolicy policy) {
        var name = policy.getMetadata().getName();
        var spec = policy.getSpec();
        var ingress = spec.getIngress().isEmpty() || !concerns(policy, "Ingress")
                ? Stream.<Opening>empty()
                : Stream.of(new Opening(name, "ingress"));
        if (spec.getEgress().isEmpty() || !concerns(policy, "Egress")) {
            return ingress;
        }
        var dns = spec.getEgress().stream().allMatch(ForeignPolicies::onlyDns);
        return Stream.concat(ingress, Stream.of(new Opening(name, dns ? "dns" : "egress")));
    }

    /** Rules of a direction that policyTypes leaves out open nothing; without policyTypes, both count. */
    private static boolean concerns(NetworkPolicy policy, String direction) {
        var types = policy.getSpec().getPolicyTypes();
        return types.isEmpty() || types.contains(direction);
    }

    private static boolean onlyDns(NetworkPolicyEgressRule rule) {
        return !rule.getPorts().isEmpty()
                && rule.getPorts().stream()
                        .allMatch(port -> port.getEndPort() == null
                                && port.getPort() != null
                                && Integer.valueOf(DNS).equals(port.getPort().getIntVal()));
    }

    static boolean selects(LabelSelector selector, Map<String, String> labels) {
        if (selector == null) {
            return true;
        }
        var byLabel = selector.getMatchLabels() == null
                || selector.getMatchLabels().entrySet().stream()
                        .allMatch(e -> e.getValue().equals(labels.get(e.getKey())));
        return byLabel && selector.getMatchExpressions().stream().allMatch(e -> matches(e, labels));
    }

    private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
        var value = labels.get(requirement.getKey());
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            // A newer operator that we do not know: suspect it.
            default -> true;
        };
    }
}

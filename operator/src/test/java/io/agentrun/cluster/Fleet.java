package io.agentrun.cluster;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.Condition;
import io.agentrun.api.v1alpha1.ConditionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Many agents on fake nodes, whose pods cost nothing. */
final class Fleet {
    /** Sends an agent's pods to kwok's nodes. */
    static final String ON_FAKE_NODES = "{scheduling: {nodeSelector: {type: kwok}, tolerations: [{key:"
            + " kwok.x-k8s.io/node, operator: Exists, effect: NoSchedule}]}}";

    private Fleet() {}

    /** Makes sure of fake nodes for this many pods. */
    static void nodes(int count) {
        Cluster.local("component", "start", "kwok");
        Cluster.local("fake-nodes", Integer.toString(count));
    }

    /** Does something {@code count} times, eight at a time. */
    static void inParallel(int count, IntConsumer action) {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var all = IntStream.range(0, count)
                    .mapToObj(i -> threads.submit(() -> action.accept(i)))
                    .toList();
            for (var one : all) {
                one.get();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many of the namespace's agents are Ready for their newest generation. */
    static long ready(KubernetesClient client, String namespace) {
        return agents(client, namespace).stream().filter(Fleet::ready).count();
    }

    static List<Agent> agents(KubernetesClient client, String namespace) {
        return client.resources(Agent.class).inNamespace(namespace).list().getItems();
    }

    private static boolean ready(Agent agent) {
        return agent.getStatus() != null
                && agent.getMetadata().getGeneration().equals(agent.getStatus().observedGeneration())
                && agent.getStatus().conditions().stream().anyMatch(Fleet::ready);
    }

    private static boolean ready(Condition condition) {
        return condition.type().equals("Ready") && condition.status() == ConditionStatus.True;
    }
}

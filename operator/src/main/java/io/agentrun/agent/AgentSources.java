package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that is watched for agents, and the caches behind it. Reading here never makes a request.
 *
 * <p>Two informers have no label selector: NetworkPolicies, since a foreign one can open what ours closes, and Services, since
 * an agent may be allowed to reach one.
 */
final class AgentSources {
    private static final String BY_POD = "pod";
    /** Events whose reason a pod's own status does not show; each is a watch of its own, since field selectors know no OR. */
    private static final List<String> WARNINGS = List.of("FailedMount", "FailedCreatePodSandBox");

    private final Map<Class<? extends HasMetadata>, InformerEventSource<? extends HasMetadata, Agent>> children =
            new LinkedHashMap<>();
    private final InformerEventSource<Pod, Agent> pods;
    private final List<InformerEventSource<Event, Agent>> warnings;
    private final EventSourceContext<Agent> context;

    AgentSources(EventSourceContext<Agent> context) {
        this.context = context;
        for (var kind : Children.KINDS) {
            children.put(kind, child(kind));
        }
        pods = pods();
        warnings = WARNINGS.stream().map(this::warning).toList();
    }

    List<EventSource<?, Agent>> all() {
        var all = new ArrayList<EventSource<?, Agent>>(children.values());
        all.add(pods);
        all.addAll(warnings);
        return all;
    }

    /** The agent's children, by their names. */
    List<HasMetadata> children(Agent agent) {
        var id = new ResourceID(Names.child(agent), agent.getMetadata().getNamespace());
        return children.values().stream()
                .<Optional<? extends HasMetadata>>map(source -> source.get(id))
                .flatMap(Optional::stream)
                .map(HasMetadata.class::cast)
                .toList();
    }

    /** The Services that the agent names in {@code egress.services}, as far as they exist. */
    Map<String, Service> services(Agent agent) {
        return agent.getSpec().egress().services().stream()
                .map(wish -> source(Service.class)
                        .get(new ResourceID(wish.name(), agent.getMetadata().getNamespace())))
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(s -> s.getMetadata().getName(), s -> s, (a, b) -> a));
    }

    Optional<Deployment> deployment(Agent agent) {
        return source(Deployment.class)
                .get(new ResourceID(Names.child(agent), agent.getMetadata().getNamespace()));
    }

    List<Pod> pods(Agent agent) {
        return pods.getSecondaryResources(agent).stream()
                .filter(pod -> Names.AGENT_COMPONENT.equals(
                        pod.getMetadata().getLabels().get(Names.COMPONENT)))
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    Map<String, List<Event>> warnings(List<Pod> of) {
        return of.stream()
                .collect(Collectors.toMap(
                        pod -> pod.getMetadata().getName(),
                        pod -> warnings.stream()
                                .flatMap(source -> source.byIndex(BY_POD, key(pod)).stream())
                                .filter(event -> pod.getMetadata()
                                        .getUid()
                                        .equals(event.getInvolvedObject().getUid()))
                                .toList()));
    }

    /**
     * Every NetworkPolicy that could select the agent's pods. One that asks for another agent's label can't; leaving those out
     * keeps a namespace of a thousand agents cheap.
     */
    List<NetworkPolicy> policies(Agent agent) {
        var name = agent.getMetadata().getName();
        return source(NetworkPolicy.class)
                .list(agent.getMetadata().getNamespace(), policy -> {
                    var labels = policy.getSpec().getPodSelector() == null
                            ? null
                            : policy.getSpec().getPodSelector().getMatchLabels();
                    var asked = labels == null ? null : labels.get(Names.AGENT);
                    return asked == null || asked.equals(name);
                })
                .sorted(Comparator.comparing(policy -> policy.getMetadata().getName()))
                .toList();
    }

    /** Whether the Agent is still there. */
    boolean exists(ResourceID agent) {
        return context.getPrimaryCache().get(agent).isPresent();
    }

    /** Puts a child as the API server returned it into its cache, so that the next look is never behind our own write. */
    void written(HasMetadata object) {
        remember(source(object.getClass()), object);
    }

    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> void remember(InformerEventSource<T, Agent> source, HasMetadata object) {
        source.handleRecentResourceUpdate(ResourceID.fromResource(object), (T) object, (T) object);
    }

    @SuppressWarnings("unchecked")
    private <T extends HasMetadata> InformerEventSource<T, Agent> source(Class<T> kind) {
        return (InformerEventSource<T, Agent>) Objects.requireNonNull(children.get(kind));
    }

    private <T extends HasMetadata> InformerEventSource<T, Agent> child(Class<T> kind) {
        var configuration = InformerEventSourceConfiguration.from(kind, Agent.class)
                .withName("agent-" + kind.getSimpleName().toLowerCase(java.util.Locale.ROOT))
                // Names lead to children; the index that JOSDK would keep instead costs memory for each.
                .withPrimaryToSecondaryMapper((Agent agent) -> Set.of(
                        new ResourceID(Names.child(agent), agent.getMetadata().getNamespace())))
                .withSecondaryToPrimaryMapper(this::affected);
        if (kind != NetworkPolicy.class && kind != Service.class) {
            configuration.withLabelSelector(Names.CHILDREN);
        }
        return new InformerEventSource<>(configuration.build(), context);
    }

    /** A child concerns its owner; a foreign policy or Service concerns the agents that it may open or that name it. */
    private Set<ResourceID> affected(HasMetadata object) {
        var namespace = object.getMetadata().getNamespace();
        var owners = object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> "Agent".equals(owner.getKind())
                        && owner.getApiVersion().startsWith(Agent.GROUP + "/")
                        && Boolean.TRUE.equals(owner.getController()))
                .map(owner -> new ResourceID(owner.getName(), namespace))
                .collect(Collectors.toSet());
        if (!owners.isEmpty()) {
            return owners;
        }
        return switch (object) {
            case NetworkPolicy policy -> agents(namespace, agent -> true);
            case Service service ->
                agents(
                        namespace,
                        agent -> agent.getSpec().egress().services().stream()
                                .anyMatch(wish ->
                                        wish.name().equals(service.getMetadata().getName())));
            default ->
                // Somebody took the owner off, or the name: the agent of that name looks.
                agents(
                        namespace,
                        agent -> Names.child(agent).equals(object.getMetadata().getName()));
        };
    }

    private Set<ResourceID> agents(String namespace, Predicate<Agent> which) {
        return context.getPrimaryCache()
                .list(namespace, agent -> agent.getSpec() != null && which.test(agent))
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private InformerEventSource<Pod, Agent> pods() {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, Agent.class)
                        .withName("agent-pods")
                        .withLabelSelector(Names.CHILDREN)
                        .withSecondaryToPrimaryMapper(AgentSources::agentOf)
                        .build(),
                context);
    }

    private static Set<ResourceID> agentOf(Pod pod) {
        return Stream.ofNullable(pod.getMetadata().getLabels().get(Names.AGENT))
                .map(name -> new ResourceID(name, pod.getMetadata().getNamespace()))
                .collect(Collectors.toSet());
    }

    private InformerEventSource<Event, Agent> warning(String reason) {
        var source = new InformerEventSource<Event, Agent>(
                InformerEventSourceConfiguration.from(Event.class, Agent.class)
                        .withName("agent-events-" + reason.toLowerCase(java.util.Locale.ROOT))
                        .withFieldSelector(new FieldSelector(List.of(
                                new FieldSelector.Field("reason", reason),
                                new FieldSelector.Field("involvedObject.kind", "Pod"))))
                        .withPrimaryToSecondaryMapper((Agent agent) -> Set.of())
                        .withSecondaryToPrimaryMapper(this::agentOf)
                        .build(),
                context);
        source.addIndexers(Map.of(BY_POD, event -> List.of(key(event))));
        return source;
    }

    private Set<ResourceID> agentOf(Event event) {
        // At the start every agent is looked at anyway, whatever comes first.
        if (!pods.isRunning()) {
            return Set.of();
        }
        return pods.get(new ResourceID(
                        event.getInvolvedObject().getName(),
                        event.getInvolvedObject().getNamespace()))
                .map(AgentSources::agentOf)
                .orElse(Set.of());
    }

    private static String key(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    private static String key(Event event) {
        return event.getInvolvedObject().getNamespace() + "/"
                + event.getInvolvedObject().getName();
    }
}

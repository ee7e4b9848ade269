package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The few facts about the cluster that every agent depends on: the gateway's address, the API server's addresses, and whether
 * the admission policy is in force. Each is one watched object; a change looks at every agent again.
 */
final class ClusterFacts {
    /** Name of the admission policy and of its binding, in {@code k8s/base}. */
    static final String ADMISSION_POLICY = "agentrun-children";

    private final EventSourceContext<Agent> context;
    private final OperatorConfig config;
    private final String apiServerService;
    private final InformerEventSource<Service, Agent> gateway;
    private final InformerEventSource<EndpointSlice, Agent> apiServer;
    private final InformerEventSource<ValidatingAdmissionPolicy, Agent> policies;
    private final InformerEventSource<ValidatingAdmissionPolicyBinding, Agent> bindings;

    /** @param apiServerService address and port of the Service {@code default/kubernetes}, {@code ip:port} */
    ClusterFacts(EventSourceContext<Agent> context, OperatorConfig config, String apiServerService) {
        this.context = context;
        this.config = config;
        this.apiServerService = apiServerService;
        // A wrong setting ends the start, not every reconciliation.
        ranges(config);
        gateway = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Service.class, Agent.class)
                        .withName("gateway")
                        .withNamespaces(config.namespace())
                        .withFieldSelector(named(Platform.Gateway.NAME))
                        .withPrimaryToSecondaryMapper((Agent agent) -> Set.of())
                        .withSecondaryToPrimaryMapper(this::everyAgent)
                        .build(),
                context);
        apiServer = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(EndpointSlice.class, Agent.class)
                        .withName("api-server")
                        .withNamespaces("default")
                        .withLabelSelector("kubernetes.io/service-name=kubernetes")
                        .withPrimaryToSecondaryMapper((Agent agent) -> Set.of())
                        .withSecondaryToPrimaryMapper(this::everyAgent)
                        .build(),
                context);
        policies = admission(ValidatingAdmissionPolicy.class, "admission-policy");
        bindings = admission(ValidatingAdmissionPolicyBinding.class, "admission-binding");
    }

    List<EventSource<?, Agent>> all() {
        return List.of(gateway, apiServer, policies, bindings);
    }

    /** Whether only the operator can write children. */
    boolean childrenProtected() {
        var id = new ResourceID(ADMISSION_POLICY);
        return policies.get(id).isPresent()
                && bindings.get(id)
                        .filter(binding -> ADMISSION_POLICY.equals(
                                        binding.getSpec().getPolicyName())
                                && binding.getSpec().getValidationActions().contains("Deny"))
                        .isPresent();
    }

    /** What rendering needs to know; empty while the gateway's Service does not exist. */
    Optional<Platform> platform() {
        return gateway.get(new ResourceID(Platform.Gateway.NAME, config.namespace()))
                .map(service -> service.getSpec().getClusterIP())
                .filter(ip -> ip != null && !ip.isEmpty() && !ip.equals("None"))
                .map(ip -> platform(config, new Platform.Gateway(ip), apiServerService, protectedCidrs()));
    }

    /** The configuration and the facts, as one value; offline rendering calls it with documented stand-ins. */
    static Platform platform(
            OperatorConfig config, Platform.Gateway gateway, String apiServerService, Set<String> protectedCidrs) {
        var cidrs = new TreeSet<>(Platform.METADATA_CIDRS);
        cidrs.addAll(protectedCidrs);
        cidrs.add(single(apiServerService.substring(0, apiServerService.lastIndexOf(':'))));
        cidrs.addAll(ranges(config));
        return new Platform(
                config.namespace(),
                config.images().gate(),
                gateway,
                List.copyOf(cidrs),
                apiServerService,
                config.monitoringNamespace(),
                config.seccompProfile(),
                new Effective.Defaults(
                        config.images().worker(),
                        quantities(config.defaults().requests()),
                        quantities(config.defaults().limits())));
    }

    private Set<String> protectedCidrs() {
        var cidrs = new TreeSet<String>();
        apiServer
                .list(slice -> true)
                .flatMap(slice -> slice.getEndpoints().stream())
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .map(ClusterFacts::single)
                .forEach(cidrs::add);
        return cidrs;
    }

    /** The API server's ranges of the configuration; a single address becomes a range, since NetworkPolicies take nothing else. */
    private static List<String> ranges(OperatorConfig config) {
        return config.apiServerCidrs().orElse(List.of()).stream()
                .map(text -> {
                    try {
                        Cidr.of(text);
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(
                                "agentrun.api-server-cidrs: " + e.getMessage()
                                        + ": write ranges such as 203.0.113.10/32",
                                e);
                    }
                    return text.contains("/") ? text : single(text);
                })
                .toList();
    }

    private static String single(String address) {
        var bare = address.replace("[", "").replace("]", "");
        return bare + (bare.contains(":") ? "/128" : "/32");
    }

    private static Map<String, Quantity> quantities(Map<String, String> amounts) {
        var quantities = new TreeMap<String, Quantity>();
        amounts.forEach((name, amount) -> quantities.put(name, new Quantity(amount)));
        return quantities;
    }

    private <T extends HasMetadata> InformerEventSource<T, Agent> admission(Class<T> kind, String name) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, Agent.class)
                        .withName(name)
                        .withWatchAllNamespaces()
                        .withFieldSelector(named(ADMISSION_POLICY))
                        .withPrimaryToSecondaryMapper((Agent agent) -> Set.of())
                        .withSecondaryToPrimaryMapper(this::everyAgent)
                        .build(),
                context);
    }

    private static FieldSelector named(String name) {
        return new FieldSelector(new ArrayList<>(List.of(new FieldSelector.Field("metadata.name", name))));
    }

    private Set<ResourceID> everyAgent(HasMetadata fact) {
        return context.getPrimaryCache().keys().collect(Collectors.toSet());
    }
}

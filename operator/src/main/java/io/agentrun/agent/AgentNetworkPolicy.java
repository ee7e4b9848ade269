package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.EgressService;
import io.agentrun.api.v1alpha1.EndpointProtocol;
import io.agentrun.api.v1alpha1.IngressSource;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Default deny both ways, and the few openings that the agent may have (ledger AR-59, AR-60, AR-62, AR-71). */
final class AgentNetworkPolicy {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private AgentNetworkPolicy() {}

    static NetworkPolicy render(Agent agent, Effective effective, Platform platform, Map<String, Service> services) {
        return new NetworkPolicyBuilder()
                .withMetadata(Names.metadata(agent))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(Names.selector(agent))
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .withIngress(ingress(agent, platform))
                .withEgress(egress(agent, effective.egressMode().value(), platform, services))
                .endSpec()
                .build();
    }

    private static List<NetworkPolicyIngressRule> ingress(Agent agent, Platform platform) {
        var endpoint = agent.getSpec().endpoint();
        if (endpoint.protocol() == EndpointProtocol.None) {
            return List.of();
        }
        var from = new ArrayList<NetworkPolicyPeer>();
        from.add(gateway(platform));
        platform.monitoringNamespace().ifPresent(namespace -> from.add(pods(namespace, Map.of())));
        agent.getSpec()
                .ingress()
                .from()
                .forEach(source -> from.add(peer(source, agent.getMetadata().getNamespace())));
        return List.of(new NetworkPolicyIngressRuleBuilder()
                .withFrom(from)
                .withPorts(tcp(endpoint.port()))
                .build());
    }

    private static List<NetworkPolicyEgressRule> egress(
            Agent agent, EgressMode mode, Platform platform, Map<String, Service> services) {
        var rules = new ArrayList<NetworkPolicyEgressRule>();
        switch (mode) {
            case None -> {
                return rules;
            }
            case Proxy -> rules.add(to(List.of(gateway(platform)), List.of(tcp(Platform.Gateway.PROXY_PORT))));
            case Direct -> {
                var blocks = agent.getSpec().egress().cidrs().stream()
                        .map(cidr -> block(cidr, platform.protectedCidrs()))
                        .flatMap(Optional::stream)
                        .toList();
                // A rule without peers would open everything.
                if (!blocks.isEmpty()) {
                    rules.add(to(blocks, List.of()));
                }
                rules.add(to(
                        List.of(pods("kube-system", Map.of("k8s-app", "kube-dns"))),
                        List.of(port("UDP", new IntOrString(53)), tcp(53))));
            }
        }
        agent.getSpec()
                .egress()
                .services()
                .forEach(wish -> Optional.ofNullable(services.get(wish.name()))
                        .flatMap(service -> service(wish, service))
                        .ifPresent(rules::add));
        return rules;
    }

    /** A Service of the same namespace, as its pods: NetworkPolicy knows no Services. */
    private static Optional<NetworkPolicyEgressRule> service(EgressService wish, Service service) {
        var selector = service.getSpec().getSelector();
        if (selector == null || selector.isEmpty()) {
            return Optional.empty();
        }
        return service.getSpec().getPorts().stream()
                .filter(port -> port.getPort().equals(wish.port()))
                // A name server has a UDP port of the same number, often with another target.
                .filter(port -> port.getProtocol() == null || port.getProtocol().equals("TCP"))
                .findFirst()
                .map(port -> to(
                        List.of(new NetworkPolicyPeerBuilder()
                                .withNewPodSelector()
                                .withMatchLabels(selector)
                                .endPodSelector()
                                .build()),
                        List.of(port(
                                "TCP",
                                port.getTargetPort() == null
                                        ? new IntOrString(port.getPort())
                                        : port.getTargetPort()))));
    }

    private static NetworkPolicyEgressRule to(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(peers)
                .withPorts(ports)
                .build();
    }

    /** Ranges that the agent asks for and that lie wholly among the protected ones. */
    static List<String> unreachable(Agent agent, List<String> protectedCidrs) {
        return agent.getSpec().egress().cidrs().stream()
                .filter(cidr -> protectedCidrs.stream().map(Cidr::of).anyMatch(p -> p.contains(Cidr.of(cidr))))
                .toList();
    }

    /** Empty when the whole range is protected: it must not be opened at all. */
    private static Optional<NetworkPolicyPeer> block(String cidr, List<String> protectedCidrs) {
        var range = Cidr.of(cidr);
        if (protectedCidrs.stream().map(Cidr::of).anyMatch(p -> p.contains(range))) {
            return Optional.empty();
        }
        var except = protectedCidrs.stream()
                .filter(p -> range.contains(Cidr.of(p)))
                .sorted()
                .distinct()
                .toList();
        return Optional.of(new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(cidr)
                .withExcept(except)
                .endIpBlock()
                .build());
    }

    private static NetworkPolicyPeer peer(IngressSource source, String ownNamespace) {
        if (source.cidr() != null) {
            return new NetworkPolicyPeerBuilder()
                    .withNewIpBlock()
                    .withCidr(source.cidr())
                    .endIpBlock()
                    .build();
        }
        return pods(source.namespace() == null ? ownNamespace : source.namespace(), source.podLabels());
    }

    private static NetworkPolicyPeer gateway(Platform platform) {
        return pods(platform.operatorNamespace(), Map.of("app.kubernetes.io/name", Platform.Gateway.NAME));
    }

    private static NetworkPolicyPeer pods(String namespace, Map<String, String> labels) {
        return new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .withMatchLabels(Map.of(NAMESPACE_NAME, namespace))
                .endNamespaceSelector()
                .withNewPodSelector()
                .withMatchLabels(new TreeMap<>(labels))
                .endPodSelector()
                .build();
    }

    private static NetworkPolicyPort tcp(int port) {
        return port("TCP", new IntOrString(port));
    }

    private static NetworkPolicyPort port(String protocol, IntOrString port) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(port)
                .build();
    }
}

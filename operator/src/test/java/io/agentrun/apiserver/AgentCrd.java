package io.agentrun.apiserver;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The committed CRD of the Agent, and requests as a client writes them. */
final class AgentCrd {
    /** The file that users install. */
    static final Path FILE = Path.of("../crds/agents.agentrun.io-v1.yml");
    /** The Agents of the namespace that every API server has. */
    static final String AGENTS = "/apis/agentrun.io/v1alpha1/namespaces/default/agents";

    private AgentCrd() {}

    static CustomResourceDefinition read(KubernetesClient client) throws IOException {
        return client.getKubernetesSerialization().unmarshal(Files.readString(FILE), CustomResourceDefinition.class);
    }

    /** Installs the CRD and waits until its objects are served. */
    static CustomResourceDefinition install(KubernetesClient client) throws IOException {
        var crd = client.resource(read(client)).create();
        return client.resource(crd)
                .waitUntilCondition(
                        seen -> seen != null
                                && seen.getStatus().getConditions().stream()
                                        .anyMatch(c -> c.getType().equals("Established")
                                                && c.getStatus().equals("True")),
                        30,
                        TimeUnit.SECONDS);
    }

    /** What the API server answers to a request: the object, or the message of its refusal. */
    sealed interface Answer {}

    /**
     * It said yes.
     *
     * @param json the object as it would be stored
     */
    record Accepted(String json) implements Answer {}

    /**
     * It said no.
     *
     * @param code HTTP status
     * @param message the reason
     */
    record Refused(int code, String message) implements Answer {}

    /** Asks the API server to create an Agent, as strictly as kubectl does, without storing it. */
    static Answer dryRun(KubernetesClient client, String json) {
        return send(client, "POST", AGENTS + "?dryRun=All&fieldValidation=Strict", json);
    }

    /** Sends a request. */
    static Answer send(KubernetesClient client, String method, String uri, String json) {
        try {
            return new Accepted(client.raw(uri, method, json));
        } catch (KubernetesClientException e) {
            return new Refused(
                    e.getCode(),
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
        }
    }
}

package io.agentrun.agent;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** The API server's refusals, in a sentence. */
final class ApiErrors {
    private ApiErrors() {}

    /** Whether the write was refused since its namespace is being deleted. */
    static boolean namespaceEnds(KubernetesClientException e) {
        return e.getCode() == 403
                && e.getStatus() != null
                && e.getStatus().getDetails() != null
                && e.getStatus().getDetails().getCauses().stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    /** Whether an admission webhook that must answer does not: only its owner can mend that. */
    static boolean webhookFails(KubernetesClientException e) {
        return e.getCode() == 500
                && e.getStatus() != null
                && String.valueOf(e.getStatus().getMessage()).contains("failed calling webhook");
    }

    static String explain(KubernetesClientException e) {
        var said = e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return switch (e.getCode()) {
            case 403 ->
                "the API server refuses a write of the operator: " + said
                        + ". Give it the rights of k8s/base, raise the quota, or correct the admission policy that refuses";
            case 500 ->
                "the API server can't take a write of the operator: " + said
                        + ". Mend the webhook, or let its namespaceSelector leave this namespace out";
            default -> "the API server refuses a child as invalid: " + said + ". Correct what the message names";
        };
    }
}

package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Marks a Deployment with a hash of the pod template that was wished when it was written. A wish with another hash changed by
 * itself (upgrade, policy); the same hash over another template is drift.
 */
final class TemplateHash {
    private static final String ANNOTATION = "agentrun.io/template-hash";

    private TemplateHash() {}

    static void stamp(Deployment wish) {
        annotate(wish, of(wish));
    }

    static void copy(Deployment from, Deployment to) {
        annotate(to, read(from));
    }

    static boolean changed(Deployment wish, Deployment existing) {
        return !of(wish).equals(read(existing));
    }

    private static String read(Deployment deployment) {
        var annotations = deployment.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(ANNOTATION, "");
    }

    private static void annotate(Deployment deployment, String hash) {
        var annotations = new HashMap<String, String>(
                deployment.getMetadata().getAnnotations() == null
                        ? Map.of()
                        : deployment.getMetadata().getAnnotations());
        annotations.put(ANNOTATION, hash);
        deployment.getMetadata().setAnnotations(annotations);
    }

    private static String of(Deployment deployment) {
        var template = Serialization.asJson(deployment.getSpec().getTemplate());
        return UUID.nameUUIDFromBytes(template.getBytes(StandardCharsets.UTF_8)).toString();
    }
}

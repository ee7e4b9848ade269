package io.agentrun.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Marks a Deployment with a hash of the pod template that was wished when it was written. A wish with another hash changed by
 * itself (upgrade, policy); the same hash over another template is drift.
 */
final class TemplateHash {
    private static final String ANNOTATION = "agentrun.io/template-hash";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

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
        try {
            // Keys in order: maps iterate differently in each JVM, and every operator must come to the same hash.
            var template =
                    JSON.readValue(Serialization.asJson(deployment.getSpec().getTemplate()), Object.class);
            return UUID.nameUUIDFromBytes(JSON.writeValueAsBytes(template)).toString();
        } catch (IOException e) {
            throw new IllegalStateException("a pod template that can't become JSON", e);
        }
    }
}

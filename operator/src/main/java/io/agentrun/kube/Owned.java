package io.agentrun.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Applies and prunes the children of one owner: creates what is missing, replaces what differs in any field, deletes what is no
 * longer wished, and writes nothing else. Reads come from the caller's caches; the only request that is not a write is one GET
 * of an object that the caches can't show, when a create finds its name taken.
 */
public final class Owned {
    private static final Logger LOG = Logger.getLogger(Owned.class);
    /** Bounds the memory of {@link #settled}; an entry is a few hundred bytes. */
    private static final int MOST_SETTLED = 20_000;

    private final KubernetesClient client;
    private final Consumer<HasMetadata> written;
    /**
     * Children that the API server or an admission webhook keeps different from the wish although we just wrote it. Without
     * this a default of a newer Kubernetes would be an endless loop of writes.
     */
    private final Map<String, Settled> settled = new ConcurrentHashMap<>();

    private record Settled(JsonNode wanted, JsonNode kept) {}

    /** What was done to a child, and why. */
    public record Change(Action action, String kind, String name, String path) {}

    /** The four things that can be done. */
    public enum Action {
        /** It was missing. */
        Created,
        /** It differed in {@code path}. */
        Replaced,
        /** It is not wished any more. */
        Deleted
    }

    /**
     * @param client used for writes
     * @param written told of each object as the API server returned it, so that caches are never behind our own writes
     */
    public Owned(KubernetesClient client, Consumer<HasMetadata> written) {
        this.client = client;
        this.written = written;
    }

    /**
     * Makes the children equal to the wish.
     *
     * @param owner whose children they are; its uid decides what is ours
     * @param desired the wish, in the order of writing
     * @param observed every labelled child that the caches hold
     * @return what was written, in order
     * @throws NameTakenException when a name is taken by an object that is not ours
     * @throws KubernetesClientException when a write is refused; what came before it stays, the next call goes on from there
     */
    public List<Change> apply(HasMetadata owner, List<HasMetadata> desired, Collection<HasMetadata> observed) {
        var uid = owner.getMetadata().getUid();
        var ours = new HashMap<String, HasMetadata>();
        observed.stream().filter(o -> ownedBy(o, uid)).forEach(o -> ours.put(key(o), o));
        var changes = new ArrayList<Change>();
        for (var want : desired) {
            var have = ours.remove(key(want));
            if (have == null) {
                create(want, uid).ifPresent(changes::add);
            } else if (have.getMetadata().getDeletionTimestamp() == null) {
                replace(want, have).ifPresent(changes::add);
            }
        }
        for (var orphan : ours.values()) {
            if (orphan.getMetadata().getDeletionTimestamp() == null) {
                client.resource(orphan).delete();
                changes.add(new Change(
                        Action.Deleted, orphan.getKind(), orphan.getMetadata().getName(), ""));
            }
        }
        return changes;
    }

    private Optional<Change> create(HasMetadata want, String uid) {
        try {
            learn(want, client.resource(want).create());
            return Optional.of(new Change(
                    Action.Created, want.getKind(), want.getMetadata().getName(), ""));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
        var live = client.resource(want).get();
        if (live == null) {
            throw new KubernetesClientException(want.getKind() + " "
                    + want.getMetadata().getName() + " was deleted while it was being created; trying again");
        }
        if (!ownedBy(live, uid)) {
            throw new NameTakenException(taken(live));
        }
        // Ours, though no cache shows it: written a moment ago, or somebody took its labels off.
        return live.getMetadata().getDeletionTimestamp() == null ? replace(want, live) : Optional.empty();
    }

    private Optional<Change> replace(HasMetadata want, HasMetadata have) {
        var difference = Difference.between(want, have);
        if (difference.isEmpty() || settled(want, have)) {
            return Optional.empty();
        }
        learn(want, client.resource(merged(want, have)).update());
        return Optional.of(
                new Change(Action.Replaced, want.getKind(), want.getMetadata().getName(), difference.get()));
    }

    /** The wish with what belongs to others or to the API server: foreign labels, annotations, finalizers, addresses. */
    private static HasMetadata merged(HasMetadata want, HasMetadata have) {
        HasMetadata merged = Serialization.clone(want);
        var metadata = merged.getMetadata();
        var old = have.getMetadata();
        metadata.setResourceVersion(old.getResourceVersion());
        metadata.setUid(old.getUid());
        metadata.setFinalizers(old.getFinalizers());
        metadata.setLabels(union(old.getLabels(), want.getMetadata().getLabels()));
        metadata.setAnnotations(union(old.getAnnotations(), want.getMetadata().getAnnotations()));
        if (merged instanceof Service service && have instanceof Service existing) {
            service.getSpec().setClusterIP(existing.getSpec().getClusterIP());
            service.getSpec().setClusterIPs(existing.getSpec().getClusterIPs());
            service.getSpec().setIpFamilies(existing.getSpec().getIpFamilies());
            service.getSpec().setIpFamilyPolicy(existing.getSpec().getIpFamilyPolicy());
        }
        return merged;
    }

    private static Map<String, String> union(Map<String, String> foreign, Map<String, String> own) {
        var union = new HashMap<String, String>(foreign == null ? Map.of() : foreign);
        union.putAll(own == null ? Map.of() : own);
        return union;
    }

    private void learn(HasMetadata want, HasMetadata answer) {
        written.accept(answer);
        var uid = answer.getMetadata().getUid();
        var difference = Difference.between(want, answer);
        if (difference.isEmpty()) {
            settled.remove(uid);
            return;
        }
        LOG.warnf(
                "%s %s/%s: the API server keeps %s different from what was written (a default of a newer version, or an"
                        + " admission webhook); it is left so until the wish changes",
                want.getKind(),
                want.getMetadata().getNamespace(),
                want.getMetadata().getName(),
                difference.get());
        if (settled.size() >= MOST_SETTLED) {
            settled.clear();
        }
        settled.put(uid, new Settled(Difference.content(want), Difference.content(answer)));
    }

    private boolean settled(HasMetadata want, HasMetadata have) {
        var known = settled.get(have.getMetadata().getUid());
        return known != null
                && known.wanted().equals(Difference.content(want))
                && known.kept().equals(Difference.content(have));
    }

    /** Whether the controlling owner has this uid. */
    public static boolean ownedBy(HasMetadata object, String uid) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController()) && uid.equals(owner.getUid()));
    }

    private static String taken(HasMetadata live) {
        var owner = live.getMetadata().getOwnerReferences().stream()
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .findFirst()
                .map((OwnerReference reference) -> "belongs to " + reference.getKind() + " " + reference.getName())
                .orElse("belongs to no agent");
        return "%s %s exists already and %s, so it was left alone: delete or rename it, or rename the agent"
                .formatted(live.getKind(), live.getMetadata().getName(), owner);
    }

    private static String key(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }
}

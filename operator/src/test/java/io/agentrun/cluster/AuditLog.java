package io.agentrun.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The API server's audit log, from a mark on: the only honest count of what the operator asked for.
 *
 * @param file the log, JSON lines
 * @param mark offset in bytes
 */
record AuditLog(Path file, long mark) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final Set<String> READS = Set.of("get", "list");

    /**
     * One request.
     *
     * @param name of the object; empty for lists
     * @param forbidden by RBAC
     * @param pod of the ServiceAccount token that was used; empty for other identities
     */
    record Request(
            String user,
            String verb,
            String group,
            String resource,
            String namespace,
            String name,
            int code,
            boolean forbidden,
            Instant at,
            String pod) {
        boolean write() {
            return WRITES.contains(verb);
        }

        boolean read() {
            return READS.contains(verb);
        }

        /** The one thing that a leader does all the time. */
        boolean lease() {
            return resource.equals("leases");
        }

        @Override
        public String toString() {
            return verb + " " + resource + (group.isEmpty() ? "" : "." + group) + " " + namespace + "/" + name + " "
                    + code;
        }
    }

    /** The log from now on. */
    static AuditLog fromNow(Cluster cluster) {
        var log = new AuditLog(path(), 0);
        log.flush(cluster);
        return new AuditLog(log.file(), log.file().toFile().length());
    }

    /** The whole log. */
    static AuditLog whole() {
        return new AuditLog(path(), 0);
    }

    private static Path path() {
        var state = System.getenv().getOrDefault("AGENTRUN_CLUSTER", "/var/lib/agentrun-cluster");
        return Path.of(System.getenv().getOrDefault("AGENTRUN_AUDIT_LOG", state + "/audit/audit.log"));
    }

    /** Every finished request of the operator since the mark, once each; a watch counts when it begins. */
    List<Request> byOperator(Cluster cluster) {
        flush(cluster);
        return since(mark).stream()
                .filter(request -> request.user().equals(Cluster.OPERATOR))
                .toList();
    }

    /** The log is written in batches: a request of our own that shows up says that everything before it is there. */
    private void flush(Cluster cluster) {
        var marker = "marker-" + UUID.randomUUID();
        var before = file.toFile().length();
        cluster.client()
                .configMaps()
                .inNamespace(cluster.namespace())
                .withName(marker)
                .get();
        Cluster.await("the audit log's batch")
                .pollInterval(Duration.ofMillis(50))
                .until(() -> since(before).stream().anyMatch(r -> r.name().equals(marker)));
    }

    private List<Request> since(long offset) {
        var requests = new ArrayList<Request>();
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            log.seek(offset);
            var bytes = new byte[Math.toIntExact(log.length() - offset)];
            log.readFully(bytes);
            new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("{") && line.endsWith("}"))
                    .map(AuditLog::parse)
                    .filter(AuditLog::counts)
                    .map(AuditLog::request)
                    .forEach(requests::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return requests;
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean counts(JsonNode event) {
        var watch = event.path("verb").asText().equals("watch");
        return event.path("stage").asText().equals(watch ? "ResponseStarted" : "ResponseComplete");
    }

    private static Request request(JsonNode event) {
        var object = event.path("objectRef");
        var subresource = object.path("subresource").asText();
        return new Request(
                event.path("user").path("username").asText(),
                event.path("verb").asText(),
                object.path("apiGroup").asText(),
                object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                object.path("namespace").asText(),
                object.path("name").asText(),
                event.path("responseStatus").path("code").asInt(),
                event.path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asText()
                        .equals("forbid"),
                Instant.parse(event.path("requestReceivedTimestamp").asText()),
                event.path("user")
                        .path("extra")
                        .path("authentication.kubernetes.io/pod-name")
                        .path(0)
                        .asText());
    }
}

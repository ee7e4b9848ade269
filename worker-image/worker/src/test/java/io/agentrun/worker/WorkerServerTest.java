package io.agentrun.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server on a free port. */
class WorkerServerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch slowMayFinish = new CountDownLatch(1);
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final Log log = Log.of(
            new PrintStream(lines, true, StandardCharsets.UTF_8), Clock.systemUTC(), Map.of("AGENTRUN_AGENT", "a"));

    @TempDir
    Path folder;

    private Path config;
    private WorkerServer server;

    @BeforeEach
    void start() throws Exception {
        config = Files.writeString(folder.resolve("agent.json"), "{\"replicas\":1}");
        Document document = new Document(config);
        Map<String, Route> work = Map.of(
                "/effective", () -> Answer.json(200, document.read()),
                "/broken",
                        () -> {
                            throw new IllegalStateException("the inside of the worker");
                        },
                "/slow",
                        () -> {
                            Assertions.assertThatCode(slowMayFinish::await).doesNotThrowAnyException();
                            return Answer.json(200, Map.of("slow", true));
                        });
        server = WorkerServer.start(0, work, System.nanoTime(), log);
    }

    @AfterEach
    void stop() throws Exception {
        slowMayFinish.countDown();
        server.drain(Duration.ofSeconds(10));
        client.close();
    }

    @Test
    void healthHasTheKeysThatRunbooksRead() throws Exception {
        HttpResponse<String> response = get("/health");
        JsonNode body = json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(body.get("status").asText()).isEqualTo("ok");
        assertThat(body.get("alive").asBoolean()).isTrue();
        assertThat(body.get("uptime").isNumber()).isTrue();
        long megabyte = 1 << 20;
        assertThat(body.at("/memory/rss").asLong()).isGreaterThan(10 * megabyte);
        assertThat(body.at("/memory/heapUsed").asLong())
                .isBetween(megabyte, body.at("/memory/heapTotal").asLong());
        assertThat(body.get("memoryUsage")).isEqualTo(body.get("memory"));
        assertThat(body.get("scratch").isArray()).isTrue();
    }

    @Test
    void metricsAreText() throws Exception {
        HttpResponse<String> response = get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).contains("\nagentrun_worker_draining 0\n");
    }

    @Test
    void effectiveIsReadAnewEachTime() throws Exception {
        assertThat(get("/effective").body()).isEqualTo("{\"replicas\":1}");
        Files.writeString(config, "{\"replicas\":2}");
        assertThat(get("/effective").body()).isEqualTo("{\"replicas\":2}");
        Files.writeString(config, "{\"replicas\":");
        HttpResponse<String> broken = get("/effective");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(json(broken).get("reason").asText()).isEqualTo("ConfigInvalid");
    }

    @Test
    void everyOtherPathIsNotFound() throws Exception {
        for (String path :
                new String[] {"/", "/healthz", "/health/", "/Health", "/effective/..", "/%2e%2e/etc/passwd"}) {
            HttpResponse<String> response = get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(json(response).get("reason").asText()).isEqualTo("NotFound");
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
            HttpResponse<String> response = client.send(
                    request("/health")
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).as(method).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
            assertThat(json(response).get("reason").asText()).isEqualTo("MethodNotAllowed");
        }
    }

    @Test
    void headHasTheHeadersOfGet() throws Exception {
        HttpResponse<String> response = client.send(
                request("/effective")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Length")).contains("14");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void aFaultOfTheWorkerShowsNothingOfItsInside() throws Exception {
        HttpResponse<String> response = get("/broken");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(json(response).get("reason").asText()).isEqualTo("InternalError");
        assertThat(response.body()).doesNotContain("inside", "Exception", "\tat ");
        assertThat(lines.toString(StandardCharsets.UTF_8)).contains("the inside of the worker", "\"agent\":\"a\"");
    }

    @Test
    void drainingFinishesWhatWasAccepted() throws Exception {
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
        await().until(() -> get("/metrics").body().contains("\nagentrun_worker_requests_in_flight 1\n"));

        CompletableFuture<Boolean> drained = drain(Duration.ofSeconds(30));
        await().until(() -> get("/health").statusCode() == 503);
        assertThat(json(get("/health")).get("status").asText()).isEqualTo("draining");
        assertThat(get("/metrics").body()).contains("\nagentrun_worker_draining 1\n");
        HttpResponse<String> late = get("/effective");
        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(json(late).get("reason").asText()).isEqualTo("Draining");
        assertThat(drained).isNotDone();

        slowMayFinish.countDown();
        assertThat(slow.get().body()).isEqualTo("{\"slow\":true}\n");
        assertThat(drained.get()).isTrue();
    }

    @Test
    void drainingGivesUpAtTheTimeout() throws Exception {
        var slow = client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
        await().until(() -> get("/metrics").body().contains("\nagentrun_worker_requests_in_flight 1\n"));
        assertThat(drain(Duration.ofMillis(50)).get()).isFalse();
        assertThat(slow).isNotDone();
    }

    @Test
    void aTakenPortIsAnErrorWithAReason() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            WorkerException e = Assertions.catchThrowableOfType(
                    WorkerException.class,
                    () -> WorkerServer.start(taken.getLocalPort(), Map.of(), System.nanoTime(), log));
            assertThat(e.exit()).isEqualTo(Exit.PortUnavailable);
            assertThat(e).hasMessageContaining("cannot listen on port " + taken.getLocalPort());
        }
    }

    private CompletableFuture<Boolean> drain(Duration timeout) {
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                drained.complete(server.drain(timeout));
            } catch (InterruptedException e) {
                drained.completeExceptionally(e);
            }
        });
        return drained;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }
}

package io.agentrun.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker as the kubelet sees it: a process with an environment, signals, an exit code and last words. */
class WorkerProcessTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path output;
    private Path terminationLog;
    private Process process;

    @BeforeEach
    void environment() throws Exception {
        output = folder.resolve("output");
        terminationLog = Files.createFile(folder.resolve("termination-log"));
        environment.put("AGENTRUN_PORT", "0");
        environment.put("AGENTRUN_AGENT", "researcher");
        environment.put("AGENTRUN_NAMESPACE", "team-a");
        environment.put("AGENTRUN_TERMINATION_LOG", terminationLog.toString());
        environment.put("MODEL_API_KEY", "hunter2-secret");
        config("{\"agent\":\"researcher\"}");
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void drainsOnSigterm() throws Exception {
        start();
        int port = awaitReady();
        try (Socket slow = clientThatDoesNotRead(port)) {
            process.destroy(); // SIGTERM
            await().until(() -> get(port, "/health").startsWith("HTTP/1.1 503 "));
            assertThat(get(port, "/health")).contains("\"status\":\"draining\"");
            assertThat(process.isAlive()).isTrue();

            // What was accepted is answered whole; what was not is refused, or its connection closed.
            String answer = readAnswer(slow.getInputStream());
            int whole = 0;
            while (answer.startsWith("HTTP/1.1 200 ")) {
                assertThat(answer).endsWith("xxx\"}");
                whole++;
                answer = readAnswer(slow.getInputStream());
            }
            assertThat(whole).isBetween(1, 15);
            assertThat(answer)
                    .satisfiesAnyOf(
                            text -> assertThat(text).isEmpty(),
                            text -> assertThat(text).startsWith("HTTP/1.1 503 "));
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(lastLine().get("reason").asText()).isEqualTo("Drained");
        assertThat(terminationLog).isEmptyFile();
    }

    @Test
    void anIdleWorkerStopsAtOnce() throws Exception {
        start();
        int port = awaitReady();
        assertThat(get(port, "/health")).startsWith("HTTP/1.1 200 ");
        process.destroy();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void endsWithinTheShutdownTimeoutAndSaysSo() throws Exception {
        environment.put("AGENTRUN_SHUTDOWN_TIMEOUT", "1s");
        start();
        int port = awaitReady();
        try (Socket slow = clientThatDoesNotRead(port)) {
            assertThat(slow.isConnected()).isTrue();
            long told = System.nanoTime();
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(1));
        }
        assertThat(process.exitValue()).isEqualTo(75);
        assertThat(lastWords().get("reason").asText()).isEqualTo("DrainTimeout");
    }

    @Test
    void aMissingDocument() throws Exception {
        environment.put("AGENTRUN_CONFIG", folder.resolve("none.json").toString());
        expectFailure(66, "ConfigUnreadable", "none.json does not exist");
    }

    @Test
    void aBrokenDocument() throws Exception {
        config("{\"agent\": hunter2-secret}");
        expectFailure(65, "ConfigInvalid", "is not valid JSON near line 1, column ");
    }

    @Test
    void aTakenPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            environment.put("AGENTRUN_PORT", Integer.toString(taken.getLocalPort()));
            expectFailure(69, "PortUnavailable", "cannot listen on port " + taken.getLocalPort());
        }
    }

    @Test
    void aSettingThatMakesNoSense() throws Exception {
        environment.put("AGENTRUN_SHUTDOWN_TIMEOUT", "soon");
        expectFailure(64, "SettingInvalid", "AGENTRUN_SHUTDOWN_TIMEOUT is \"soon\"");
    }

    /** Asks for more than the buffers between the two hold, so that one answer stays in flight. */
    private Socket clientThatDoesNotRead(int port) throws Exception {
        config("{\"padding\":\"" + "x".repeat(1_000_000) + "\"}");
        Socket client = new Socket();
        client.setReceiveBufferSize(4096);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String request = "GET /effective HTTP/1.1\r\nHost: worker\r\n\r\n";
        client.getOutputStream().write(request.repeat(16).getBytes(StandardCharsets.US_ASCII));
        await().during(Duration.ofMillis(500))
                .until(() -> get(port, "/metrics").contains("\nagentrun_worker_requests_in_flight 1\n"));
        return client;
    }

    private void expectFailure(int exitCode, String reason, String message) throws Exception {
        start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
        JsonNode last = lastWords();
        assertThat(last.get("reason").asText()).isEqualTo(reason);
        assertThat(last.get("message").asText()).contains(message);
        assertThat(lastLine().get("reason").asText()).isEqualTo(reason);
        assertThat(Files.readString(output)).doesNotContain("\tat ", "hunter2-secret");
    }

    private void start() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName());
        builder.environment().clear();
        builder.environment().putAll(environment);
        process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private int awaitReady() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(output).endsWith("\n"));
        JsonNode ready = lastLine();
        assertThat(ready.get("message").asText()).isEqualTo("ready");
        assertThat(ready.get("agent").asText()).isEqualTo("researcher");
        return ready.get("port").asInt();
    }

    private void config(String text) throws Exception {
        environment.put(
                "AGENTRUN_CONFIG",
                Files.writeString(folder.resolve("agent.json"), text).toString());
    }

    /** The newest line; every line must be JSON. */
    private JsonNode lastLine() {
        try {
            JsonNode last = null;
            for (String line : Files.readAllLines(output)) {
                last = new ObjectMapper().readTree(line);
            }
            return last;
        } catch (java.io.IOException e) {
            throw new AssertionError("not lines of JSON", e);
        }
    }

    private JsonNode lastWords() throws Exception {
        List<String> lines = Files.readAllLines(terminationLog);
        assertThat(lines).hasSize(1);
        return new ObjectMapper().readTree(lines.getFirst());
    }

    private static String get(int port, String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: worker\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return readAnswer(socket.getInputStream());
        }
    }

    /** One whole answer; nothing when the connection was closed instead. */
    private static String readAnswer(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        int length = Integer.parseInt(head.toString().replaceFirst("(?is).*content-length: *([0-9]+).*", "$1"));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}

package io.agentrun.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/** The worker's HTTP side: exact paths, GET and HEAD, JSON for everything that goes wrong. */
final class WorkerServer {
    private final HttpServer http;
    private final Map<String, Route> work;
    private final Map<String, Route> probes;
    private final InFlight inFlight = new InFlight();
    private final Log log;

    private WorkerServer(HttpServer http, Map<String, Route> work, long startNanos, Log log) {
        this.http = http;
        this.work = work;
        this.probes = Map.of("/health", () -> health(startNanos), "/metrics", () -> metrics(startNanos));
        this.log = log;
    }

    /**
     * Listens and serves.
     *
     * @param port 0 takes any free port
     * @param work the paths beside {@code /health} and {@code /metrics}; these are drained
     * @param startNanos the process' start on {@link System#nanoTime}
     * @throws WorkerException PortUnavailable
     */
    static WorkerServer start(int port, Map<String, Route> work, long startNanos, Log log) throws WorkerException {
        HttpServer http;
        try {
            http = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new WorkerException(Exit.PortUnavailable, "cannot listen on port " + port + ": " + e.getMessage());
        }
        WorkerServer server = new WorkerServer(http, work, startNanos, log);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    int port() {
        return http.getAddress().getPort();
    }

    /** Turns {@code /health} to 503, lets accepted requests finish, and stops. False when the timeout was too short for that. */
    boolean drain(Duration timeout) throws InterruptedException {
        boolean drained = inFlight.drain(timeout);
        http.stop(0);
        return drained;
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            boolean probe = probes.containsKey(exchange.getRequestURI().getPath());
            if (!probe && !inFlight.enter()) {
                exchange.getResponseHeaders().set("Connection", "close");
                send(exchange, Answer.problem(503, "Draining", "the worker is stopping"));
                return;
            }
            try {
                send(exchange, answer(exchange));
            } finally {
                if (!probe) {
                    inFlight.leave();
                }
            }
        } catch (IOException e) {
            // The client has gone; there is nobody to tell.
        }
    }

    private Answer answer(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        Route route = probes.getOrDefault(path, work.get(path));
        if (route == null) {
            return Answer.problem(404, "NotFound", "no such path");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Answer.problem(405, "MethodNotAllowed", "only GET and HEAD are allowed here");
        }
        try {
            return route.get();
        } catch (WorkerException e) {
            return Answer.problem(500, e.exit().name(), e.getMessage());
        } catch (RuntimeException e) {
            log.error("request failed", Map.of("path", path, "cause", e.toString()));
            return Answer.problem(500, Exit.InternalError.name(), "the worker failed to answer; its log says why");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer health(long startNanos) {
        boolean draining = inFlight.draining();
        return Answer.json(draining ? 503 : 200, HealthReport.of(Vitals.now(startNanos), draining));
    }

    private Answer metrics(long startNanos) {
        String text = MetricsReport.of(Vitals.now(startNanos), inFlight.draining(), inFlight.count());
        return new Answer(200, MetricsReport.CONTENT_TYPE, text);
    }
}

package io.agentrun.worker;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The reference worker's process: start, serve, drain on SIGTERM, and say why when it cannot start. */
public final class Worker {
    /** Kept back from the shutdown timeout, so that the process has ended when it is over. */
    private static final Duration EXIT_MARGIN = Duration.ofMillis(500);

    private Worker() {}

    /** Takes no arguments: everything comes from the environment. */
    public static void main(String[] args) {
        long startNanos = System.nanoTime();
        Map<String, String> environment = System.getenv();
        Log log = Log.of(System.out, Clock.systemUTC(), environment);
        try {
            start(Settings.from(environment), TerminationMessage.file(environment), startNanos, log);
        } catch (WorkerException e) {
            fail(new TerminationMessage(e.exit(), e.getMessage()), environment, log);
        } catch (RuntimeException e) {
            fail(new TerminationMessage(Exit.InternalError, e.toString()), environment, log);
        }
    }

    private static void start(Settings settings, Path terminationLog, long startNanos, Log log) throws WorkerException {
        limitClients();
        Document document = new Document(settings.config());
        String first = document.read();
        WorkerServer server = WorkerServer.start(
                settings.port(), Map.of("/effective", () -> Answer.json(200, document.read())), startNanos, log);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> stop(server, settings.shutdownTimeout(), terminationLog, log), "drain"));
        log.info(
                "ready",
                Map.of(
                        "port",
                        server.port(),
                        "configLength",
                        first.length(),
                        "milliseconds",
                        (System.nanoTime() - startNanos) / 1_000_000));
    }

    /** Bounds what one client can hold. The JDK's server reads these when it is first used. */
    private static void limitClients() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxReqHeaders", "64");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384");
        System.setProperty("jdk.httpserver.maxConnections", "512");
    }

    /** Runs on SIGTERM, as a shutdown hook. Without the halt the JVM would end with 143 for a clean stop too. */
    private static void stop(WorkerServer server, Duration timeout, Path terminationLog, Log log) {
        Exit exit = Exit.InternalError;
        try {
            Duration most = timeout.minus(EXIT_MARGIN);
            log.info("draining", Map.of("timeoutMilliseconds", timeout.toMillis()));
            exit = server.drain(most.isNegative() ? Duration.ZERO : most) ? Exit.Drained : Exit.DrainTimeout;
            if (exit == Exit.DrainTimeout) {
                new TerminationMessage(exit, "a request was still running after " + timeout.toMillis() + " ms")
                        .writeTo(terminationLog, log);
            }
            log.info("stopped", Map.of("reason", exit.name(), "exitCode", exit.code()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(exit.code());
        }
    }

    private static void fail(TerminationMessage last, Map<String, String> environment, Log log) {
        last.writeTo(TerminationMessage.file(environment), log);
        log.error(
                "cannot start",
                Map.of(
                        "reason", last.reason().name(),
                        "cause", last.message(),
                        "exitCode", last.reason().code()));
        System.exit(last.reason().code());
    }
}

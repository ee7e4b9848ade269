package io.agentrun.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the process is, at one moment.
 *
 * @param uptimeSeconds since the worker's start
 * @param residentBytes memory that the process holds (VmRSS), mapped files included
 * @param heapTotalBytes heap that the JVM holds
 * @param heapUsedBytes heap in use, garbage included
 * @param heapMaxBytes heap that the JVM may hold at most
 * @param openFiles file descriptors in use
 * @param maxOpenFiles file descriptors allowed (soft limit)
 * @param scratch writable places in memory
 */
record Vitals(
        double uptimeSeconds,
        long residentBytes,
        long heapTotalBytes,
        long heapUsedBytes,
        long heapMaxBytes,
        long openFiles,
        long maxOpenFiles,
        List<Scratch> scratch) {

    /** Looks at this process, which began at {@code startNanos} of {@link System#nanoTime}. */
    static Vitals now(long startNanos) {
        Runtime runtime = Runtime.getRuntime();
        long total = runtime.totalMemory();
        Path self = Path.of("/proc/self");
        try (Stream<Path> descriptors = Files.list(self.resolve("fd"))) {
            return new Vitals(
                    Math.round((System.nanoTime() - startNanos) / 1e6) / 1e3,
                    1024 * number(Files.readAllLines(self.resolve("status")), "VmRSS:"),
                    total,
                    total - runtime.freeMemory(),
                    runtime.maxMemory(),
                    descriptors.count(),
                    number(Files.readAllLines(self.resolve("limits")), "Max open files"),
                    Scratch.of(Files.readAllLines(self.resolve("mounts"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first number after {@code name}, in the one line that begins with it. */
    private static long number(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                String first = line.substring(name.length()).strip().split("\\s+", 2)[0];
                return first.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(first);
            }
        }
        throw new IllegalStateException("/proc/self has no " + name);
    }
}

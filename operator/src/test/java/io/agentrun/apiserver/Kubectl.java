package io.agentrun.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The kubectl that belongs to the API server under test.
 *
 * @param binary the program
 * @param kubeconfig how it finds the server
 */
record Kubectl(Path binary, Path kubeconfig) {
    /**
     * What came of a call.
     *
     * @param exitCode 0 when it went well
     * @param output standard output and standard error
     */
    record Result(int exitCode, String output) {}

    /**
     * Finds kubectl where the API server came from: in {@code KUBE_API_TEST_DIR}.
     *
     * @param folder where the kubeconfig is written
     */
    static Kubectl of(String kubeconfig, Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("kubeconfig"), kubeconfig);
        var version = Optional.ofNullable(System.getenv("KUBE_API_TEST_API_SERVER_VERSION"))
                .orElse("");
        try (var versions = Files.list(Path.of(System.getenv("KUBE_API_TEST_DIR"), "k8s"))) {
            return versions.filter(v -> v.getFileName().toString().startsWith(version))
                    .max(Comparator.naturalOrder())
                    .map(v -> new Kubectl(v.resolve("kubectl"), file))
                    .orElseThrow();
        }
    }

    /** Runs kubectl to its end. */
    Result run(String... arguments) {
        var command = new ArrayList<>(List.of(binary.toString(), "--kubeconfig=" + kubeconfig));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

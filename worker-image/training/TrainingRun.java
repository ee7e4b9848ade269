import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes an ahead-of-time cache for a server: starts it with recording on, waits until it answers, uses it a little, and
 * ends it by SIGTERM, as in a pod; the JVM then writes the cache. Runs while an image is built, in the image's own layout,
 * because a cache is void as soon as a jar's path or time differs. It needs no shell, which the images do not have.
 */
final class TrainingRun {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofMinutes(5);
    private static final int ROUNDS = 20;

    private TrainingRun() {}

    /**
     * Arguments: the environment variable that tells the server its port, paths with commas between, the cache to write,
     * then the java command without cache options. With a folder in TRAINING_OBJECTS the server also gets an API server.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            train(args);
        } catch (IllegalStateException e) {
            System.out.println("training failed: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0); // the API server's threads would go on
    }

    private static void train(String[] args) throws IOException, InterruptedException {
        int port = freePort(); // a build shares the network of its machine
        List<String> paths = List.of(args[1].split(","));
        Path cache = Path.of(args[2]);
        List<String> command = new ArrayList<>(Arrays.asList(args).subList(3, args.length));
        command.add(1, "-XX:AOTCacheOutput=" + cache);

        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put(args[0], Integer.toString(port));
        String objects = System.getenv("TRAINING_OBJECTS");
        TrainingApiServer api = objects == null ? null : new TrainingApiServer(Path.of(objects), 0);
        if (api != null) {
            builder.environment().put("KUBERNETES_MASTER", api.url());
        }
        Process server = builder.start();
        Instant end = Instant.now().plus(START);
        while (!answers(port, paths.getFirst())) {
            if (!server.isAlive() || Instant.now().isAfter(end)) {
                server.destroyForcibly();
                throw new IllegalStateException("the server did not answer on port " + port);
            }
            Thread.sleep(50);
        }
        if (api != null && !api.awaitStatus(START)) {
            server.destroyForcibly();
            throw new IllegalStateException("the operator reconciled nothing");
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (String path : paths) {
                answers(port, path);
            }
        }
        server.destroy();
        if (!server.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
            server.destroyForcibly();
            throw new IllegalStateException("the server did not end");
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("the server ended with " + server.exitValue() + " and wrote no cache");
        }
        System.out.println("cache of " + Files.size(cache) + " bytes");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Any answer will do: what counts is that the code behind it has run. */
    private static boolean answers(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] answer = in.readAllBytes();
            return new String(answer, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 ");
        } catch (IOException e) {
            return false;
        }
    }
}

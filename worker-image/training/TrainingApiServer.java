import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Just enough of an API server for an operator to start and to reconcile one Agent while its class cache is trained: it has
 * the objects of a folder, watches stay silent, and what is written is given back. It checks nothing.
 */
final class TrainingApiServer {
    private static final Pattern NAME = Pattern.compile("\"metadata\"\\s*:\\s*\\{[^{}]*\"name\"\\s*:\\s*\"([^\"]+)\"");

    private final Map<String, String> objects = new ConcurrentSkipListMap<>();
    private final CountDownLatch statusWritten = new CountDownLatch(1);
    private final HttpServer http;

    /** Arguments: the folder of objects and a port. */
    public static void main(String[] args) throws IOException {
        new TrainingApiServer(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    /**
     * Serves on the loopback until the process ends.
     *
     * @param folder a file for each object that exists at first, at the object's path in the API, ending in {@code .json}
     * @param port 0 takes any free one
     */
    TrainingApiServer(Path folder, int port) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = "/" + folder.relativize(file);
                objects.put(path.substring(0, path.length() - ".json".length()), Files.readString(file));
            }
        }
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::handle);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Waits until a status was written, which is the end of a reconciliation; false when that takes too long. */
    boolean awaitStatus(Duration most) throws InterruptedException {
        return statusWritten.await(most.toSeconds(), TimeUnit.SECONDS);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String key = exchange.getRequestHeaders().getFirst("Sec-WebSocket-Key");
        if (key != null) {
            exchange.getResponseHeaders().set("Upgrade", "websocket");
            exchange.getResponseHeaders().set("Connection", "Upgrade");
            exchange.getResponseHeaders().set("Sec-WebSocket-Accept", accept(key));
            exchange.sendResponseHeaders(101, -1);
        } else if (query != null && query.contains("watch=true")) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                exchange.close();
            }
        } else {
            answer(exchange, exchange.getRequestURI().getPath());
        }
    }

    /** What RFC 6455 wants to see. */
    private static String accept(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        List<String> resource = resource(path);
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (path.equals("/version")) {
                    send(exchange, 200, "{\"major\":\"1\",\"minor\":\"37\",\"gitVersion\":\"v1.37.2\"}");
                } else if (resource.size() == 1) {
                    send(exchange, 200, list(path));
                } else if (objects.containsKey(path)) {
                    send(exchange, 200, objects.get(path));
                } else {
                    send(exchange, 404, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}");
                }
            }
            case "POST" -> {
                Matcher name = NAME.matcher(body);
                String made = body.replaceFirst(
                        "\"metadata\"\\s*:\\s*\\{", "\"metadata\":{\"resourceVersion\":\"1\",\"uid\":\"" + UUID.randomUUID() + "\",");
                if (name.find()) {
                    objects.put(path + "/" + name.group(1), made);
                }
                send(exchange, 201, made);
            }
            case "PUT", "PATCH" -> {
                String object = resource.size() > 2 ? path.substring(0, path.lastIndexOf('/')) : path;
                if (path.equals(object)) {
                    objects.put(path, body);
                }
                send(exchange, 200, objects.getOrDefault(object, body));
                if (path.endsWith("/status")) {
                    statusWritten.countDown();
                }
            }
            default -> send(exchange, 200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
        }
    }

    /** All objects of a kind, in one namespace or in all; selectors are not looked at. */
    private String list(String path) {
        String group = path.substring(0, path.lastIndexOf('/'));
        String plural = path.substring(path.lastIndexOf('/'));
        String items = objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(group))
                .filter(object -> object.getKey().substring(0, object.getKey().lastIndexOf('/')).endsWith(plural))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(","));
        return "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + items + "]}";
    }

    /** The part of a path after group, version and namespace: plural, name, subresource. */
    private static List<String> resource(String path) {
        List<String> parts = Arrays.asList(path.substring(1).split("/", -1));
        int start = parts.getFirst().equals("api") ? 2 : 3;
        if (parts.size() > start + 2 && parts.get(start).equals("namespaces")) {
            start += 2;
        }
        return parts.size() <= start ? List.of() : parts.subList(start, parts.size());
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
